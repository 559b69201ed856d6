"""Proof that a lease was ours: a keyed MAC that the node keeps, so that leases survive us without being stored."""

from collections.abc import Sequence
from hashlib import blake2b
from hmac import compare_digest

import msgspec

from we1web.protocol.messages import Held

_encode = msgspec.msgpack.Encoder().encode


class Grants:
    """Makes and checks grants under one secret key, shared by every coordinator of a database."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def give(self, node_key: int, bundles: Sequence[int]) -> bytes:
        """The grant that goes with one frame of leases."""
        return blake2b(_encode((node_key, bundles)), digest_size=16, key=self._key).digest()

    def genuine(self, node_key: int, held: Sequence[Held]) -> list[int]:
        """The bundles a node may resume: those of grants that we gave to this node."""
        ours = [one for one in held if compare_digest(one.grant, self.give(node_key, one.granted))]
        return [bundle for one in ours for bundle in set(one.granted).intersection(one.held)]

"""Validator `exact`, the default: two answers are the same when their bytes are. It must never look inside."""

from collections.abc import Mapping, Sequence
from typing import Final

from we1web.domain.validators._naming import name_of
from we1web.domain.validators._parameters import check_known


class Exact:
    name: Final = "exact"
    bytewise: Final = True

    def classes(self, outcomes: Sequence[bytes]) -> list[bytes]:
        return [name_of(encoded) for encoded in outcomes]

    def configured(self, parameters: Mapping[str, object]) -> "Exact":
        check_known(self.name, parameters)
        return self


VALIDATOR: Final = Exact()

"""The contract of a validator: which outcomes of a task count as the same answer. Validators are pure values.

A new validator is one file in validators/ and one line in `VALIDATORS`; the contract suite then tests it.

A class is named after the outcome that stands for it: its name *is* that outcome's digest. So votes that compare names
compare digests, and the accepted digest is the digest of the accepted bytes, whatever the validator.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from we1web.domain.validators import exact, numeric_tolerance, ranked_list
from we1web.domain.validators import set as unordered
from we1web.domain.validators._naming import name_of
from we1web.domain.validators._parameters import BadValidator
from we1web.protocol import outcome

__all__ = [
    "DEFAULT_VALIDATOR",
    "EXACT",
    "VALIDATORS",
    "BadValidator",
    "Validator",
    "representative",
    "same",
    "validator_of",
]


class Validator(Protocol):
    @property
    def name(self) -> str:
        """What a job calls it."""

    @property
    def bytewise(self) -> bool:
        """True when only equal bytes are equal answers: whole bundles are then compared without looking inside."""

    def classes(self, outcomes: Sequence[bytes]) -> list[bytes]:
        """For each encoded outcome (VALUE, ERROR or BLOB) the name of its class: equal names, equal answers.

        The order of outcomes decides nothing but the order of the names. Outcomes come from strangers: what cannot be
        read is a class of its own, and nothing raises. An outcome is the same answer as the one its class is named
        after, and no two that classes are named after are the same answer. ERROR outcomes and blobs are compared by
        digest: a traceback has no tolerance, and a blob is not at hand.
        """

    def configured(self, parameters: Mapping[str, object]) -> "Validator":
        """This validator with a job's parameters instead of the defaults. Raises BadValidator."""


_ALL: tuple[Validator, ...] = (
    exact.VALIDATOR,
    numeric_tolerance.VALIDATOR,
    unordered.VALIDATOR,
    ranked_list.VALIDATOR,
)
VALIDATORS: dict[str, Validator] = {validator.name: validator for validator in _ALL}
"""Each with its default parameters."""
EXACT: Validator = exact.VALIDATOR
DEFAULT_VALIDATOR = exact.VALIDATOR.name


def validator_of(name: str, parameters: Mapping[str, object]) -> Validator:
    """The validator a job asks for. Raises BadValidator, a ValueError that says what to write instead."""
    validator = VALIDATORS.get(name)
    if validator is None:
        raise BadValidator(f"there is no validator {name[:40]!r}", hint=f"choose one of: {', '.join(VALIDATORS)}")
    return validator.configured(parameters)


def representative(outcomes: Sequence[bytes], name: bytes) -> int:
    """The position of the outcome that a class is named after: its bytes are what a requester gets."""
    named = [position for position, encoded in enumerate(outcomes) if name_of(encoded) == name]
    # The bytes themselves rather than the name of a blob that somebody may not have stored.
    return min(named, key=lambda position: outcomes[position][:1] == bytes([outcome.BLOB]))


def same(validator: Validator, accepted: bytes, other: bytes) -> bool:
    """Is `other` the same answer as the accepted one? For votes that come after the decision."""
    return accepted == other or len(set(validator.classes([accepted, other]))) == 1

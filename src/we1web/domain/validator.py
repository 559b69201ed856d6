"""The contract of a validator: which outcomes of a task count as the same answer. Validators are pure values.

A new validator is one file in validators/ and one line in `VALIDATORS`; the contract suite then tests it.
"""

from collections.abc import Sequence
from typing import Protocol

from we1web.domain.validators import exact


class Validator(Protocol):
    @property
    def name(self) -> str:
        """What a job calls it."""

    @property
    def bytewise(self) -> bool:
        """True when only equal bytes are equal answers: whole bundles are then compared without looking inside."""

    def classes(self, outcomes: Sequence[bytes]) -> list[bytes]:
        """For each encoded outcome (VALUE, ERROR or BLOB) the name of its class: equal names, equal answers.

        The order of outcomes decides nothing but the order of the names.
        """


VALIDATORS: dict[str, Validator] = {validator.name: validator for validator in (exact.VALIDATOR,)}
EXACT: Validator = exact.VALIDATOR
DEFAULT_VALIDATOR = exact.VALIDATOR.name

"""Amounts a requester names: exact decimals in, integer micro-units out. Never a float, on no path."""

from decimal import Decimal

from we1web.domain.money import BadAmount, parse_micros
from we1web.protocol.errors import We1webError

Amount = str | Decimal | int
"""'0.0005' or Decimal('0.0005') are units of the currency; an int is micro-units (500)."""


class AmountError(We1webError):
    """No amount of money."""

    code = "bad_amount"
    hint = "write it as text, '0.0005' for five hundredths of a cent, or as an int of micro-units (500)"


def micros(amount: Amount) -> int:
    """Micro-units of an amount. Raises AmountError, for floats too: 0.1 + 0.2 is not 0.3."""
    if isinstance(amount, bool) or not isinstance(amount, str | Decimal | int):
        raise AmountError(f"{amount!r} is a {type(amount).__name__}, and money is never a float")
    if isinstance(amount, int):
        if amount < 0:
            raise AmountError(f"{amount} is less than nothing")
        return amount
    try:
        return parse_micros(f"{amount:f}" if isinstance(amount, Decimal) else amount)
    except BadAmount as error:
        raise AmountError(str(error)) from None

"""What the simulator knows of currencies: the fees it takes and the amounts it refuses. All are estimates, plausible
and not Stripe's; that the last digit of three-decimal amounts is 0 stands on docs.stripe.com/currencies."""

from we1web.testing.stripe_simulator.refusing import invalid

FIXED_FEE = {"usd": 30, "eur": 25, "gbp": 20, "jpy": 30, "kwd": 100}
"""The supported currencies, with the fixed part of the processing fee in minor units."""
LEAST_CHARGE = {"usd": 50, "eur": 50, "gbp": 30, "jpy": 50, "kwd": 150}
DISPUTE_FEE = {"usd": 1_500, "eur": 2_000, "gbp": 2_000, "jpy": 1_500, "kwd": 4_600}
FEE_BASIS_POINTS = 290
THREE_DECIMALS = {"kwd"}
MAX_AMOUNT = 99_999_999


def processing_fee(amount: int, currency: str) -> int:
    fee = (amount * FEE_BASIS_POINTS + 5_000) // 10_000 + FIXED_FEE[currency]
    return -(-fee // 10) * 10 if currency in THREE_DECIMALS else fee


def known(currency: str) -> str:
    """The currency in lower case. Raises StripeRefusal."""
    if currency.lower() not in FIXED_FEE:
        raise invalid(
            f"Invalid currency: {currency[:20]}. The simulator knows {', '.join(FIXED_FEE)}.", None, "currency"
        )
    return currency.lower()


def whole(amount: int, currency: str, param: str = "amount") -> int:
    """An amount that may move. Raises StripeRefusal."""
    if amount < 1:
        raise invalid("This value must be greater than or equal to 1.", "parameter_invalid_integer", param)
    if amount > MAX_AMOUNT:
        raise invalid(f"Amount must be no more than {MAX_AMOUNT}", "amount_too_large", param)
    if currency in THREE_DECIMALS and amount % 10:
        raise invalid(f"Amounts in {currency} must be multiples of 10, the last decimal being 0.", None, param)
    return amount

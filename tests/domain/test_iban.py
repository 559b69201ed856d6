"""Bank accounts: one example of every SEPA country, and what a slip of the finger or a hostile text gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.domain.iban import SEPA_LENGTHS, BadIban, check_digits, check_iban, mask_iban

# The examples of SWIFT's registry: an independent check of the lengths and structures.
EXAMPLES = [
    "AD1200012030200359100100", "AL47212110090000000235698741", "AT611904300234573201", "BE68539007547034",
    "BG80BNBG96611020345678", "CH9300762011623852957", "CY17002001280000001200527600", "CZ6508000000192000145399",
    "DE89370400440532013000", "DK5000400440116243", "EE382200221020145685", "ES9121000418450200051332",
    "FI2112345600000785", "FR1420041010050500013M02606", "GB29NWBK60161331926819", "GI75NWBK000000007099453",
    "GR1601101250000000012300695", "HR1210010051863000160", "HU42117730161111101800000000", "IE29AIBK93115212345678",
    "IS140159260076545510730339", "IT60X0542811101000000123456", "LI21088100002324013AA", "LT121000011101001000",
    "LU280019400644750000", "LV80BANK0000435195001", "MC5811222000010123456789030", "MD24AG000225100013104168",
    "ME25505000012345678951", "MK07250120000058984", "MT84MALT011000012345MTLCAST001S", "NL91ABNA0417164300",
    "NO9386011117947", "PL61109010140000071219812874", "PT50000201231234567890154", "RO49AAAA1B31007593840000",
    "RS35260005601001611379", "SE4550000000058398257466", "SI56263300012039086", "SK3112000000198742637541",
    "SM86U0322509800000000270100", "VA59001123000012345678",
]  # fmt: skip


@pytest.mark.parametrize("iban", EXAMPLES)
def test_accepts_the_example_of_each_country(iban: str) -> None:
    assert check_iban(iban) == iban
    assert len(iban) == SEPA_LENGTHS[iban[:2]]


def test_there_is_an_example_of_every_country() -> None:
    assert sorted(iban[:2] for iban in EXAMPLES) == sorted(SEPA_LENGTHS)


@pytest.mark.parametrize(
    "text", ["de89 3704 0044 0532 0130 00", " DE89-3704-0044-0532-0130-00\n", "DE89\u00a037040044\u200b0532013000"]
)
def test_reads_what_is_printed_and_pasted(text: str) -> None:
    assert check_iban(text) == "DE89370400440532013000"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "two letters"),
        ("DE", "two letters"),
        ("89DE370400440532013000", "two letters"),
        ("DE8９370400440532013000", "two letters"),
        ("DE89370400440532013OOÖ", "two letters"),
        ("DE8937040044053201300", "22 characters, this one 21"),
        ("DE893704004405320130000", "22 characters, this one 23"),
        ("US64SVBKUS6S3300958879", "no country that SEPA"),
        ("TR330006100519786457841326", "no country that SEPA"),
        ("DE89370400440532013001", "check digits"),
        ("DE98370400440532013000", "check digits"),
        ("NL91AB1A0417164300", "other places"),
        ("DE89" + "0" * 200, "at most 31"),
    ],
)
def test_says_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(BadIban, match=why):
        check_iban(text)


def german(account: int) -> str:
    return f"DE{check_digits('DE', f'{account:018d}')}{account:018d}"


ACCOUNTS = st.integers(0, 10**18 - 1).map(german)


@given(ACCOUNTS, st.integers(2, 21), st.integers(1, 9))
def test_one_wrong_digit_is_found(iban: str, at: int, more: int) -> None:
    wrong = f"{iban[:at]}{(int(iban[at]) + more) % 10}{iban[at + 1 :]}"
    assert check_iban(iban) == iban
    with pytest.raises(BadIban, match="check digits"):
        check_iban(wrong)


@given(ACCOUNTS)
def test_check_digits_have_one_form(iban: str) -> None:
    """97 more or less would pass the remainder alone: 00, 01 and 99 are nobody's check digits."""
    others = [f"{digits:02d}" for digits in (int(iban[2:4]) - 97, int(iban[2:4]) + 97) if 0 <= digits <= 99]
    for digits in others:
        with pytest.raises(BadIban):
            check_iban(f"DE{digits}{iban[4:]}")
    assert 2 <= int(iban[2:4]) <= 98


@given(st.text(max_size=120))
def test_any_text_gives_an_iban_or_a_refusal_that_keeps_it_to_itself(text: str) -> None:
    try:
        assert check_iban(check_iban(text)) == check_iban(text)
    except BadIban as refusal:
        assert len(text) < 8 or text not in str(refusal)
        assert len(str(refusal)) < 200


def test_shows_the_country_and_the_end_only() -> None:
    assert mask_iban("DE89370400440532013000") == "DE•• •••• … 3000"

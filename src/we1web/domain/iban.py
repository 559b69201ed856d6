"""Bank accounts that SEPA reaches, by their IBAN. Says whether one can exist, never whether it does or whose it is."""

import re

# IBAN countries of the SEPA schemes: EPC409-09 v8.0 of 24 December 2025, section 5 (territories bank under the code of
# their parent; Serbia takes part since May 2026). The part after the check digits: SWIFT's IBAN registry (ISO 13616),
# in its own notation: n digits, a capital letters, c either.
_ACCOUNTS = {
    "AD": "8n12c", "AL": "8n16c", "AT": "16n", "BE": "12n", "BG": "4a6n8c", "CH": "5n12c", "CY": "8n16c", "CZ": "20n",
    "DE": "18n", "DK": "14n", "EE": "16n", "ES": "20n", "FI": "14n", "FR": "10n11c2n", "GB": "4a14n", "GI": "4a15c",
    "GR": "7n16c", "HR": "17n", "HU": "24n", "IE": "4a14n", "IS": "22n", "IT": "1a10n12c", "LI": "5n12c", "LT": "16n",
    "LU": "3n13c", "LV": "4a13c", "MC": "10n11c2n", "MD": "20c", "ME": "18n", "MK": "3n10c2n", "MT": "4a5n18c",
    "NL": "4a10n", "NO": "11n", "PL": "24n", "PT": "21n", "RO": "4a16c", "RS": "18n", "SE": "20n", "SI": "15n",
    "SK": "20n", "SM": "1a10n12c", "VA": "18n",
}  # fmt: skip
_ALPHABETS = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
_PARTS = {country: re.findall(r"(\d+)([nac])", account) for country, account in _ACCOUNTS.items()}
_PATTERNS = {
    country: re.compile("".join(f"{_ALPHABETS[kind]}{{{count}}}" for count, kind in parts))
    for country, parts in _PARTS.items()
}

SEPA_LENGTHS = {country: 4 + sum(int(count) for count, _ in parts) for country, parts in _PARTS.items()}
"""Country → characters of its IBANs, check digits and country included."""

_MAX_TEXT = 100
_PRINTED = re.compile(r"[\s\u200b\u2060\ufeff-]+")


class BadIban(ValueError):
    """A text that is no IBAN of a SEPA country. Its message never repeats the account number."""


def check_iban(text: str) -> str:
    """'de89 3704 0044 0532 0130 00' → 'DE89370400440532013000'. Spaces and hyphens, as printed, are dropped."""
    if len(text) > _MAX_TEXT:
        raise BadIban(f"an IBAN has at most {max(SEPA_LENGTHS.values())} characters; this text has {len(text)}")
    iban = _PRINTED.sub("", text)
    if not re.fullmatch(r"[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]*", iban):
        raise BadIban("an IBAN is two letters of a country, two check digits, then letters and digits: DE89 3704 ...")
    iban = iban.upper()
    country = iban[:2]
    if country not in _ACCOUNTS:
        raise BadIban(f"{country} is no country that SEPA transfers reach; name an account in a SEPA country")
    if len(iban) != SEPA_LENGTHS[country]:
        raise BadIban(f"an IBAN of {country} has {SEPA_LENGTHS[country]} characters, this one {len(iban)}")
    if not _PATTERNS[country].fullmatch(iban, 4):
        raise BadIban(f"an IBAN of {country} has letters and digits in other places; compare it with a bank statement")
    if iban[2:4] != check_digits(country, iban[4:]):
        raise BadIban("the check digits do not fit the rest of this IBAN: a character is wrong or two are swapped")
    return iban


def check_digits(country: str, account: str) -> str:
    """The two digits that make `account` of `country` an IBAN (ISO 7064, mod 97-10): 02 to 98."""
    digits = "".join(str(int(character, 36)) for character in f"{account}{country}00")
    return f"{98 - int(digits) % 97:02d}"


def mask_iban(iban: str) -> str:
    """What may be shown of an IBAN that `check_iban` returned: 'DE•• •••• … 3000'."""
    return f"{iban[:2]}•• •••• … {iban[-4:]}"

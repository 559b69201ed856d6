"""SEPA credit transfers as a file for a bank: ISO 20022 pain.001.001.09, returned only when its schema accepts it.

The same batch gives the same bytes: identifiers and time come from the caller, so that a file exported twice is
recognised as one by the bank. Checking takes about a millisecond a transfer: call it outside the event loop.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

from sepaxml import SepaTransfer
from sepaxml.validation import try_valid_xml

from we1web.coordinator.papers.letters import sepa
from we1web.domain.currency import minor_micros
from we1web.domain.iban import check_iban

SCHEMA = "pain.001.001.09"
NAMESPACE = f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"
MAX_TRANSFERS = 10_000
"""In one file: about ten seconds of checking, and 2.7 MB."""
MAX_CENTS = 99_999_999_999
"""The largest credit transfer of the SEPA rulebook: 999,999,999.99 euro."""

_MAX_NAME = 70
_MAX_REMITTANCE = 140
_IDENTIFIER = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/?:().,'+ -]{1,35}(?<!/)")
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?")


class BadTransfer(ValueError):
    """Something that no bank would accept in a file of transfers."""


def _identifier(text: str) -> None:
    if not _IDENTIFIER.fullmatch(text) or text != text.strip():
        raise BadTransfer(
            f"{text[:40]!r} is no identifier for a bank: 1 to 35 letters, digits and /?:().,'+- with no slash at either"
            " end and no two slashes in a row"
        )


def _name(text: str) -> None:
    if not sepa(text, _MAX_NAME):
        raise BadTransfer(f"{text[:40]!r} leaves no letter that a bank can read; ask for the name of the account")


def _account(iban: str) -> None:
    if check_iban(iban) != iban:
        raise BadTransfer("an IBAN goes into a file as check_iban returns it")


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who pays. Without `bic` the bank finds itself by the IBAN."""

    name: str
    iban: str
    bic: str | None = None

    def __post_init__(self) -> None:
        _name(self.name)
        _account(self.iban)
        if self.bic is not None and not _BIC.fullmatch(self.bic):
            raise BadTransfer(f"{self.bic[:20]!r} is no BIC: eight or eleven capital letters and digits")


@dataclass(frozen=True, slots=True)
class CreditTransfer:
    """One payment. `end_to_end_id` comes back on the bank's statements; a UUID fits as its 32 hexadecimal digits."""

    end_to_end_id: str
    name: str
    iban: str
    amount_micros: int
    remittance: str

    def __post_init__(self) -> None:
        _identifier(self.end_to_end_id)
        _name(self.name)
        _account(self.iban)
        whole = type(self.amount_micros) is int and self.amount_micros % minor_micros("eur") == 0
        if not whole or not 1 <= self.cents <= MAX_CENTS:
            raise BadTransfer(f"{self.end_to_end_id}: {self.amount_micros} micro-units are no whole cents to transfer")
        if not sepa(self.remittance, _MAX_REMITTANCE):
            raise BadTransfer(f"{self.end_to_end_id}: say what is paid, in letters or digits")

    @property
    def cents(self) -> int:
        """The amount as banks count."""
        return self.amount_micros // minor_micros("eur")


@dataclass(frozen=True, slots=True)
class Batch:
    """What becomes one file. `message_id` is how the bank recognises a file that was sent twice."""

    message_id: str
    created_at: datetime
    execution_date: date
    debtor: Debtor
    transfers: tuple[CreditTransfer, ...]
    currency: str = "eur"

    def __post_init__(self) -> None:
        _identifier(self.message_id)
        if self.currency != "eur":
            raise BadTransfer(f"SEPA moves euro only, not {self.currency[:10]!r}")
        if self.created_at.tzinfo is None:
            raise BadTransfer("the time of creation needs a time zone")
        if not 1 <= len(self.transfers) <= MAX_TRANSFERS:
            raise BadTransfer(f"a file has 1 to {MAX_TRANSFERS} transfers, not {len(self.transfers)}: split the batch")
        if len({transfer.end_to_end_id for transfer in self.transfers}) != len(self.transfers):
            raise BadTransfer("two transfers of one file carry the same end-to-end id: that pays somebody twice")


def credit_transfer_file(batch: Batch) -> bytes:
    """The file, valid by its schema: one booking for the debtor, one transfer for each payee, in the order given."""
    debtor = {"name": sepa(batch.debtor.name, _MAX_NAME), "IBAN": batch.debtor.iban, "batch": True, "currency": "EUR"}
    if batch.debtor.bic is not None:
        debtor["BIC"] = batch.debtor.bic
    # It would transliterate, too, but leaves characters that banks refuse.
    writer = SepaTransfer(debtor, schema=SCHEMA, clean=False)
    for transfer in batch.transfers:
        writer.add_payment(
            {
                "name": sepa(transfer.name, _MAX_NAME),
                "IBAN": transfer.iban,
                "amount": transfer.cents,
                "execution_date": batch.execution_date,
                "description": sepa(transfer.remittance, _MAX_REMITTANCE),
                "endtoend_id": transfer.end_to_end_id,
            }
        )
    written: bytes = writer.export(validate=False)
    file = _identified(written, batch)
    try_valid_xml(file, SCHEMA)
    return file


def _identified(file: bytes, batch: Batch) -> bytes:
    """The library's file with our identifiers and time in place of its clock and chance, and no empty agent."""
    document = ET.fromstring(file)
    ours = {
        "GrpHdr/MsgId": batch.message_id,
        "GrpHdr/CreDtTm": batch.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "PmtInf/PmtInfId": batch.message_id,
    }
    for path, text in ours.items():
        _only(document, path).text = text
    if batch.debtor.bic is None:
        # The schema lets it stay empty; the rulebook asks for these words.
        agent = _only(document, "PmtInf/DbtrAgt/FinInstnId")
        ET.SubElement(ET.SubElement(agent, f"{{{NAMESPACE}}}Othr"), f"{{{NAMESPACE}}}Id").text = "NOTPROVIDED"
    ET.register_namespace("", NAMESPACE)
    body: bytes = ET.tostring(document, encoding="utf-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body


def _only(document: ET.Element, path: str) -> ET.Element:
    """The one element at `path` below the initiation."""
    [found] = document.findall(
        f"n:CstmrCdtTrfInitn/{'/'.join(f'n:{tag}' for tag in path.split('/'))}", {"n": NAMESPACE}
    )
    return found

"""Files for the bank, read by others than what wrote them: ElementTree, and xmlschema with ISO 20022's schema."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib.resources import files
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from sepaxml.validation import ValidationError
from tests.papers.papers import NASTY, batch, debtor, transfer

from we1web.coordinator.papers.letters import sepa
from we1web.coordinator.papers.pain001 import (
    MAX_CENTS,
    MAX_TRANSFERS,
    BadTransfer,
    CreditTransfer,
    credit_transfer_file,
)
from we1web.domain.iban import BadIban

N = {"n": "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"}


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(files("sepaxml") / "schemas" / "pain.001.001.09.xsd"))


def texts(file: bytes, path: str) -> list[str | None]:
    return [element.text for element in ET.fromstring(file).findall(f".//{path}", N)]


def many(count: int) -> tuple[CreditTransfer, ...]:
    return tuple(
        transfer(end_to_end_id=f"p{index}", amount_micros=10_000 * (1 + index * index), name=f"Payee {index}")
        for index in range(count)
    )


def test_says_who_pays_whom_and_how_much(schema: xmlschema.XMLSchema) -> None:
    transfers = many(300)
    file = credit_transfer_file(batch(*transfers))
    schema.validate(file.decode())
    assert [Decimal(str(text)) for text in texts(file, "n:InstdAmt")] == [
        Decimal(transfer.amount_micros) / 1_000_000 for transfer in transfers
    ]
    total = f"{sum(transfer.amount_micros for transfer in transfers) // 10_000 / 100:.2f}"
    assert texts(file, "n:CtrlSum") == [total, total]
    assert texts(file, "n:NbOfTxs") == ["300", "300"]
    assert texts(file, "n:EndToEndId") == [f"p{index}" for index in range(300)]
    assert texts(file, "n:Cdtr/n:Nm") == [f"Payee {index}" for index in range(300)]
    assert texts(file, "n:CdtrAcct/n:Id/n:IBAN") == ["DE89370400440532013000"] * 300
    assert texts(file, "n:DbtrAcct/n:Id/n:IBAN") == ["AT611904300234573201"]
    assert {element.get("Ccy") for element in ET.fromstring(file).findall(".//n:InstdAmt", N)} == {"EUR"}


def test_identifiers_and_times_are_those_of_the_batch() -> None:
    file = credit_transfer_file(batch())
    assert file == credit_transfer_file(batch())
    assert texts(file, "n:MsgId") == texts(file, "n:PmtInfId") == ["batch-7"]
    assert texts(file, "n:CreDtTm") == ["2026-11-26T09:30:00Z"]
    assert texts(file, "n:ReqdExctnDt/n:Dt") == ["2026-11-27"]
    assert file.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022')


def test_a_debtor_without_a_bic_is_found_by_the_iban(schema: xmlschema.XMLSchema) -> None:
    assert texts(credit_transfer_file(batch()), "n:DbtrAgt/n:FinInstnId/n:Othr/n:Id") == ["NOTPROVIDED"]
    named = credit_transfer_file(batch(debtor=debtor("BKAUATWWXXX")))
    schema.validate(named.decode())
    assert texts(named, "n:DbtrAgt/n:FinInstnId/n:BICFI") == ["BKAUATWWXXX"]
    assert texts(named, "n:Othr") == []


def test_names_of_all_scripts_reach_the_bank(schema: xmlschema.XMLSchema) -> None:
    transfers = [
        transfer(end_to_end_id=f"p{index}", name=name, remittance=f"for {name}") for index, name in enumerate(NASTY)
    ]
    file = credit_transfer_file(batch(*transfers))
    schema.validate(file.decode())
    names = texts(file, "n:Cdtr/n:Nm")
    assert names[:3] == ["Zoe Lodz-OEuvre", "Wang Xiao Ming", "Zhanna D'Ark"]
    assert names == [sepa(name, 70) for name in NASTY]
    assert all(len(str(text)) <= 140 for text in texts(file, "n:Ustrd"))
    assert texts(file, "n:InitgPty/n:Nm") == texts(file, "n:Dbtr/n:Nm") == ["WE1WEB Osterreich GmbH"]


SPOILED = {
    "an amount in words": (b">12.34</InstdAmt>", b">twelve</InstdAmt>"),
    "no account": (b"<IBAN>DE89370400440532013000</IBAN>", b""),
    "an identifier that is too long": (b">batch-7</MsgId>", b">" + b"x" * 36 + b"</MsgId>"),
    "a tag nobody knows": (b"</GrpHdr>", b"<Tip>1.00</Tip></GrpHdr>"),
}


@pytest.mark.parametrize("spoil", SPOILED)
def test_the_schema_refuses_a_spoiled_file(schema: xmlschema.XMLSchema, spoil: str) -> None:
    file = credit_transfer_file(batch())
    assert schema.is_valid(file.decode())
    before, after = SPOILED[spoil]
    assert before in file
    assert not schema.is_valid(file.replace(before, after).decode())


def test_a_file_is_checked_before_it_is_returned() -> None:
    """A moment where the schema wants a day passes every other check."""
    moment: date = datetime(2026, 11, 27, 12, tzinfo=UTC)
    with pytest.raises(ValidationError):
        credit_transfer_file(batch(execution_date=moment))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"amount_micros": 0}, "no whole cents"),
        ({"amount_micros": -10_000}, "no whole cents"),
        ({"amount_micros": 12_345_678}, "no whole cents"),
        ({"amount_micros": 1.0}, "no whole cents"),
        ({"amount_micros": True}, "no whole cents"),
        ({"amount_micros": (MAX_CENTS + 1) * 10_000}, "no whole cents"),
        ({"end_to_end_id": ""}, "no identifier"),
        ({"end_to_end_id": "x" * 36}, "no identifier"),
        ({"end_to_end_id": "/a"}, "no identifier"),
        ({"end_to_end_id": "a/"}, "no identifier"),
        ({"end_to_end_id": "a//b"}, "no identifier"),
        ({"end_to_end_id": " a"}, "no identifier"),
        ({"end_to_end_id": "a\n"}, "no identifier"),
        ({"end_to_end_id": "payout_1"}, "no identifier"),
        ({"name": "😀"}, "no letter"),
        ({"name": ""}, "no letter"),
        ({"remittance": " "}, "say what is paid"),
        ({"iban": "DE89 3704 0044 0532 0130 00"}, "as check_iban returns it"),
    ],
)
def test_refuses_a_transfer_that_no_bank_takes(changed: dict[str, object], why: str) -> None:
    with pytest.raises(BadTransfer, match=why):
        transfer(**changed)


def test_refuses_an_account_that_cannot_exist() -> None:
    with pytest.raises(BadIban, match="check digits"):
        transfer(iban="DE89370400440532013001")
    with pytest.raises(BadTransfer, match="BIC"):
        debtor("bkauatww")


def test_the_smallest_and_the_largest_amount_are_exact() -> None:
    ends = (
        transfer(end_to_end_id="a", amount_micros=10_000),
        transfer(end_to_end_id="b", amount_micros=MAX_CENTS * 10_000),
    )
    file = credit_transfer_file(batch(*ends))
    assert texts(file, "n:InstdAmt") == ["0.01", "999999999.99"]
    assert texts(file, "n:CtrlSum") == ["1000000000.00", "1000000000.00"]


def test_refuses_a_batch_that_is_no_file() -> None:
    good = batch()
    with pytest.raises(BadTransfer, match="pays somebody twice"):
        batch(transfer(), transfer(name="Somebody else"))
    with pytest.raises(BadTransfer, match="euro only"):
        replace(good, currency="usd")
    with pytest.raises(BadTransfer, match="time zone"):
        replace(good, created_at=datetime(2026, 11, 26))
    with pytest.raises(BadTransfer, match="not 0"):
        replace(good, transfers=())
    with pytest.raises(BadTransfer, match="no identifier"):
        replace(good, message_id="x" * 36)


def test_a_file_has_a_limit() -> None:
    transfers = many(MAX_TRANSFERS + 1)
    assert len(batch(*transfers[:-1]).transfers) == MAX_TRANSFERS
    with pytest.raises(BadTransfer, match="split the batch"):
        batch(*transfers)

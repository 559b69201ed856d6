"""Exchange rates from files: two formats, all or nothing, and a bad or missing file leaves the old rates."""

from datetime import date
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.http.conftest import Site, no_loops, run
from tests.payments.conftest import Stage

from we1web.coordinator.loops.fx_rates import FxRates
from we1web.coordinator.rate_files import BadRates, parse
from we1web.domain.fx import Rate

DAY = date(2026, 11, 25)
ECB = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
 <gesmes:subject>Reference rates</gesmes:subject>
 <Cube><Cube time='2026-11-25'><Cube currency='USD' rate='1.0571'/><Cube currency='JPY' rate='162.05'/>
 <Cube currency='INR' rate='89.2'/></Cube></Cube></gesmes:Envelope>"""


def test_the_central_banks_file_is_read() -> None:
    assert parse(ECB) == [Rate(DAY, "eur", "usd", 1_057_100_000), Rate(DAY, "eur", "jpy", 162_050_000_000)]


def test_our_csv_is_read_and_the_last_line_of_a_pair_counts() -> None:
    text = "day,base,quote,rate\n2026-11-25,usd,KWD,0.306\n\n2026-11-25, usd ,kwd,0.307\n2026-11-24,usd,inr,84\n"
    assert parse(text) == [Rate(DAY, "usd", "kwd", 307_000_000)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "day,base,quote\n",
        "day,base,quote,rate\n",
        "day,base,quote,rate\n2026-11-25,usd,eur\n",
        "day,base,quote,rate\n2026-11-25,usd,eur,-1\n",
        "day,base,quote,rate\n2026-11-25,usd,eur,0\n",
        "day,base,quote,rate\n2026-11-25,usd,eur,NaN\n",
        "day,base,quote,rate\n2026-11-25,usd,eur,1e5\n",
        "day,base,quote,rate\n2026-11-25,usd,eur,0.0000000001\n",
        "day,base,quote,rate\n2026-11-25,usd,eur,0.9\n2026-13-25,usd,eur,0.9\n",
        "day,base,quote,rate\n2026-11-25,usd,usd,1\n",
        "<html><body>a proxy's page",
        "<html></html>",
        ECB.replace("1.0571", "1,0571"),
        '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + ECB.partition("?>")[2],
    ],
)
def test_a_file_with_anything_that_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(BadRates):
        parse(text)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text: str) -> None:
    for candidate in (text, "day,base,quote,rate\n" + text, "<" + text):
        try:
            assert parse(candidate)
        except BadRates:
            continue


async def stored(stage: Stage) -> list[tuple[date, str, str, int]]:
    rows = await stage.fetch("select day, base, quote, nanos from public.fx_rates order by 1, 2, 3")
    return [tuple(row.values()) for row in rows]  # type: ignore[misc]


async def test_a_missing_or_bad_file_leaves_the_old_rates(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rates.csv"
    loop = FxRates(stage.services, str(file))
    await stage.turn(loop)
    assert "no rates were loaded" in capsys.readouterr().out
    file.write_text("day,base,quote,rate\n2026-11-25,eur,usd,1.05\n")
    await stage.turn(loop)
    known = [(DAY, "eur", "usd", 1_050_000_000)]
    assert await stored(stage) == known
    file.write_text("day,base,quote,rate\n2026-11-25,eur,usd,1.06\n2026-11-25,eur,gbp,x\n")
    await stage.turn(loop)
    assert await stored(stage) == known
    file.write_bytes(b"\xff\xfe")
    await stage.turn(loop)
    assert await stored(stage) == known
    file.write_text("day,base,quote,rate\n2026-11-25,eur,usd,1.06\n")
    await stage.turn(loop)
    assert await stored(stage) == [(DAY, "eur", "usd", 1_060_000_000)]


async def test_an_address_is_read_too_and_a_bad_answer_changes_nothing(stage: Stage) -> None:
    answers = [httpx2.Response(503), httpx2.Response(200, content=b"x" * (9 << 20)), httpx2.Response(200, text=ECB)]
    loop = FxRates(
        stage.services, "https://rates.example/daily.xml", httpx2.MockTransport(lambda _request: answers.pop(0))
    )
    await stage.turn(loop)
    await stage.turn(loop)
    assert await stored(stage) == []
    await stage.turn(loop)
    assert len(await stored(stage)) == 2


async def test_a_source_that_is_neither_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="rates"):
        async for _ in run("postgresql://nowhere", tmp_path, make_loops=no_loops, rates="http://rates.example"):
            assert isinstance(_, Site)

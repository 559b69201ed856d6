"""Money in, out and across currencies: every recipe balances, and every life of a payment leaves nothing in between."""

from collections import defaultdict
from datetime import date
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from we1web.domain import funding, payout, transfers
from we1web.domain.fx import Rate, convert
from we1web.domain.ledger import AccountKind, AccountRef, Transaction, Unbalanced
from we1web.domain.transfers import Payin, Payout

ANN, PAYMENT = UUID(int=1), UUID(int=2)
CLEARING = AccountRef(AccountKind.CLEARING, rail="stripe")
amounts = st.integers(1, 10**15)


def totals(*transactions: Transaction) -> dict[AccountKind, int]:
    """Balances by kind of account, without those that are zero."""
    sums: defaultdict[AccountKind, int] = defaultdict(int)
    for transaction in transactions:
        for account, amount in transaction.postings:
            sums[account.kind] += amount
    return {kind: amount for kind, amount in sums.items() if amount}


def payin(amount: int, cost: int = 0) -> Payin:
    return Payin(PAYMENT, ANN, "stripe", "usd", amount, cost)


@given(amounts, st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_payment_is_the_payers_to_spend_after_what_they_owe(amount: int, cost: int, debt: int) -> None:
    sums = totals(transfers.receive(payin(amount, cost), debt))
    assert sums.get(AccountKind.WALLET, 0) == max(0, amount - debt)
    assert sums.get(AccountKind.DEBT, 0) == min(debt, amount)
    assert sums.get(AccountKind.CLEARING, 0) == cost - amount
    assert sums.get(AccountKind.COSTS, 0) == -cost


@given(amounts)
def test_a_refund_leaves_nothing_in_flight(amount: int) -> None:
    asked = transfers.ask_refund(PAYMENT, payin(amount), amount)
    sent = transfers.send_refund(PAYMENT, payin(amount), amount)
    assert totals(asked, sent) == {AccountKind.WALLET: -amount, AccountKind.CLEARING: amount}
    for steps in ((asked,), (asked, sent)):
        undone = transfers.undo_refund(PAYMENT, payin(amount), amount, sent=len(steps) == 2)
        assert totals(*steps, undone) == {}


@given(amounts, st.integers(0, 10**7), st.integers(0, 10**16))
def test_a_charge_back_takes_the_wallet_first_and_a_won_one_repays(amount: int, cost: int, wallet: int) -> None:
    taken = transfers.charge_back("dp_1", payin(amount), amount, cost, wallet)
    sums = totals(taken)
    assert sums.get(AccountKind.WALLET, 0) == -min(amount, wallet)
    owed = -sums.get(AccountKind.DEBT, 0)
    assert owed == amount - min(amount, wallet)
    won = transfers.reinstate("dp_1", payin(amount), amount, owed)
    after = totals(taken, won)
    assert {kind: after.get(kind, 0) for kind in (AccountKind.WALLET, AccountKind.DEBT)} == {
        AccountKind.WALLET: 0,
        AccountKind.DEBT: 0,
    }
    assert after.get(AccountKind.COSTS, 0) == -cost


@given(amounts, st.data())
def test_every_life_of_a_payout_leaves_nothing_in_flight(gross: int, data: st.DataObject) -> None:
    paying = Payout(PAYMENT, ANN, "stripe", "usd", gross, data.draw(st.integers(0, gross - 1)))
    asked, sent = transfers.request_payout(paying), transfers.send_payout(paying, CLEARING)
    assert totals(asked, transfers.refuse_payout(paying)) == {}
    assert totals(asked, sent) == {
        kind: amount
        for kind, amount in {
            AccountKind.EARNINGS: -gross,
            AccountKind.CLEARING: paying.net_micros,
            AccountKind.FEES: paying.fee_micros,
        }.items()
        if amount
    }
    bounced = totals(asked, sent, transfers.return_payout(paying, CLEARING))
    assert bounced.get(AccountKind.EARNINGS, 0) == -paying.fee_micros
    assert AccountKind.CLEARING not in bounced


@given(amounts, st.integers(10**6, 10**12))
def test_an_exchange_records_both_legs(micros: int, nanos: int) -> None:
    conversion = convert(micros, Rate(date(2026, 11, 26), "usd", "jpy", nanos))
    exchanged = transfers.exchange("x", ANN, AccountKind.EARNINGS, conversion)
    legs = {(account.kind, account.currency): amount for account, amount in exchanged.postings}
    assert legs[AccountKind.EARNINGS, "usd"] == -micros == -legs[AccountKind.FX, "usd"]
    assert legs.get((AccountKind.EARNINGS, "jpy"), 0) == conversion.received_micros
    assert legs.get((AccountKind.FX, "jpy"), 0) == -conversion.given_micros
    assert legs.get((AccountKind.ROUNDING, "jpy"), 0) == conversion.given_micros - conversion.received_micros
    assert exchanged.meta == {"rate_nanos": nanos, "rate_day": "2026-11-26"}


@given(amounts, st.integers(10**6, 10**12), st.data())
def test_what_goes_back_by_the_same_rate_makes_nobody_richer(micros: int, nanos: int, data: st.DataObject) -> None:
    conversion = convert(micros, Rate(date(2026, 11, 26), "usd", "jpy", nanos))
    assume(conversion.received_micros > 0)
    part = data.draw(st.integers(1, conversion.received_micros))
    back = transfers.exchange_back("x", ANN, AccountKind.EARNINGS, conversion, part)
    legs = {(account.kind, account.currency): amount for account, amount in back.postings}
    source = legs.get((AccountKind.EARNINGS, "usd"), 0)
    assert legs[AccountKind.EARNINGS, "jpy"] == -part == -legs[AccountKind.FX, "jpy"]
    assert legs.get((AccountKind.FX, "usd"), 0) == -source
    assert source * conversion.received_micros <= micros * part < (source + 1) * conversion.received_micros
    assert part < conversion.received_micros or source == micros
    assert (back.key, back.meta["undoes"], back.meta["rate_nanos"]) == ("undo-exchange:x", "exchange:x", nanos)


def test_a_margin_is_a_fee_of_its_own_and_goes_back_with_the_rest() -> None:
    conversion = convert(2_000_000, Rate(date(2026, 11, 26), "usd", "eur", 800_000_000), 50)
    made = transfers.exchange("x", ANN, AccountKind.WALLET, conversion)
    legs = {(account.kind, account.currency): amount for account, amount in made.postings}
    assert legs[AccountKind.FX, "eur"] == -1_600_000
    assert (legs[AccountKind.WALLET, "eur"], legs[AccountKind.FEES, "eur"]) == (1_592_000, 8_000)
    assert made.meta["margin_bps"] == 50
    back = transfers.exchange_back("x", ANN, AccountKind.WALLET, conversion, 1_592_000)
    assert {account.kind for account, _ in back.postings} == {AccountKind.WALLET, AccountKind.FX}
    assert dict(back.postings)[AccountRef(AccountKind.WALLET, owner=ANN)] == 2_000_000


def test_nothing_moved_is_no_transaction() -> None:
    with pytest.raises(Unbalanced):
        transfers.receive(payin(0))


def test_a_payout_goes_the_ways_of_the_table_and_no_other() -> None:
    for state in payout.State:
        for event in payout.Event:
            to = payout.TRANSITIONS.get((state, event))
            if to is None:
                with pytest.raises(payout.NoSuchStep):
                    payout.advance(state, event)
            else:
                assert payout.advance(state, event) == to
    assert not [state for state, _ in payout.TRANSITIONS if state in payout.FINAL]


def test_fundings_and_their_refunds_go_the_ways_of_their_tables() -> None:
    assert funding.advance(funding.State.OPEN, funding.Event.PAY) == funding.State.PAID
    with pytest.raises(funding.NoSuchStep):
        funding.advance(funding.State.PAID, funding.Event.PAY)
    done = funding.advance_refund(funding.RefundState.SENT, funding.RefundEvent.FINISH)
    assert funding.advance_refund(done, funding.RefundEvent.REFUSE) == funding.RefundState.FAILED
    with pytest.raises(funding.NoSuchStep):
        funding.advance_refund(funding.RefundState.FAILED, funding.RefundEvent.SEND)


def test_a_bank_transfer_comes_from_the_world() -> None:
    sums = totals(transfers.receive(payin(500)._replace(rail="manual")))
    assert sums == {AccountKind.WORLD: -500, AccountKind.WALLET: 500}


@given(amounts, st.booleans())
def test_the_platforms_own_money_moves_between_its_bank_and_a_rail(amount: int, out: bool) -> None:
    signed = -amount if out else amount
    sums = totals(transfers.move_own("stripe", "txn_1", signed, "usd"))
    assert sums == {AccountKind.CLEARING: -signed, AccountKind.WORLD: signed}

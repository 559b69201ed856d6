"""When a node pauses and why: decisions at once, senses with hysteresis, unknown never."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from we1web.agent.pausing import (
    BUSY_SHARE,
    CALM_SHARE,
    HOLD_S,
    PRESENT_S,
    WORDS,
    Conditions,
    Pause,
    Reason,
    Troubles,
    When,
    judge,
)

CONDITIONS = st.builds(
    Conditions,
    status=st.sampled_from(["active", "paused", "expelled"]),
    draining=st.booleans(),
    failing=st.booleans(),
    on_battery=st.none() | st.booleans(),
    user_idle_s=st.none() | st.floats(0, 1e6),
    others_share=st.none() | st.floats(0, 1),
)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({}, None),
        ({"on_battery": None, "user_idle_s": None, "others_share": None}, None),
        ({"on_battery": False, "user_idle_s": PRESENT_S, "others_share": BUSY_SHARE}, None),
        ({"on_battery": True}, Reason.ON_BATTERY),
        ({"user_idle_s": 3.0}, Reason.USER_PRESENT),
        ({"others_share": 0.9}, Reason.CPU_BUSY),
        ({"failing": True, "on_battery": True}, Reason.FAILING),
        ({"status": "paused", "failing": True}, Reason.OWNER_PAUSED),
        ({"status": "expelled"}, Reason.EXPELLED),
        ({"draining": True, "status": "paused"}, Reason.DRAINING),
    ],
)
def test_the_reason_given(facts: dict[str, Any], reason: Reason | None) -> None:
    assert judge(Pause(), 100.0, When.IDLE, Conditions(**facts)).reason is reason


@given(CONDITIONS, st.sampled_from(list(Reason)), st.floats(0, 1e6))
def test_always_means_that_only_decisions_pause(conditions: Conditions, before: Reason, now: float) -> None:
    reason = judge(Pause(before, now), now, When.ALWAYS, conditions).reason
    assert reason in (None, Reason.DRAINING, Reason.EXPELLED, Reason.OWNER_PAUSED, Reason.FAILING)


@given(st.lists(st.tuples(st.floats(0, 30), CONDITIONS), max_size=30))
def test_a_pause_ends_only_after_its_cause_stayed_away(history: list[tuple[float, Conditions]]) -> None:
    now, pause = 0.0, Pause()
    for seconds, conditions in history:
        now += seconds
        before, pause = pause, judge(pause, now, When.IDLE, conditions)
        if before.reason is not None and pause.reason is None:
            assert now - before.seen_at >= HOLD_S.get(before.reason, 0.0)


def test_a_share_between_calm_and_busy_changes_nothing() -> None:
    between = Conditions(others_share=(BUSY_SHARE + CALM_SHARE) / 2)
    assert judge(Pause(), 0.0, When.IDLE, between).reason is None
    busy = Pause(Reason.CPU_BUSY, 0.0)
    assert judge(busy, 1_000.0, When.IDLE, between).reason is Reason.CPU_BUSY


def test_mains_power_that_flickers_does_not_wake_the_node() -> None:
    pause = judge(Pause(), 0.0, When.IDLE, Conditions(on_battery=True))
    assert judge(pause, 29.0, When.IDLE, Conditions(on_battery=False)).reason is Reason.ON_BATTERY
    assert judge(pause, 30.0, When.IDLE, Conditions(on_battery=False)).reason is None


def test_an_owner_who_resumes_is_obeyed_at_once() -> None:
    pause = judge(Pause(), 0.0, When.IDLE, Conditions(status="paused"))
    assert judge(pause, 0.1, When.IDLE, Conditions()).reason is None


def test_every_reason_has_words() -> None:
    assert set(WORDS) == set(Reason)


def test_a_failing_node_rests_longer_each_time_and_recovers() -> None:
    troubles = Troubles()
    rests = []
    for _ in range(12):
        troubles.failed(0.0)
        rests.append(troubles.resting_until)
    assert rests[:5] == [0.0, 0.0, 10.0, 20.0, 40.0]
    assert rests[-1] == 600.0
    assert troubles.failing(599.9)
    assert not troubles.failing(600.0)
    troubles.succeeded()
    troubles.failed(1_000.0)
    assert not troubles.failing(1_000.0)

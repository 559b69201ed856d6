"""Which bundle runs next: properties over arbitrary histories, and the few rules by example."""

from hypothesis import given
from hypothesis import strategies as st

from we1web.agent.slots import Slots, window

STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "ready", "start", "remove", "close", "open"]), st.integers(0, 9)), max_size=80
)


@given(st.integers(1, 4), STEPS)
def test_never_more_than_the_cores_never_twice_never_unready(cores: int, steps: list[tuple[str, int]]) -> None:
    slots = Slots(cores)
    known: set[int] = set()
    ready: set[int] = set()
    running: set[int] = set()
    for action, bundle in steps:
        match action:
            case "add":
                slots.add(bundle, float(bundle))
                known.add(bundle)
            case "ready":
                slots.make_ready(bundle)
                ready |= {bundle} & (known - running)
            case "remove":
                slots.remove(bundle)
                for group in (known, ready, running):
                    group.discard(bundle)
            case "start":
                started = slots.start()
                expected = min(ready, default=None) if slots.open and len(running) < cores else None
                assert started == expected
                if started is not None:
                    ready.discard(started)
                    running.add(started)
            case _:
                slots.open = action == "open"
        assert slots.running == len(running) <= cores
        assert slots.queued == len(known) - len(running)
        assert set(slots.idle_bundles()) == known - running


def test_the_earliest_deadline_runs_first_and_may_move() -> None:
    slots = Slots(1)
    for bundle, deadline in ((1, 10.0), (2, 20.0)):
        slots.add(bundle, deadline)
        slots.make_ready(bundle)
    slots.extend(1, 30.0)
    slots.extend(7, 1.0)
    assert slots.start() == 2


def test_the_window_holds_what_runs_and_something_to_follow_on_every_core() -> None:
    assert all(window(cores) >= 2 * cores + 1 for cores in range(1, 100))

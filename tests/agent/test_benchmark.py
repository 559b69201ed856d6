"""The benchmark is measured once per machine and version, and its score grows with the work, not with the wait."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import msgspec

from we1web.agent.benchmark import measure_speed, speed_of


def test_the_score_is_operations_per_time_of_the_best_run() -> None:
    clock: Iterator[int] = iter([0, 5_000, 5_000, 6_000])
    assert measure_speed(rounds=10, repeats=2, cpu_ns=lambda: next(clock)) == 10 * 8 * 1_000 / 1_000


def test_it_is_measured_once(tmp_path: Path) -> None:
    measured = count(100)
    cache = tmp_path / "benchmark.json"
    assert speed_of(cache, lambda: float(next(measured))) == 100.0
    assert speed_of(cache, lambda: float(next(measured))) == 100.0


def test_another_machine_or_a_broken_file_is_measured_again(tmp_path: Path) -> None:
    cache = tmp_path / "benchmark.json"
    cache.write_bytes(msgspec.json.encode({"machine": "another", "speed": 1.0}))
    assert speed_of(cache, lambda: 7.0) == 7.0
    cache.write_bytes(b"\xff")
    assert speed_of(cache, lambda: 8.0) == 8.0

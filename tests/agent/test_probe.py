"""The probe only says what it can read."""

import os
from pathlib import Path

import pytest

from we1web.agent.probe import CpuMeter, gpu, on_battery, probe, user_idle_s


def test_a_machine_has_a_core_and_memory() -> None:
    machine = probe()
    assert 1 <= machine.cores <= (os.cpu_count() or 1)
    assert machine.memory_bytes > 1 << 20
    assert machine.name and machine.platform


def test_the_last_key_pressed_counts(tmp_path: Path) -> None:
    for name, used_at in (("pts0", 100.0), ("pts1", 170.0)):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (used_at, used_at))
    assert user_idle_s(200.0, [f"{tmp_path}/pts*"]) == 30.0
    assert user_idle_s(0.0, [f"{tmp_path}/pts*"]) == 0.0


def test_no_terminal_is_unknown_not_idle(tmp_path: Path) -> None:
    assert user_idle_s(200.0, [f"{tmp_path}/none*"]) is None


def test_shares_are_shares() -> None:
    meter = CpuMeter()
    for now in (1.0, 2.0):
        ours, others = meter.read(now)
        assert 0 <= ours <= 1
        assert 0 <= others <= 1
    assert on_battery() in (None, True, False)


NVIDIA = ("proc/driver/nvidia/gpus/0000:01:00.0/information", "Model: \t\t NVIDIA GeForce RTX 3080\nIRQ: 63\n")
AMD = ("sys/class/drm/card0/device/vendor", "0x1002\n")
VIRTUAL = ("sys/class/drm/card1/device/vendor", "0x1234\n")


@pytest.mark.parametrize(
    ("files", "name"),
    [((NVIDIA, AMD), "NVIDIA GeForce RTX 3080"), ((VIRTUAL, AMD), "AMD"), ((VIRTUAL,), ""), ((), "")],
)
def test_a_gpu_is_what_its_driver_says_or_unknown(
    tmp_path: Path, files: tuple[tuple[str, str], ...], name: str
) -> None:
    for path, content in files:
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(content)
    assert gpu(tmp_path) == name

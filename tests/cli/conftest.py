"""A fake coordinator, and a way to run a command as a shell would, with nothing of this machine's settings."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from we1web import cli
from we1web.testing.fake_coordinator import FakeCoordinator


class Ran(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The last line of standard output."""
        return json.loads(self.out.splitlines()[-1])


Run = Callable[..., Ran]


@pytest.fixture
def fake() -> Iterator[FakeCoordinator]:
    with FakeCoordinator() as coordinator:
        yield coordinator


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A user who has never logged in; gives the folder of their settings."""
    for name in ("WE1WEB_URL", "WE1WEB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "settings" / "we1web"


@pytest.fixture
def run(nobody: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: object) -> Ran:
        capsys.readouterr()
        code = cli.run([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return run


@pytest.fixture
def we1web(run: Run, fake: FakeCoordinator, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command against the fake, as somebody it knows."""
    monkeypatch.setenv("WE1WEB_URL", fake.url)
    monkeypatch.setenv("WE1WEB_TOKEN", fake.token)
    return run

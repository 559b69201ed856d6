"""Settings: from the environment only, misspelt ones refused with the nearest name, every one documented."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from we1web.coordinator import config
from we1web.coordinator.config import Config, ConfigError

SETTINGS = Path(__file__).parents[2] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in config.names():
        monkeypatch.delenv(name, raising=False)


def test_the_environment_is_read_and_arguments_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WE1WEB_PORT", "1234")
    monkeypatch.setenv("WE1WEB_HOST", "0.0.0.0")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hunter2@h/d")
    loaded = config.load(port=None, host="::1")
    assert (loaded.port, loaded.host) == (1234, "::1")
    assert loaded.database_url == SecretStr("postgresql://u:hunter2@h/d")
    assert "hunter2" not in repr(loaded)


def test_an_empty_variable_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    assert config.load().database_url is None


def test_a_misspelt_setting_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(ConfigError, match=r"WE1WEB_PROT; did you mean WE1WEB_PORT\?"):
        config.refuse_unknown({"WE1WEB_PROT": "1"})
    with pytest.raises(ConfigError, match="unknown setting WE1WEB_ZZZZZZZZZZZZ"):
        config.refuse_unknown({"WE1WEB_ZZZZZZZZZZZZ": "1"})
    config.refuse_unknown({"WE1WEB_TOKEN": "the SDK's", "HOME": "/", "WE1WEB_PORT": "1"})


def test_a_bad_value_names_the_setting_and_not_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WE1WEB_PORT", "hunter2")
    with pytest.raises(ConfigError, match="WE1WEB_PORT") as refused:
        config.load()
    assert "hunter2" not in str(refused.value)


def test_every_setting_is_documented_with_its_default() -> None:
    table = dict(re.findall(r"^\| `([A-Z0-9_]+)` \| (.*?) \|", SETTINGS.read_text(), re.MULTILINE))
    assert sorted(table) == sorted({*config.names(), *config.ELSEWHERE}), "keep docs/settings.md complete"
    for name, field in Config.model_fields.items():
        default = field.get_default()
        if isinstance(default, int | float | str) and default != "":
            assert table[str(field.validation_alias or config.PREFIX + name.upper())] == f"`{default}`", name

"""Settings, from environment variables only. The one module that reads the environment; it starts nothing.

Every field is documented in docs/settings.md (a test compares). Secrets are SecretStr, so that no log prints them.
"""

import difflib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from we1web.domain.currency import CURRENCIES
from we1web.domain.iban import check_iban
from we1web.domain.money import MAX_MICROS
from we1web.domain.strategy import DEFAULT_STRATEGY, STRATEGIES
from we1web.protocol.errors import We1webError

PREFIX = "WE1WEB_"
ELSEWHERE = frozenset({"WE1WEB_URL", "WE1WEB_TOKEN"})
"""Names that the node, the SDK and the command line read: none of the coordinator's business, and no mistake."""

Positive = Annotated[int, Field(gt=0)]


def _known_strategy(name: str) -> str:
    if name not in STRATEGIES:
        raise ValueError(f"there is no such strategy; choose one of {sorted(STRATEGIES)}")
    return name


def _known_currencies(codes: str) -> str:
    if unknown := {code.strip() for code in codes.split(",")} - set(CURRENCIES):
        raise ValueError(f"unknown: {sorted(unknown)}; choose from {sorted(CURRENCIES)}, in lower case")
    return codes


def _path_or_https(source: str) -> str:
    if "://" in source and not source.startswith("https://"):
        raise ValueError("rates come from a file or from an https:// address")
    return source


Strategy = Annotated[str, AfterValidator(_known_strategy)]


class ConfigError(We1webError):
    """The environment holds a setting that does not exist or a value that cannot be used."""

    code = "bad_setting"
    hint = "see docs/settings.md"


def default_data_dir() -> Path:
    """Never under root's private home: the embedded PostgreSQL drops root and must be able to reach its folder."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/we1web")
    return platformdirs.user_data_path("we1web")


class Config(BaseSettings):
    """What `we1web up` runs with. Keyword arguments (command line, tests) win over the environment."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="forbid", frozen=True, env_ignore_empty=True, populate_by_name=True
    )

    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65_535)
    public_url: str = ""
    auth_jwks_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    data_dir: Path = Field(default_factory=default_data_dir)
    trusted_proxies: str = "127.0.0.1"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["auto", "json", "console"] = "auto"
    currency: Literal["cad", "chf", "dkk", "eur", "gbp", "jpy", "kwd", "nok", "pln", "sek", "usd"] = "usd"
    rates_max_age_days: Positive = 5
    exchange_margin_bps: int = Field(default=0, ge=0, le=1_000)
    fee_bps: int = Field(default=1_000, ge=0, le=10_000)
    fee_min_micros: int = Field(default=0, ge=0, le=MAX_MICROS)
    price_per_core_h_micros: int = Field(default=20_000, ge=1, le=MAX_MICROS)
    default_strategy: Strategy = DEFAULT_STRATEGY
    contest_window_s: Positive = 7 * 86_400
    max_body_bytes: Positive = 12 << 20
    max_open_jobs: Positive = 1_000
    max_job_tasks: Positive = 10_000_000
    blob_quota_bytes: Positive = 16 << 30
    blob_keep_s: Positive = 7 * 86_400
    idempotency_keep_s: Positive = 86_400
    rate_ip_per_s: float = Field(default=200.0, gt=0)
    rate_ip_burst: Positive = 1_000
    rate_site_per_s: float = Field(default=500.0, gt=0)
    rate_site_burst: Positive = 5_000
    rate_user_per_s: float = Field(default=100.0, gt=0)
    rate_user_burst: Positive = 500
    rate_login_per_s: float = Field(default=1.0, gt=0)
    rate_login_burst: Positive = 60
    payout_fee_bps: Annotated[int, Field(ge=0, le=5_000)] | None = None
    payout_fee_fixed_minor: Annotated[int, Field(ge=0, le=100_000)] | None = None
    stripe_secret_key: SecretStr | None = Field(default=None, validation_alias="STRIPE_SECRET_KEY")
    stripe_webhook_secrets: SecretStr | None = None
    stripe_api_url: str = Field(default="", pattern=r"^(https?://[^\s/]+)?$")
    stripe_rate_per_s: float = Field(default=20.0, gt=0)
    rates: Annotated[str, AfterValidator(_path_or_https)] = ""
    max_open_fundings: Positive = 5
    bank_name: str = Field(default="", max_length=140)
    bank_iban: Annotated[str, AfterValidator(lambda text: check_iban(text) if text else "")] = ""
    bank_bic: str = Field(default="", max_length=11)
    bank_currencies: Annotated[str, AfterValidator(_known_currencies)] = "eur"
    shutdown_grace_s: float = Field(default=10.0, gt=0)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments and environment, nothing else: no file can change what an operator reads with `env`."""
        return init_settings, env_settings


def load(**overrides: Any) -> Config:
    """Reads the environment; None means 'not given'. Raises ConfigError, which names the setting."""
    refuse_unknown(os.environ)
    given = {name: value for name, value in overrides.items() if value is not None}
    try:
        return Config(**given)
    except ValidationError as error:
        raise ConfigError(_first_fault(error)) from None


def names() -> list[str]:
    """Every environment variable the coordinator reads."""
    fields = Config.model_fields.items()
    return [str(field.validation_alias or PREFIX + name.upper()) for name, field in fields]


def refuse_unknown(environment: Mapping[str, str]) -> None:
    """A misspelt limit that is silently ignored is no limit: say so, and say what was meant."""
    known = set(names()) | ELSEWHERE
    for name in sorted(environment):
        if name.startswith(PREFIX) and name not in known:
            raise ConfigError(f"unknown setting {name}{_did_you_mean(name, known)}")


def _did_you_mean(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def _first_fault(error: ValidationError) -> str:
    """The setting and what is wrong with it, never its value (it may be a secret)."""
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    field = str(fault["loc"][0]) if fault["loc"] else "settings"
    name = field if field in names() else PREFIX + field.upper()
    return f"{name}: {fault['msg']}"

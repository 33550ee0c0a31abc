"""Settings from the environment or `qingyuan.toml`, prefix `QINGYUAN_`. A bad one is one clear line and exit 2."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from service.errors import BadSetting

ROOT = Path(__file__).resolve().parent.parent
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # named, not listened on


class Settings(BaseSettings):
    """All that an operator can set. Times are in seconds, sizes in bytes."""

    model_config = SettingsConfigDict(
        env_prefix="QINGYUAN_", toml_file="qingyuan.toml", extra="ignore", frozen=True
    )

    env: Literal["dev", "prod"] = "dev"
    data_dir: Path = Path("var")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    base_url: str = ""
    trusted_proxies: Annotated[tuple[str, ...], NoDecode] = ()
    city: str = Field(default="yichun", pattern=r"^[a-z][a-z0-9_-]{0,40}$")
    log: Literal["json", "text"] = "text"
    fetch_allow: Annotated[frozenset[tuple[str, int]], NoDecode] = frozenset()
    fetch_max_bytes: int = Field(default=10 * 2**20, ge=1024)
    fetch_timeout: float = Field(default=30.0, gt=0, le=600)
    fetch_max_items: int = Field(default=200, ge=1, le=10_000)
    session_idle: int = Field(default=30 * 60, ge=1)
    session_max: int = Field(default=8 * 3600, ge=1)
    login_tries: int = Field(default=5, ge=1)
    smtp_url: str = ""
    llm_url: str = ""
    llm_key: str = Field(default="", repr=False)
    llm_model: str = Field(default="", max_length=100)
    llm_timeout: float = Field(default=90.0, gt=0, le=240)
    crash_at: str = Field(default="", pattern=r"^$|^[a-z_.]+:[0-9]+$")
    metrics_token: str = ""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @field_validator("fetch_allow", mode="before")
    @classmethod
    def _hosts(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        pairs = set()
        for part in filter(None, (p.strip() for p in value.split(","))):
            host, _, port = part.rpartition(":")
            if not host or not port.isdigit() or not 0 < int(port) < 65536:
                raise ValueError(f"'{part}' is not host:port")
            pairs.add((host.strip("[]").lower(), int(port)))
        return frozenset(pairs)

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        parts = tuple(filter(None, (p.strip() for p in value.split(","))))
        for part in parts:
            ipaddress.ip_network(part, strict=False)
        return parts

    @field_validator("database_url")
    @classmethod
    def _database(cls, value: str) -> str:
        if value and not value.startswith(("sqlite+aiosqlite://", "postgresql+asyncpg://")):
            raise ValueError("use sqlite+aiosqlite:///path or postgresql+asyncpg://user@host/name")
        return value

    @field_validator("base_url", "llm_url")
    @classmethod
    def _base(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _together(self) -> Settings:
        if self.env == "prod" and self.crash_at:
            raise ValueError("CRASH_AT is refused when ENV=prod")
        if self.llm_url and not self.llm_model:
            raise ValueError("LLM_URL needs LLM_MODEL")
        if not (ROOT / "deploy" / "cities" / self.city).is_dir():
            raise ValueError(f"CITY: there is no deploy/cities/{self.city}")
        return self

    @property
    def db_url(self) -> str:
        """The database address with the default filled in."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir.resolve() / 'qingyuan.sqlite'}"

    @property
    def public_url(self) -> str:
        """The address that stands in feeds and links, without a slash at the end."""
        host = "127.0.0.1" if self.host in EVERYWHERE else self.host
        return self.base_url or f"http://{host}:{self.port}"

    @property
    def scaled(self) -> bool:
        """Whether several processes share one PostgreSQL."""
        return self.db_url.startswith("postgresql")

    @property
    def city_dir(self) -> Path:
        """The data files of the city."""
        return ROOT / "deploy" / "cities" / self.city

    @property
    def site_dir(self) -> Path:
        """Where published pages are kept as files."""
        return self.data_dir / "site"


def load(**overrides: object) -> Settings:
    """Settings, or BadSetting with one line that names the setting."""
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = "_".join(str(p) for p in first["loc"]).upper()
        message = str(first["msg"]).removeprefix("Value error, ")
        raise BadSetting(f"QINGYUAN_{name}: {message}" if name else message) from None
    except (OSError, ValueError) as error:
        raise BadSetting(f"qingyuan.toml: {error}") from None

"""What the operator may set: one field per NHACVIEC_… name. Nothing here opens, connects or reads a clock."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator, model_validator

from bot.wording import languages

PREFIX = "NHACVIEC_"
#: These may also be read from the file that `<name>_FILE` names.
FROM_FILES = ("DATABASE_URL", "WEBHOOK_SECRET", "TELEGRAM_TOKENS", "ZALO_TOKENS")
#: Names of ours that belong to the tests alone.
_FOR_TESTS = f"{PREFIX}TEST_"
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_POSTGRES = re.compile(r"postgres(?:ql)?(?:\+psycopg)?://")
_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{3,200}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{16,256}")


class BrokenSetting(Exception):  # noqa: N818  (what the operator must mend, not a fault of ours)
    """One plain line: which setting, what is wrong, what to do. Never shows a secret's value."""


class Listen(NamedTuple):
    """Where the web doors open; port 0 lets the system choose."""

    host: str
    port: int


class Settings(BaseModel):
    """Everything that can be set; `load_settings` makes it."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True, extra="ignore")

    data_dir: Path = Path("nhacviec-data")
    database_url: SecretStr | None = None
    listen: Listen = Listen("127.0.0.1", 8080)
    public_url: str | None = None
    webhook_secret: SecretStr | None = None
    telegram_tokens: tuple[SecretStr, ...] = ()
    telegram_api_url: str = "https://api.telegram.org"
    zalo_tokens: tuple[SecretStr, ...] = ()
    zalo_api_url: str = "https://bot-api.zaloplatforms.com"
    timezone: ZoneInfo = Field(default_factory=lambda: ZoneInfo("Asia/Ho_Chi_Minh"))
    language: str = "vi"
    hotline: str = Field(default="", max_length=200)

    @property
    def store_url(self) -> str:
        """The database as SQLAlchemy wants it; holds a password where the operator's URL does."""
        if self.database_url is None:
            return f"sqlite:///{self.data_dir / 'nhacviec.sqlite3'}"
        return self.database_url.get_secret_value()

    @property
    def outside_channels(self) -> bool:
        """Whether people can reach us from outside this machine; then there is no local chat and no sample."""
        return bool(self.telegram_tokens or self.zalo_tokens)

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: SecretStr) -> SecretStr:
        given = url.get_secret_value()
        if _POSTGRES.match(given):
            return SecretStr(_hosts_apart(_POSTGRES.sub("postgresql+psycopg://", given, count=1)))
        if re.fullmatch(r"sqlite:///.+", given):
            return url
        raise ValueError("is no database address; write postgresql://user:password@host/name or sqlite:///file")

    @field_validator("listen", mode="before")
    @classmethod
    def _host_and_port(cls, given: object) -> Listen:
        parts = re.fullmatch(r"\[?([A-Za-z0-9.:_-]+?)\]?:(\d{1,5})", str(given))
        if parts is None or int(parts[2]) > 65535:
            raise ValueError("is no address to listen on; write host:port, for example 127.0.0.1:8080")
        return Listen(parts[1], int(parts[2]))

    @field_validator("public_url", "telegram_api_url", "zalo_api_url")
    @classmethod
    def _web_address(cls, given: str) -> str:
        try:
            parts = urlsplit(given)
            whole = parts.port != 0 and parts.hostname and not (parts.query or parts.fragment)
        except ValueError:  # half a bracket, a port that is no number; Python's own words would repeat it
            whole = False
        if not whole or parts.scheme not in ("http", "https"):
            raise ValueError("is no web address; write it as https://host or https://host/path")
        if parts.scheme == "http" and parts.hostname not in _LOOPBACK:
            raise ValueError("must begin with https:// because tokens travel there")
        return given.rstrip("/")

    @field_validator("webhook_secret")
    @classmethod
    def _strong_secret(cls, secret: SecretStr) -> SecretStr:
        if not _SECRET.fullmatch(secret.get_secret_value()):
            raise ValueError("must be 16 to 256 letters, digits, _ or -; `openssl rand -hex 32` makes one")
        return secret

    @field_validator("telegram_tokens", "zalo_tokens", mode="before")
    @classmethod
    def _tokens(cls, given: object) -> tuple[SecretStr, ...]:
        tokens = [token for token in re.split(r"[,\s]+", str(given)) if token]
        for place, token in enumerate(tokens, 1):
            if not _TOKEN.fullmatch(token):
                raise ValueError(
                    f"holds no bot token in place {place}; copy it as <digits>:<letters>, several by comma"
                )
        if len({token.partition(":")[0] for token in tokens}) < len(tokens):
            raise ValueError("names one bot twice; keep one token a bot")
        return tuple(SecretStr(token) for token in tokens)

    @field_validator("timezone", mode="before")
    @classmethod
    def _known_zone(cls, given: object) -> ZoneInfo:
        try:
            return ZoneInfo(str(given))
        except (KeyError, ValueError, OSError):
            raise ValueError("is no time zone; write it as Asia/Ho_Chi_Minh") from None

    @field_validator("language")
    @classmethod
    def _known_language(cls, given: str) -> str:
        if given not in languages():
            raise ValueError(f"is no language we speak; choose one of {', '.join(languages())}")
        return given

    @model_validator(mode="after")
    def _webhooks_need_a_secret(self) -> Settings:
        if self.public_url and self.outside_channels and self.webhook_secret is None:
            raise ValueError(
                f"{PREFIX}WEBHOOK_SECRET is missing and {PREFIX}PUBLIC_URL asks for webhooks;"
                " set it to the output of `openssl rand -hex 32`, or leave the public address out to poll"
            )
        return self


def _hosts_apart(url: str) -> str:
    """Several hosts side by side (`a:5432,b:5432`), as libpq takes them, stand in the query for SQLAlchemy."""
    authority, _, rest = url.partition("://")[2].partition("/")
    login, at, hosts = authority.rpartition("@")
    if "," not in hosts:
        return url
    query = "&".join(f"host={host}" for host in hosts.split(","))
    return f"postgresql+psycopg://{login}{at}/{rest}{'&' if '?' in rest else '?'}{query}"


def load_settings(environ: Mapping[str, str]) -> Settings:
    """The settings in an environment; empty values count as unset. Raises BrokenSetting."""
    ours = {name: value.strip() for name, value in environ.items() if name.startswith(PREFIX) and value.strip()}
    _refuse_near_misses(ours)
    values = {name.removeprefix(PREFIX).lower(): value for name, value in ours.items()}
    for name in FROM_FILES:
        if secret := _from_file(name, ours):
            values[name.lower()] = secret
    try:
        return Settings.model_validate(values)
    except ValidationError as broken:
        raise BrokenSetting(_one_line(broken)) from None


def setting_names() -> tuple[str, ...]:
    """Every name an operator may set."""
    plain = (PREFIX + name.upper() for name in Settings.model_fields)
    return (*plain, *(f"{PREFIX}{name}_FILE" for name in FROM_FILES))


def _refuse_near_misses(ours: Mapping[str, str]) -> None:
    known = setting_names()
    for name in ours:
        if name in known or name.startswith(_FOR_TESTS):
            continue
        if meant := difflib.get_close_matches(name, known, n=1, cutoff=0.85):
            raise BrokenSetting(f"{name} is no setting; {meant[0]} is: rename it")


def _from_file(name: str, ours: Mapping[str, str]) -> str | None:
    path = ours.get(f"{PREFIX}{name}_FILE")
    if path is None:
        return None
    if PREFIX + name in ours:
        raise BrokenSetting(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set; keep one")
    try:
        secret = Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise BrokenSetting(f"{PREFIX}{name}_FILE: {path} can't be read; check its path and who may read it") from None
    if not secret:
        raise BrokenSetting(f"{PREFIX}{name}_FILE: {path} is empty; write the secret into it")
    return secret


def _one_line(broken: ValidationError) -> str:
    first = broken.errors(include_url=False, include_input=False)[0]
    why = str(first.get("ctx", {}).get("error") or first["msg"])
    if not first["loc"]:
        return why
    return f"{PREFIX}{str(first['loc'][0]).upper()} {why[0].lower()}{why[1:]}"

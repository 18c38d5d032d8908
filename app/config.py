"""Typed settings from the environment; refuses to start in production with a missing or weak secret."""

import secrets
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, ModelWrapValidatorHandler, PrivateAttr, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

MINIMUM_SECRET_BYTES = 32
MINIMUM_SECRET_CHARACTERS = 10
SECRETS = ("secret_key", "vault_key", "audit_key")
ROOT = Path(__file__).resolve().parent.parent
# The umask of our processes: what they write is for nobody else on the machine.
PRIVATE = 0o077
DOMAIN_MODULES = ("competitions", "seminars", "scoring", "awards", "reports")

Names = Annotated[tuple[str, ...], NoDecode]


# Where the address that `./run` printed is left, and the one there is before any.
ADDRESS, LOCAL_ADDRESS = "address", "http://127.0.0.1:8000"


class MisconfiguredError(Exception):
    """The settings cannot be used; the message names the setting and the cure."""


class Settings(BaseSettings):
    """All settings of the installation. Names are those of the environment without the prefix BAIQAU_."""

    _is_addressed: bool = PrivateAttr(default=False)
    model_config = SettingsConfigDict(env_prefix="BAIQAU_", env_file=".env", extra="ignore", frozen=False)

    env: Literal["development", "production"] = "development"
    secret_key: SecretStr = SecretStr("")
    vault_key: SecretStr = SecretStr("")
    audit_key: SecretStr = SecretStr("")
    backup_key: SecretStr | None = None
    signing_pkcs12: Path | None = None
    data: Path = ROOT / "var"
    database_url: str = ""
    storage_url: str = ""
    jobs_url: str = ""
    limits_url: str = ""
    smtp_url: str = ""
    sms_url: str = ""
    telegram_token: SecretStr | None = None
    push_key: SecretStr | None = None
    base_url: str = ""
    proxies: int = 0
    metrics_token: SecretStr | None = None
    timezone: str = "Asia/Almaty"
    languages: Names = ("kk", "ru", "en")
    modules: Names = DOMAIN_MODULES
    # Argon2 costs are lowered by the tests only, where thousands of demo accounts sign in.
    password_memory_kib: int = Field(default=65536, ge=8)
    password_rounds: int = Field(default=3, ge=1)
    # How many people may sign up from one network within an hour; a hall with one Wi-Fi needs more.
    sign_ups_per_hour: int = Field(default=5, ge=1)

    @model_validator(mode="wrap")
    @classmethod
    def _named(cls, given: object, settle: ModelWrapValidatorHandler[Self]) -> Self:
        """What cannot be read is named like what is missing; its value is not told: it may be a secret."""
        try:
            return settle(given)
        except ValidationError as error:
            wrong = [(str(one["loc"][0]), one["msg"]) for one in error.errors(include_input=False, include_url=False)]
        raise MisconfiguredError("\n".join(f"Set BAIQAU_{name.upper()} anew: {reason}." for name, reason in wrong))

    @field_validator("languages", "modules", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @property
    def is_production(self) -> bool:
        """Whether demo data and generated secrets are forbidden."""
        return self.env == "production"

    @property
    def host(self) -> str:
        """The host of the site, for letters."""
        return urlsplit(self.base_url).hostname or "localhost"

    @model_validator(mode="after")
    def _complete(self) -> Self:
        self.data = self.data.resolve()
        if self.is_production:
            self._refuse_weak_secrets()
        else:
            self._make_development_secrets()
        self.database_url = self.database_url or f"sqlite:///{self.data / 'baiqau.sqlite3'}"
        self.storage_url = self.storage_url or f"file://{self.data / 'files'}"
        self._is_addressed = bool(self.base_url)
        self.base_url = (self.base_url or self._printed_address()).rstrip("/")
        return self

    @property
    def is_addressed(self) -> bool:
        """Whether somebody has set the address of the site; else it is the one that `./run` printed last."""
        return self._is_addressed

    def leave_address(self, address: str) -> None:
        """Let the commands beside a running `./run` print links that lead to it."""
        (self.data / ADDRESS).write_text(address)

    def _printed_address(self) -> str:
        left = self.data / ADDRESS
        return left.read_text().strip() if not self.is_production and left.exists() else LOCAL_ADDRESS

    def _refuse_weak_secrets(self) -> None:
        """Short, made of few characters, or one key for two purposes: each is as good as none."""
        given = {name: getattr(self, name).get_secret_value().strip() for name in SECRETS}
        weak = [
            f"BAIQAU_{name.upper()}"
            for name, value in given.items()
            if len(value.encode()) < MINIMUM_SECRET_BYTES
            or len(set(value)) < MINIMUM_SECRET_CHARACTERS
            or list(given.values()).count(value) > 1
        ]
        if weak:
            message = (
                f"Set {', '.join(weak)}: at least {MINIMUM_SECRET_BYTES} random bytes each, "
                f"of {MINIMUM_SECRET_CHARACTERS} different characters or more, no two alike."
            )
            raise MisconfiguredError(message)

    def _make_development_secrets(self) -> None:
        """Keep development secrets in `var/`, so that sessions and encrypted columns survive a restart."""
        for name in SECRETS:
            if getattr(self, name).get_secret_value():
                continue
            path = self.data / "secrets" / name
            if not path.exists():
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                path.touch(mode=0o600)
                path.write_text(secrets.token_urlsafe(MINIMUM_SECRET_BYTES))
            setattr(self, name, SecretStr(path.read_text().strip()))

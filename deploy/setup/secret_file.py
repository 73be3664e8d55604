"""The secrets of one stack: made once, kept in `secrets.env` (readable by its owner only), never printed."""

import os
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from secrets import token_bytes, token_urlsafe

from dotenv import dotenv_values

from deploy.setup.service_names import DATABASES

FILE_NAME = "secrets.env"
ADMINISTRATOR_PASSWORD = "FLA_DATABASE_ADMINISTRATOR_PASSWORD"  # noqa: S105 - the name of a setting
INTERNAL_KEY = "FLA_INTERNAL_KEY"
VAULT_KEY = "FLA_VAULT_KEY"


def password_name(database: str) -> str:
    """The name of the secret that is a database owner's password: `FLA_GATEWAY_DATABASE_PASSWORD`."""
    return f"{database.upper()}_DATABASE_PASSWORD"


def database_passwords(secrets: Mapping[str, str]) -> dict[str, str]:
    """The owners' passwords by database name."""
    return {database: secrets[password_name(database)] for database in DATABASES}


def secrets_of(state_dir: Path) -> Mapping[str, str]:
    """Reads the secrets of a stack; makes and stores those that are not there yet.

    A secret given in the environment (`FLA_VAULT_KEY=...`) is the operator's own: it is used and not stored.
    """
    path = state_dir / FILE_NAME
    stored = {name: value for name, value in dotenv_values(path).items() if value} if path.is_file() else {}
    complete = {name: stored.get(name) or make() for name, make in _makers().items()}
    if complete != stored:
        _store(path, stored | complete)
    return {name: os.environ.get(name) or value for name, value in (stored | complete).items()}


def _makers() -> dict[str, "_Maker"]:
    passwords = {password_name(database): _password for database in DATABASES}
    return {ADMINISTRATOR_PASSWORD: _password, **passwords, INTERNAL_KEY: _password, VAULT_KEY: _key}


class _Maker:
    """Makes one random secret as text without characters that need quoting anywhere."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __call__(self) -> str:
        return token_urlsafe(self.size)


class _KeyMaker(_Maker):
    def __call__(self) -> str:
        return b64encode(token_bytes(self.size)).decode("ascii")


_password = _Maker(32)
_key = _KeyMaker(32)


def _store(path: Path, secrets: Mapping[str, str]) -> None:
    """Writes the file whole or not at all: half a file of secrets would make the vault unreadable."""
    path.parent.mkdir(parents=True, exist_ok=True)
    attempt = path.with_suffix(".new")
    attempt.unlink(missing_ok=True)
    descriptor = os.open(attempt, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("# The secrets of this stack. Without FLA_VAULT_KEY the identity vault cannot be read.\n")
        file.writelines(f"{name}={value}\n" for name, value in secrets.items())
        file.flush()
        os.fsync(file.fileno())
    attempt.replace(path)

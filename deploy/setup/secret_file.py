"""The secrets of one stack: made once, kept in `secrets.env` (readable by its owner only), never printed."""

import os
from base64 import b64encode
from collections.abc import Callable, Mapping
from pathlib import Path
from secrets import token_bytes, token_urlsafe

from dotenv import dotenv_values

from deploy.setup.service_names import DATABASES

FILE_NAME = "secrets.env"
ADMINISTRATOR_PASSWORD = "FLA_DATABASE_ADMINISTRATOR_PASSWORD"  # noqa: S105 - the name of a setting
INTERNAL_KEY = "FLA_INTERNAL_KEY"
VAULT_KEY = "FLA_VAULT_KEY"


def password_name(database: str) -> str:
    """Name the setting of a database owner's password: `FLA_GATEWAY_DATABASE_PASSWORD`."""
    return f"{database.upper()}_DATABASE_PASSWORD"


def database_passwords(secrets: Mapping[str, str]) -> dict[str, str]:
    """Select the owners' passwords (dict[database, password])."""
    return {database: secrets[password_name(database)] for database in DATABASES}


def secrets_of(state_dir: Path) -> Mapping[str, str]:
    """Read the secrets of a stack; make and store those that are not there yet.

    A secret given in the environment (`FLA_VAULT_KEY=...`) is the operator's own: it is used and not stored.
    """
    path = state_dir / FILE_NAME
    stored = {name: value for name, value in dotenv_values(path).items() if value} if path.is_file() else {}
    complete = {name: stored.get(name) or make() for name, make in _MAKERS.items()}
    if complete != stored:
        _store(path, stored | complete)
    return {name: os.environ.get(name) or value for name, value in (stored | complete).items()}


def _password() -> str:
    """Make a random text without characters that need quoting anywhere."""
    return token_urlsafe(32)


def _key() -> str:
    """Make a random key of 32 bytes, in base64."""
    return b64encode(token_bytes(32)).decode("ascii")


_MAKERS: Mapping[str, Callable[[], str]] = {
    ADMINISTRATOR_PASSWORD: _password,
    **dict.fromkeys(map(password_name, DATABASES), _password),
    INTERNAL_KEY: _password,
    VAULT_KEY: _key,
}


def _store(path: Path, secrets: Mapping[str, str]) -> None:
    """Write the file whole or not at all: half a file of secrets would make the vault unreadable."""
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

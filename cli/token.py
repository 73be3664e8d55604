"""`fla token --client NAME`: get an access token for software; `access_token` is the function behind it.

The client's private key signs an assertion (RFC 7523), the identity provider answers with an access token of ten
minutes, which is kept (mode 600) and shown again until a minute before it expires.
"""

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Final

import httpx
import typer
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.checkout import ROOT, absolute
from shared.access.client_assertion import assertion_fields, private_key_from_file

_RENEW_SECONDS: Final = 60
_TIMEOUT_SECONDS: Final = 10


class TokenRefusedError(Exception):
    """The error when no token could be had; its text says why and what to do, in one sentence for a person."""


class TokenSettings(BaseSettings):
    """Settings: the folder of keys and tokens, and the identity provider."""

    model_config: ClassVar[SettingsConfigDict] = SettingsConfigDict(
        env_prefix="FLA_", env_file=ROOT / ".env", env_ignore_empty=True, extra="ignore"
    )

    port_offset: int = Field(0, description="Added to every default port, so that several stacks fit one machine.")
    state_dir: Path = Field(Path(".local"), description="Data, logs and secrets of this checkout.")
    oidc_issuer: str = Field("", description="Issuer of the identity provider; empty: the demo identity provider.")

    @field_validator("state_dir")
    @classmethod
    def _absolute(cls, path: Path) -> Path:
        return absolute(path)

    @property
    def issuer(self) -> str:
        return self.oidc_issuer.rstrip("/") or f"http://127.0.0.1:{8090 + self.port_offset}"

    @property
    def client_keys(self) -> Path:
        return self.state_dir / "clients"


def register(app: typer.Typer) -> None:
    """Add this module's command to the index."""
    app.command("token")(token)


def token(
    client: Annotated[str, typer.Option(help="Client whose key is in the state folder, for instance noordzee-hr.")],
    scope: Annotated[
        list[str] | None, typer.Option(help="Ask for this scope only; may be given more than once.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with a JSON object.")] = False,
) -> None:
    """Print an access token for the API, to put after `Authorization: Bearer`."""
    try:
        value = access_token(client, scopes=tuple(scope or ()))
    except TokenRefusedError as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(1) from refusal
    typer.echo(json.dumps({"client": client, "accessToken": value}) if as_json else value)


@dataclass(frozen=True, slots=True)
class _KeptToken:
    value: str
    expires: float

    def is_fresh(self, now: float) -> bool:
        return now < self.expires - _RENEW_SECONDS


def access_token(
    client: str,
    issuer: str | None = None,
    *,
    scopes: tuple[str, ...] = (),
    settings: TokenSettings | None = None,
    clock: Callable[[], float] = time.time,
) -> str:
    """Get a valid access token of this client, kept or new. No `scopes`: all that the client may have.

    The key is `<state dir>/clients/<client>.jwk`. Raises TokenRefusedError.
    """
    settings = settings or TokenSettings()
    issuer = (issuer or settings.issuer).rstrip("/")
    file = _token_file(settings, client, issuer, scopes)
    kept = _read(file)
    if kept is None or not kept.is_fresh(clock()):
        kept = _fetch(client, issuer, scopes, settings, clock())
        _write(file, kept)
    return kept.value


def _fetch(client: str, issuer: str, scopes: tuple[str, ...], settings: TokenSettings, now: float) -> _KeptToken:
    key_file = settings.client_keys / f"{client}.jwk"
    try:
        key = private_key_from_file(key_file)
    except FileNotFoundError as error:
        raise TokenRefusedError(_no_key(client, settings)) from error
    except ValueError as error:
        raise TokenRefusedError(str(error)) from error
    try:
        with httpx.Client(timeout=_TIMEOUT_SECONDS) as http:
            endpoint = _token_endpoint(http, issuer)
            form = {"grant_type": "client_credentials", **assertion_fields(client, endpoint, key, now)}
            if scopes:
                form["scope"] = " ".join(scopes)
            response = http.post(endpoint, data=form)
            answer: dict[str, Any] = response.json()
    except (httpx.HTTPError, ValueError) as error:
        reason = f"The identity provider {issuer} does not answer as it should ({type(error).__name__})."
        raise TokenRefusedError(f"{reason} Is the stack running (make status)?") from error
    if response.is_error:
        said = answer.get("error_description") or answer.get("error")
        raise TokenRefusedError(f"The identity provider refused client {client}: {said}.")
    return _KeptToken(str(answer["access_token"]), now + float(answer.get("expires_in", 0)))


def _token_endpoint(http: httpx.Client, issuer: str) -> str:
    response = http.get(f"{issuer}/.well-known/openid-configuration")
    response.raise_for_status()
    document = response.json()
    if str(document.get("issuer", "")).rstrip("/") != issuer:
        raise TokenRefusedError(f"The provider at {issuer} calls itself {document.get('issuer')}.")
    return str(document["token_endpoint"])


def _no_key(client: str, settings: TokenSettings) -> str:
    known = sorted(path.stem for path in settings.client_keys.glob("*.jwk"))
    there = f"There are keys for: {', '.join(known)}." if known else "Start the stack once (make up): it makes them."
    return f"No key for client {client} in {settings.client_keys}. {there}"


def _token_file(settings: TokenSettings, client: str, issuer: str, scopes: tuple[str, ...]) -> Path:
    digest = hashlib.sha256("\n".join([client, issuer, *sorted(scopes)]).encode()).hexdigest()[:16]
    return settings.state_dir / "tokens" / f"{digest}.json"


def _read(file: Path) -> _KeptToken | None:
    """Read the kept token; None for a file that is missing or not readable as one."""
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
        return _KeptToken(str(kept["token"]), float(kept["expires"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path, token: _KeptToken) -> None:
    """Write the token whole or not at all, as another command may read it now. mkstemp makes the file with mode 600."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as written:
        json.dump({"token": token.value, "expires": token.expires}, written)
    Path(draft).replace(file)

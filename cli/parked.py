"""`fla parked`: list the parked records of every service; `release` tries a key again, `drop` gives a record up.

The operator's page does the same. This asks the services themselves, with a token signed by FLA_INTERNAL_KEY: it
works on the machine where they run, also while the gateway or the identity provider is down.
"""

import getpass
import json
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Final

import httpx
import typer

from cli.gateway_client import TechnicalError
from cli.output import say_failure
from cli.submit import Exit
from deploy.local.services import address
from deploy.local.settings import LocalSettings
from deploy.setup.secret_file import FILE_NAME, INTERNAL_KEY, secrets_of
from deploy.setup.service_names import SERVICES
from shared.access.internal_tokens import InternalTokens
from shared.access.scope import ALL_ENTERPRISES, ActorKind, Role, Scope
from shared.reasons import LONGEST_REASON, ReasonRefusedError, checked_reason

_SECONDS: Final = 10
_NOT_FOUND: Final = 404

commands = typer.Typer(help="Show the records that wait for a person; release or drop them.")

Service = Annotated[str, typer.Argument(help="The service whose record it is, as the list says.")]
Topic = Annotated[str, typer.Argument(help="The topic, as the list says.")]
Key = Annotated[str, typer.Argument(help="The key, as the list says.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the index."""
    app.add_typer(commands, name="parked")


@commands.callback(invoke_without_command=True)
def parked(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with a JSON object.")] = False,
) -> None:
    """List the parked keys of all services: why the first record of each could not be handled, and since when."""
    if context.invoked_subcommand is not None:
        return
    with _one_sentence():
        _tokens()
    found: list[dict[str, Any]] = []
    away = False
    for name in SERVICES:
        try:
            found += [{"service": name, **item} for item in _ask("GET", name, "")["items"]]
        except TechnicalError as failure:
            say_failure(failure)
            away = True
    if as_json:
        typer.echo(json.dumps({"items": found}, ensure_ascii=False))
    elif found:
        typer.echo("\n".join(map(_lines, found)))
    elif not away:
        typer.echo("Nothing is parked.")
    if away:
        raise typer.Exit(Exit.TECHNICAL)


@commands.command()
def release(service: Service, topic: Topic, key: Key) -> None:
    """Try a key's records again, in order, within seconds."""
    with _one_sentence():
        _ask("POST", service, "/release", {"topic": topic, "key": key})
    typer.echo("They are tried again within seconds; what still fails stays parked: fla parked")


@commands.command()
def drop(
    service: Service,
    topic: Topic,
    key: Key,
    reason: Annotated[str, typer.Option(help="Why it is given up; kept beside it.")],
) -> None:
    """Give up the first record of a key for good; it is kept as evidence. Those behind it are tried again."""
    with _one_sentence():
        try:
            given = checked_reason(reason)
        except ReasonRefusedError as error:
            raise TechnicalError(
                f"Say in at least three characters, at most {LONGEST_REASON} and without a national number, "
                "why the record is given up."
            ) from error
        _ask("POST", service, "/drop", {"topic": topic, "key": key, "reason": given})
    typer.echo("Its first record is given up; those behind it are tried again within seconds: fla parked")


@contextmanager
def _one_sentence() -> Iterator[None]:
    try:
        yield
    except TechnicalError as failure:
        say_failure(failure)
        raise typer.Exit(Exit.TECHNICAL) from failure


def _tokens() -> InternalTokens:
    folder = LocalSettings().state_dir
    if INTERNAL_KEY not in os.environ and not (folder / FILE_NAME).is_file():
        raise TechnicalError(f"No key to ask the services with: set {INTERNAL_KEY}, or start the stack once (make up).")
    return InternalTokens(secrets_of(folder)[INTERNAL_KEY])


def _ask(method: str, service: str, path: str, body: dict[str, str] | None = None) -> Any:
    if service not in SERVICES:
        raise TechnicalError(f"There is no service {service}; there are {', '.join(SERVICES)}.")
    operator = Scope(
        ActorKind.SYSTEM, f"{getpass.getuser()} (command line)", ALL_ENTERPRISES, roles=frozenset({Role.OPERATOR})
    )
    tokens = _tokens()
    url = f"{address(LocalSettings().ports, service)}/internal/parked{path}"
    try:
        answer = httpx.request(method, url, json=body, headers=tokens.authorization(operator), timeout=_SECONDS)
        if answer.status_code == _NOT_FOUND:
            raise TechnicalError(
                f"The {service} service has nothing parked under this topic and key any more: fla parked"
            )
        answer.raise_for_status()
        return answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise TechnicalError(
            f"The {service} service does not answer as it should ({type(error).__name__})."
            " Is the stack running (make status)?"
        ) from error


def _lines(item: dict[str, Any]) -> str:
    """Write a parked key in two lines; the first is what `release` and `drop` want, to be copied as it is."""
    named = shlex.join([item["service"], item["topic"], item["key"]])
    since = datetime.fromisoformat(item["since"]).astimezone().isoformat(" ", "minutes")
    return f"{named}\n    {item['records']} records since {since}. {item['error']}"

"""`fla up` and `fla down`: the local stack from the command line."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from deploy.local import down as going_down
from deploy.local import up as coming_up
from deploy.local.failure import StartFailure
from deploy.local.progress import Reporter
from deploy.local.settings import EVERYTHING, SERVERS, LocalSettings, Part

_GROUPS = {"servers": SERVERS, "all": EVERYTHING}


def register(app: typer.Typer) -> None:
    """Adds this module's commands to the index."""
    app.command("up")(up)
    app.command("down")(down)


def up(
    only: Annotated[
        str, typer.Option(help="Start only these: servers, or names separated by commas (kafka, postgres, ...).")
    ] = "all",
) -> None:
    """Start everything that is stopped, wait until it is healthy, and say what to open. Keeps all data."""
    report = Reporter(Console())
    with one_sentence(report.console):
        settings, parts = LocalSettings(), _parts(only)
        coming_up.bring_up(settings, parts, report)
        report.line(f"Started in {report.elapsed_seconds:.1f} s.")


def down() -> None:
    """Stop everything that `fla up` started. All data stays."""
    report = Reporter(Console())
    with one_sentence(report.console):
        going_down.take_down(LocalSettings(), report)


@contextmanager
def one_sentence(console: Console) -> Iterator[None]:
    """Turns a failure into one sentence and what to do about it, and exit code 1."""
    try:
        yield
    except StartFailure as failure:
        console.print(f"[red]✗[/red] {escape(failure.sentence)}", highlight=False, soft_wrap=True)
        console.print(f"  {escape(failure.remedy)}", highlight=False, soft_wrap=True)
    except ValidationError as errors:
        first = errors.errors()[0]
        name = "FLA_" + "_".join(str(part) for part in first["loc"]).upper()
        console.print(f"[red]✗[/red] The setting {name} is not right: {first['msg']}.", highlight=False)
        console.print(f"  Correct {name} in the environment or in .env.", highlight=False)
    else:
        return
    raise typer.Exit(1)


def _parts(only: str) -> frozenset[Part]:
    names = [name.strip() for name in only.split(",") if name.strip()]
    try:
        return frozenset().union(*(_GROUPS.get(name) or {Part(name)} for name in names))
    except ValueError as error:
        raise StartFailure(
            f"There is no part called '{only}'.", f"The parts are: servers, {', '.join(Part)}."
        ) from error

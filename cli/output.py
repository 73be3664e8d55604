"""What every command writes in the same way: progress, failures as one sentence, one JSON object for software."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.markup import escape

from deploy.failure import StartFailure
from deploy.progress import Reporter

AsJson = Annotated[bool, typer.Option("--json", help="Answer with a JSON object.")]


def reporter(as_json: bool) -> Reporter:
    """Make the reporter of a command; with `as_json` it writes to standard error, beside the one JSON object."""
    return Reporter(Console(stderr=as_json))


def say_failure(failure: Exception | str) -> None:
    """Print one sentence on standard error."""
    if isinstance(failure, OSError):
        failure = f"{failure.filename}: {failure.strerror}" if failure.filename else str(failure)
    Console(stderr=True).print(f"[red]✗[/red] {escape(str(failure))}", highlight=False, soft_wrap=True)


def wrong_setting(errors: ValidationError) -> tuple[str, str]:
    """Name the environment variable of the first wrong setting, and what is wrong with it."""
    first = errors.errors()[0]
    return "FLA_" + "_".join(str(part) for part in first["loc"]).upper(), first["msg"].removeprefix("Value error, ")


@contextmanager
def one_sentence(console: Console) -> Iterator[None]:
    """Turn a failure into one sentence and what to do about it, and exit code 1 (130 after Ctrl-C)."""
    try:
        yield
    except StartFailure as failure:
        console.print(f"[red]✗[/red] {escape(failure.sentence)}", highlight=False, soft_wrap=True)
        console.print(f"  {escape(failure.remedy)}", highlight=False, soft_wrap=True)
    except KeyboardInterrupt:
        console.print("[red]✗[/red] Interrupted. What was started goes on; nothing is lost.", highlight=False)
        console.print("  See it with 'make status', stop it with 'make down', go on with 'make up'.", highlight=False)
        raise typer.Exit(130) from None
    except OSError as error:
        console.print(f"[red]✗[/red] {escape(_system_reason(error))}.", highlight=False, soft_wrap=True)
        console.print("  Correct that (permissions, disk space), then run the same command again.", highlight=False)
    except ValidationError as errors:
        name, reason = wrong_setting(errors)
        sentence = f"[red]✗[/red] The setting {name} is not right: {escape(reason)}."
        console.print(sentence, highlight=False, soft_wrap=True)
        console.print(f"  Correct {name} in the environment or in .env.", highlight=False, soft_wrap=True)
    else:
        return
    raise typer.Exit(1)


def _system_reason(error: OSError) -> str:
    reason = error.strerror or str(error) or type(error).__name__
    return f"{reason}: {error.filename}" if error.filename else reason

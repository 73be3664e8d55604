"""`fla batches` lists what was sent; `fla report ID` fetches the itemised outcomes of one file."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli.gateway_client import GatewayClient, TechnicalError
from cli.output import say_failure
from cli.submit import Exit
from shared.i18n import Language

_COUNTS: Final = {"Declared": "declared", "Refused": "refused"}

ClientName = Annotated[str | None, typer.Option(help="Ask as this client; else FLA_CLIENT.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands to the index."""
    app.command("batches")(batches)
    app.command("report")(report)


def batches(
    client: ClientName = None,
    page: Annotated[int, typer.Option(min=1, help="Page of the list.")] = 1,
    page_size: Annotated[int, typer.Option(min=1, max=500, help="Batches a page.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with a JSON object.")] = False,
) -> None:
    """List the files that were sent, newest first."""
    try:
        found = GatewayClient(client).call("GET", "/batches", params={"page": page, "pageSize": page_size}).json()
    except TechnicalError as failure:
        say_failure(failure)
        raise typer.Exit(Exit.TECHNICAL) from failure
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    Console().print(_table(found["items"]))
    if "next" in found:
        typer.echo(f"{found['total']} in all; the next: fla batches --page {page + 1}")


def report(
    batch: Annotated[str, typer.Argument(help="The batch's id.")],
    client: ClientName = None,
    written: Annotated[str, typer.Option("--format", help="xml, json or csv.")] = "csv",
    only: Annotated[str | None, typer.Option(help="Only accepted, acceptedWithWarnings, unchanged or refused.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write to this file.", dir_okay=False)] = None,
    language: Annotated[Language, typer.Option(help="Language of the anomalies.")] = Language.ENGLISH,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Fetch every declaration's outcome; it is written as it comes, however long it is."""
    parameters = {"format": "json" if as_json else written, "lang": language} | ({"only": only} if only else {})
    draft = out.with_name(f"{out.name}.part") if out is not None else None
    try:
        with GatewayClient(client).stream("GET", f"/batches/{batch}/report", params=parameters) as answer:
            if draft is None:
                for piece in answer.iter_bytes():
                    sys.stdout.buffer.write(piece)
                sys.stdout.buffer.flush()
            else:
                with draft.open("wb") as target:
                    for piece in answer.iter_bytes():
                        target.write(piece)
        if draft is not None and out is not None:
            draft.replace(out)
    except BrokenPipeError:
        raise  # whoever reads has seen enough; the framework ends quietly
    except (TechnicalError, OSError) as failure:
        say_failure(failure)
        raise typer.Exit(Exit.TECHNICAL) from failure
    finally:
        # A report that broke off must not look like a whole one.
        if draft is not None:
            draft.unlink(missing_ok=True)


def _table(items: list[dict[str, Any]]) -> Table:
    """Build the table that fits a terminal of 80 columns; `--json` has everything."""
    table = Table(box=None, pad_edge=False)
    table.add_column("Batch", no_wrap=True, min_width=36)
    table.add_column("State", no_wrap=True)
    for heading in _COUNTS:
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("File", overflow="fold")
    for item in items:
        state = "simulated" if item["mode"] == "simulation" and item["state"] == "completed" else item["state"]
        counts = [item.get(name, "") for name in _COUNTS.values()]
        table.add_row(*(escape(str(value)) for value in (item["id"], state, *counts, item.get("fileName", ""))))
    return table

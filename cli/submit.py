"""`fla submit FILE`: send a batch file and, with `--follow`, wait until every declaration is decided.

Exit codes: 0 all accepted, 1 some refused, 2 the file was rejected, 3 a technical failure, 130 stopped with Ctrl-C.
"""

import json
import time
from collections.abc import Callable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Final, Self

import stamina
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from cli.gateway_client import GatewayClient, ProblemAnswer, TechnicalError
from cli.output import say_failure
from shared.i18n import Language

_PIECE: Final = 256 * 1024
_POLL_SECONDS: Final = 0.4
_PATIENCE_SECONDS: Final = 60.0
_SHOWN: Final = 50
_KNOWN: Final = 200  # a new file is answered with 202
_SERVER_ERROR: Final = 500
_FINAL: Final = frozenset({"completed", "rejected", "cancelled", "interrupted"})
_GZIP: Final = b"\x1f\x8b"

SENDING: Final = "Sending"
CHECKING: Final = "Checking"
PROCESSING: Final = "Processing"


class Exit(IntEnum):
    """The exit codes, for scripts."""

    ALL_ACCEPTED = 0
    SOME_REFUSED = 1
    FILE_REJECTED = 2
    TECHNICAL = 3
    STOPPED = 130


def register(app: typer.Typer) -> None:
    """Add this module's command to the index."""
    app.command("submit")(submit)


def submit(
    file: Annotated[Path, typer.Argument(help="The XML file, plain or gzip.")],
    client: Annotated[str | None, typer.Option(help="Send as this client; else FLA_CLIENT.")] = None,
    follow: Annotated[bool, typer.Option("--follow", help="Stay until every declaration is decided.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer with a JSON object.")] = False,
    simulate: Annotated[bool, typer.Option("--simulate", help="Rehearse: nothing is registered.")] = False,
    language: Annotated[Language, typer.Option(help="Language of the anomalies.")] = Language.ENGLISH,
) -> None:
    """Send a batch file. Sending the same file again changes nothing."""
    console = Console(quiet=as_json)
    batch: dict[str, Any] = {}
    try:
        gateway = GatewayClient(client, language)
        with Bars(console) as bars:
            batch = _upload(gateway, file, simulate=simulate, bars=bars)
            if follow:
                batch = _follow(gateway, batch, bars)
        refused = _refused(gateway, batch) if follow and batch.get("refused") else []
    except (TechnicalError, OSError) as failure:
        say_failure(failure)
        _say_stored(batch)
        rejected = isinstance(failure, ProblemAnswer) and failure.status in (400, 413) and not batch
        raise typer.Exit(Exit.FILE_REJECTED if rejected else Exit.TECHNICAL) from failure
    except KeyboardInterrupt:
        say_failure(
            "Stopped." if batch else "Stopped. The file was not sent, or its answer did not come: send it again."
        )
        _say_stored(batch)
        raise typer.Exit(Exit.STOPPED) from None
    if as_json:
        typer.echo(json.dumps({**batch, **({"refusedLines": refused} if follow else {})}, ensure_ascii=False))
    else:
        _show(console, batch, refused, follow=follow)
    raise typer.Exit(exit_code(batch))


def _say_stored(batch: dict[str, Any]) -> None:
    """Print that the file is processed further, for a person who stops following it."""
    if batch:
        typer.echo(
            f"The file is safe and goes on as batch {batch['id']}: fla batches, fla report {batch['id']}", err=True
        )


def exit_code(batch: dict[str, Any]) -> Exit:
    """Choose the exit code for a batch in this state."""
    if batch["state"] in ("rejected", "cancelled"):
        return Exit.FILE_REJECTED
    if batch["state"] == "interrupted":
        return Exit.TECHNICAL
    return Exit.SOME_REFUSED if batch.get("refused") else Exit.ALL_ACCEPTED


class Bars:
    """The progress bars, one per step, shown while the `with` block runs."""

    def __init__(self, console: Console) -> None:
        self._progress = Progress(
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=36),
            _Amount(),
            TimeElapsedColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, step: str, done: float, total: float) -> None:
        """Show how far a step is, in bytes or declarations."""
        if step not in self._tasks:
            self._tasks[step] = self._progress.add_task(step, total=total)
        self._progress.update(self._tasks[step], completed=done, total=total)


class _Amount(ProgressColumn):
    """The column that counts declarations and measures files in bytes."""

    _declarations = MofNCompleteColumn()
    _bytes = DownloadColumn()

    def render(self, task: Task) -> Text:
        return (self._declarations if task.description == PROCESSING else self._bytes).render(task)


def _upload(gateway: GatewayClient, file: Path, *, simulate: bool, bars: Bars) -> dict[str, Any]:
    size = file.stat().st_size
    with file.open("rb") as content:
        packed = content.read(len(_GZIP)) == _GZIP
        content.seek(0)
        response = gateway.call(
            "POST",
            "/batches",
            params={"mode": "simulation" if simulate else "production", "fileName": file.name[:200]},
            headers={
                "Content-Type": "application/gzip" if packed else "application/xml",
                "Content-Length": str(size),
            },
            content=_pieces(content, lambda sent: bars.show(SENDING, sent, size)),
        )
    batch: dict[str, Any] = response.json()
    return {**batch, "sentBefore": response.status_code == _KNOWN}


def _pieces(content: BinaryIO, on_sent: Callable[[int], None]) -> Iterator[bytes]:
    sent = 0
    on_sent(0)
    while piece := content.read(_PIECE):
        yield piece
        sent += len(piece)
        on_sent(sent)


def _follow(gateway: GatewayClient, batch: dict[str, Any], bars: Bars) -> dict[str, Any]:
    while True:
        progress = batch["progress"]
        bars.show(CHECKING, progress["checkedBytes"], batch["size"])
        if "declared" in batch:
            bars.show(PROCESSING, progress["decided"], batch["declared"])
        if batch["state"] in _FINAL:
            return batch
        time.sleep(_POLL_SECONDS)
        batch = {**batch, **_get_patiently(gateway, f"/batches/{batch['id']}")}


def _get_patiently(gateway: GatewayClient, path: str) -> dict[str, Any]:
    """Fetch the batch as it is now; while the gateway is restarted, ask again for a minute."""
    ask = stamina.RetryingCaller(
        attempts=None,
        timeout=_PATIENCE_SECONDS,
        wait_initial=_POLL_SECONDS,
        wait_max=_POLL_SECONDS,
        wait_jitter=0,
    ).on(_may_pass)
    batch: dict[str, Any] = ask(gateway.call, "GET", path).json()
    return batch


def _may_pass(failure: Exception) -> bool:
    """Tell whether asking again can help: not after an answer that blames the question."""
    if isinstance(failure, ProblemAnswer):
        return failure.status >= _SERVER_ERROR
    return isinstance(failure, TechnicalError)


def _refused(gateway: GatewayClient, batch: dict[str, Any]) -> list[dict[str, Any]]:
    report = gateway.call("GET", f"/batches/{batch['id']}/report", params={"format": "json", "only": "refused"}).json()
    items: list[dict[str, Any]] = report["items"]
    return items


def _show(console: Console, batch: dict[str, Any], refused: list[dict[str, Any]], *, follow: bool) -> None:
    console.print(f"Batch [bold]{batch['id']}[/bold]: {batch['state']}", highlight=False)
    if batch["sentBefore"]:
        console.print("This file was sent before; nothing changed.", highlight=False)
    refusal = batch.get("acknowledgement", {}).get("refusal")
    if refusal:
        _show_refusal(console, refusal)
        return
    if batch["state"] == "cancelled":
        console.print("The file was cancelled before anything of it was registered.", highlight=False)
        return
    if not follow:
        console.print("See how far it is: fla batches; its outcomes: fla report ID", highlight=False)
        return
    if batch["mode"] == "simulation":
        console.print("A simulation: nothing was registered.", highlight=False)
    console.print(
        f"{batch.get('declared', 0)} declared: {batch.get('accepted', 0)} accepted,"
        f" {batch.get('acceptedWithWarnings', 0)} accepted with warnings, {batch.get('unchanged', 0)} unchanged,"
        f" {batch.get('refused', 0)} refused",
        highlight=False,
    )
    if batch["state"] == "interrupted":
        console.print("The rest could not be registered. Send the same file again: it goes on.", highlight=False)
    if refused:
        console.print(refused_table(refused[:_SHOWN]))
    if len(refused) > _SHOWN:
        console.print(f"… and {len(refused) - _SHOWN} more: fla report {batch['id']} --only refused", highlight=False)


def refused_table(lines: list[dict[str, Any]]) -> Table:
    """Build the table of refused declarations, one row per anomaly."""
    table = Table("Line", "XML line", "Reference", "Field", "What is wrong")
    for line in lines:
        for found in line.get("anomalies", ()):
            shown = (line["line"], line.get("xmlLine", ""), line.get("reference", ""), found.get("field", ""))
            table.add_row(*(escape(str(value)) for value in shown), escape(found["text"]))
    return table


def _show_refusal(console: Console, refusal: dict[str, Any]) -> None:
    where = f" (line {refusal['line']})" if "line" in refusal else ""
    console.print(f"[red]The file was rejected{where}:[/red] {escape(refusal['text'])}", highlight=False)
    if refusal.get("violations"):
        table = Table("Line", "Reference", "Element", "What is wrong")
        for one in refusal["violations"]:
            shown = (one.get("line", ""), one.get("reference", ""), one["element"], one["text"])
            table.add_row(*(escape(str(value)) for value in shown))
        console.print(table)

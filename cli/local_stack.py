"""The local stack from the command line: `fla up`, `down`, `status`, `logs`, `reset`."""

import json
import os
import shutil
from collections import deque
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from cli import demo
from cli.output import AsJson, one_sentence, reporter
from cli.token import TokenRefusedError
from deploy.failure import StartFailure
from deploy.local import checks, welcome
from deploy.local import down as going_down
from deploy.local import reset as resetting
from deploy.local import up as coming_up
from deploy.local.settings import EVERYTHING, SERVERS, LocalSettings, StackPart
from deploy.local.stack import Stack
from deploy.local.status import PartStatus, status_of
from deploy.progress import Reporter
from deploy.setup.state_folder import exclusive

_GROUPS = {"servers": SERVERS, "all": EVERYTHING}
_COLOURS = {"UP": "green", "DEGRADED": "yellow", "DOWN": "red", "STOPPED": "dim"}


def register(app: typer.Typer) -> None:
    """Add this module's commands to the index."""
    for command in (up, down, status, logs, reset):
        app.command(command.__name__)(command)


def up(
    only: Annotated[
        str, typer.Option(help="Start only these: servers, or names separated by commas (kafka, postgres, ...).")
    ] = "all",
    as_json: AsJson = False,
) -> None:
    """Start everything that is stopped, wait until it is healthy, and say what to open. Keeps all data."""
    report = reporter(as_json)
    with one_sentence(report.console):
        settings, parts = LocalSettings(), _parts(only)
        checks.check_folders(settings)
        with exclusive(settings.state_dir, report.line):
            coming_up.bring_up(settings, parts, report)
            if parts == EVERYTHING:
                _load_demo_once(settings, report)
        report.line(f"\nStarted in {report.elapsed_seconds:.1f} s.")
        if as_json:
            _print_processes(status_of(Stack.of(settings)))
        elif parts == EVERYTHING:
            report.line(welcome.text(settings))


def down(as_json: AsJson = False) -> None:
    """Stop everything that `fla up` started. All data stays."""
    report = reporter(as_json)
    with one_sentence(report.console):
        settings = LocalSettings()
        with exclusive(settings.state_dir, report.line):
            going_down.take_down(settings, report)
        if as_json:
            # Without a state folder nothing was ever started here.
            _print_processes(status_of(Stack.of(settings)) if settings.state_dir.is_dir() else ())


def status(as_json: AsJson = False) -> None:
    """Show each process: its port, its health and how long it has been running."""
    console = Console()
    with one_sentence(Console(stderr=as_json)):
        settings = LocalSettings()
        if not settings.state_dir.is_dir():
            raise StartFailure(f"Nothing was ever started in {settings.state_dir}.", "Run 'make up' first.")
        parts = status_of(Stack.of(settings))
        if as_json:
            _print_processes(parts)
        else:
            console.print(_table(parts))


def logs(
    names: Annotated[list[str] | None, typer.Argument(help="Only these processes; without: all.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep showing what is added.")] = False,
    lines: Annotated[int, typer.Option(min=0, help="So many of the last lines of each.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Show the last lines of the logs."""
    with one_sentence(Console(stderr=as_json)):
        if as_json and follow:
            raise StartFailure("--json gives one object and cannot follow.", "Leave out --follow or --json.")
        folder = LocalSettings().logs
        files = sorted(str(path) for path in folder.glob("*.log") if not names or path.stem in names)
        tail = shutil.which("tail")
        if not files or tail is None:
            raise StartFailure(f"There is no such log in {folder}.", "Run 'make status' to see the names.")
        if as_json:
            print(
                json.dumps({"logs": [{"name": Path(file).stem, "lines": _last(Path(file), lines)} for file in files]})
            )
            return
        os.execv(tail, ["tail", "-n", str(lines), *(["-F"] if follow else []), *files])  # noqa: S606 - tail, as found on this machine


def reset(as_json: AsJson = False) -> None:
    """Erase all data of this stack, after asking (FLA_YES=1 does not ask)."""
    report = reporter(as_json)
    with one_sentence(report.console):
        settings = LocalSettings()
        report.line(resetting.WARNING.format(folder=escape(str(settings.state_dir))))
        erased = settings.yes or typer.confirm("Erase it all?", default=False, err=as_json)
        if erased:
            with exclusive(settings.state_dir, report.line):
                resetting.erase(settings, report)
        else:
            report.line("Nothing was erased.")
        if as_json:
            print(json.dumps({"erased": erased}))


def _print_processes(parts: tuple[PartStatus, ...]) -> None:
    print(json.dumps({"processes": [asdict(part) for part in parts]}, indent=2))


def _last(file: Path, lines: int) -> list[str]:
    with file.open(encoding="utf-8", errors="replace") as log:
        return [line.rstrip("\n") for line in deque(log, maxlen=lines)]


def _load_demo_once(settings: LocalSettings, report: Reporter) -> None:
    """Load the demo data, unless that was done before or nobody of it could sign in (existing provider)."""
    done = settings.state_dir / "demo-data-loaded"
    if not settings.demo_data or done.exists() or StackPart.IDENTITY_PROVIDER not in settings.local_parts:
        return
    try:
        with report.showing(), report.step("Demo data") as step:
            demo.load(settings, step.show)
    except (demo.DemoError, TokenRefusedError) as error:
        raise StartFailure(
            f"Everything runs, but the demo data is not complete: {error}",
            "Run 'make up' again to load the rest, or do without: FLA_DEMO_DATA=no make up",
        ) from error
    done.touch()


def _table(parts: tuple[PartStatus, ...]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("process", "health", "port", "pid", "running for"):
        table.add_column(heading, justify="right" if heading in ("port", "pid", "running for") else "left")
    for part in parts:
        health = f"[{_COLOURS.get(part.health, 'yellow')}]{part.health}"
        uptime = str(timedelta(seconds=part.uptime_seconds)) if part.pid else ""
        table.add_row(part.name, health, str(part.port), str(part.pid or ""), uptime)
    return table


def _parts(only: str) -> frozenset[StackPart]:
    names = [name.strip() for name in only.split(",") if name.strip()]
    try:
        return frozenset[StackPart]().union(*(_GROUPS.get(name) or {StackPart(name)} for name in names))
    except ValueError as error:
        raise StartFailure(
            f"There is no part called '{only}'.", f"The parts are: servers, {', '.join(StackPart)}."
        ) from error

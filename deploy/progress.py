"""Progress of a command: moving lines on a terminal, plain lines everywhere else."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn


class ReportedStep:
    """A step that is being done; `show` gives a detail, `count` a bar."""

    def __init__(self, reporter: "Reporter", title: str) -> None:
        self._reporter = reporter
        self._title = title
        self._task: TaskID | None = None
        if reporter.bars is not None:
            self._task = reporter.bars.add_task(title, total=None, detail="")

    def show(self, detail: str) -> None:
        if self._reporter.bars is not None and self._task is not None:
            self._reporter.bars.update(self._task, detail=detail)
        else:
            self._reporter.line(f"  {self._title}: {detail}")

    def count(self, done: int, total: int) -> None:
        """Show `done` of `total`: a bar on a terminal, nothing between the first and last line elsewhere."""
        if self._reporter.bars is not None and self._task is not None:
            self._reporter.bars.update(self._task, completed=done, total=total)

    def finish(self, seconds: float) -> None:
        if self._reporter.bars is not None and self._task is not None:
            self._reporter.bars.remove_task(self._task)
        self._reporter.line(f"[green]✓[/green] {self._title} [dim]({seconds:.1f} s)[/dim]")

    def drop(self) -> None:
        if self._reporter.bars is not None and self._task is not None:
            self._reporter.bars.remove_task(self._task)


class Reporter:
    """The reporter that a command writes its progress to. Steps may overlap, also in threads."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.bars: Progress | None = None
        self._started = time.monotonic()

    @property
    def elapsed_seconds(self) -> float:
        return time.monotonic() - self._started

    def line(self, text: str) -> None:
        self.console.print(text, highlight=False, soft_wrap=True)

    @contextmanager
    def showing(self) -> Iterator[None]:
        """Show running steps as moving lines while the `with` block runs, if the console is a terminal."""
        if not self.console.is_terminal:
            yield
            return
        columns = (
            *(SpinnerColumn(), TextColumn("{task.description}")),
            *(BarColumn(bar_width=24), MofNCompleteColumn(), TextColumn("[dim]{task.fields[detail]}")),
        )
        with Progress(*columns, console=self.console, transient=True) as self.bars:
            yield
        self.bars = None

    @contextmanager
    def step(self, title: str) -> Iterator[ReportedStep]:
        """Report a step as done, with its time, unless it failed."""
        step, started = ReportedStep(self, title), time.monotonic()
        try:
            yield step
        except BaseException:
            step.drop()
            raise
        step.finish(time.monotonic() - started)

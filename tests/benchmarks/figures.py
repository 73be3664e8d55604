"""What a benchmark found: printed at once, and handed to `python -m tests.benchmarks` for its table."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

HANDED_TO = "FLA_BENCH_FIGURES"
"""Environment variable: the file that takes one figure a line."""


@dataclass(frozen=True)
class Figure:
    """One measured value. With `at_least` or `at_most` it is a promise, without both it is for orientation."""

    what: str
    value: float
    unit: str = ""
    at_least: float | None = None
    at_most: float | None = None

    @property
    def met(self) -> bool:
        return (self.at_least is None or self.value >= self.at_least) and (
            self.at_most is None or self.value <= self.at_most
        )

    @property
    def shown(self) -> str:
        return f"{plain(self.value)} {self.unit}".strip()

    @property
    def target(self) -> str:
        if self.at_least is not None:
            return f"at least {plain(self.at_least)} {self.unit}".strip()
        return f"at most {plain(self.at_most)} {self.unit}".strip() if self.at_most is not None else ""

    @property
    def verdict(self) -> str:
        if not self.target:
            return ""
        return "met" if self.met else "MISSED"


def plain(number: float) -> str:
    """Three figures that mean something: 0.472, 13.1, 8,420."""
    if abs(number) >= 100:
        return f"{number:,.0f}"
    return f"{number:.1f}" if abs(number) >= 10 else f"{number:.2f}"


def tell(figure: Figure) -> bool:
    """Print the figure and hand it on; whether it keeps its promise."""
    target = f"  ({figure.target}: {figure.verdict})" if figure.target else ""
    print(f"{figure.what:<72} {figure.shown:>14}{target}", flush=True)
    if name := os.environ.get(HANDED_TO):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(figure)) + "\n")
    return figure.met


def told(path: Path) -> list[Figure]:
    """The figures handed over so far."""
    if not path.exists():
        return []
    return [Figure(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]

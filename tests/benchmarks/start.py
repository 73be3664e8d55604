"""How long `make up` takes: cold, with everything to be downloaded, and warm. Run: python -m tests.benchmarks.start

A copy of this checkout is started in a temporary folder: first with empty caches and without an environment, then
again after `make down`. The yardstick is the bare servers, started in the same run: what Kafka and PostgreSQL need
alone cannot be saved. Exit code 1 when a limit is passed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.checkout import ROOT
from tests.benchmarks.figures import Figure, tell
from tests.conftest import free_offset

COLD_LIMIT_SECONDS = 180
WARM_LIMIT_SECONDS = 20


@dataclass(frozen=True)
class Measured:
    """One start: what it was, how long it took, and how long it may take (None: a yardstick).

    `busy` is how many processes wanted a processor meanwhile, on average over the last minute: what else ran on the
    machine is part of the time.
    """

    title: str
    seconds: float
    busy: float
    limit_seconds: float | None

    @property
    def figure(self) -> Figure:
        return Figure(f"{self.title} (load {self.busy:.1f})", self.seconds, "s", at_most=self.limit_seconds)


def measure(offset: int, cold: bool) -> list[Measured]:
    """Starts a copy of this checkout, cold if asked and then warm, and takes it down again."""
    with copied_checkout() as folder:
        environment = environment_of(folder, offset, cold)
        measured = []
        try:
            first = timed(["make", "up"], folder, environment)
            if cold:
                measured.append(
                    Measured("cold: make up, everything to be downloaded", first, load(), COLD_LIMIT_SECONDS)
                )
            run(["make", "down"], folder, environment)
            servers = timed([".venv/bin/fla", "up", "--only", "servers"], folder, environment)
            measured.append(Measured("yardstick, the bare servers: fla up --only servers", servers, load(), None))
            run(["make", "down"], folder, environment)
            warm = timed(["make", "up"], folder, environment)
            measured.append(Measured("warm: make up after make down", warm, load(), WARM_LIMIT_SECONDS))
            again = timed(["make", "up"], folder, environment)
            measured.append(Measured("make up while everything runs", again, load(), WARM_LIMIT_SECONDS))
        finally:
            subprocess.run(["make", "reset"], cwd=folder, env=environment, capture_output=True, check=False)
        return measured


@contextmanager
def copied_checkout() -> Iterator[Path]:
    """The files of this checkout, without its environment and its data, in a folder that any user can enter."""
    top = Path(tempfile.mkdtemp(prefix="fla-start-"))
    top.chmod(0o711)
    folder = top / "checkout"
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    try:
        for name in filter(None, names.split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)
        yield folder
    finally:
        shutil.rmtree(top, ignore_errors=True)


def environment_of(folder: Path, offset: int, cold: bool) -> dict[str, str]:
    """The environment of a person who just took the checkout; cold: of one whose caches are all empty."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("FLA_", "VIRTUAL_ENV"))}
    # What this process runs in must not be taken for a Python or a uv of the machine.
    own["PATH"] = os.pathsep.join(part for part in own["PATH"].split(os.pathsep) if ".venv" not in part)
    own |= {"FLA_PORT_OFFSET": str(offset), "FLA_YES": "1"}
    if cold:
        caches = folder.parent / "caches"
        own |= {"FLA_CACHE_DIR": str(caches / "fla"), "UV_CACHE_DIR": str(caches / "uv"), "PIP_NO_CACHE_DIR": "1"}
    return own


def timed(command: list[str], folder: Path, environment: dict[str, str]) -> float:
    """Seconds that a command takes. Raises SystemExit with its output when it fails."""
    started = time.monotonic()
    run(command, folder, environment)
    return time.monotonic() - started


def load() -> float:
    return os.getloadavg()[0]


def run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    answer = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{answer.stdout}\n{answer.stderr}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warm-only", action="store_true", help="use the caches of this machine, download nothing")
    options = parser.parse_args()
    measured = measure(free_offset(), cold=not options.warm_only)
    met = [tell(one.figure) for one in measured]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())

"""`make bench`: runs every benchmark of this folder, or those named, one after another, on servers of their own.

`python -m tests.benchmarks [--record] [NAME ...]`; with --record the table also goes into `docs/benchmarks.md`.
"""

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import psutil

from deploy.checkout import ROOT
from deploy.local.stack import Stack
from tests.benchmarks.figures import HANDED_TO, Figure, told
from tests.conftest import free_offset, local_settings
from tests.support.running_stack import RunningStack

FOLDER = Path(__file__).parent
DOCUMENT = ROOT / "docs" / "benchmarks.md"
WITH_A_STACK = {"latency", "pipeline", "start"}
BEGIN, END = "<!-- the last full run -->", "<!-- end of it -->"


def benchmarks() -> list[str]:
    """A benchmark is a module here that can be run by itself."""
    modules = sorted(path for path in FOLDER.glob("*.py") if not path.name.startswith("_"))
    return [path.stem for path in modules if '__name__ == "__main__"' in path.read_text(encoding="utf-8")]


def main(names: list[str], record: bool) -> int:
    """Exit code 1 when one benchmark failed or missed its target."""
    if unknown := set(names) - set(benchmarks()):
        print(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(benchmarks())}", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="fla-bench-"))
    folder.chmod(0o711)
    servers = RunningStack(local_settings(folder / "servers", free_offset()))
    try:
        return run_all(names or benchmarks(), servers, folder, record)
    finally:
        servers.fla("down", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def run_all(names: list[str], servers: RunningStack, folder: Path, record: bool) -> int:
    servers.fla("up", "--only", "servers")
    given = {
        "FLA_TEST_DATABASE_URL": Stack.of(servers.settings).administrator_url,
        "FLA_TEST_KAFKA_BOOTSTRAP": servers.bootstrap,
    }
    failed, figures = [], {}
    for name in sorted(names, key=lambda name: name in WITH_A_STACK):
        if name in WITH_A_STACK:
            # Even idle, a second Kafka takes time from what is measured.
            servers.fla("down")
        print(f"\n--- {name}", flush=True)
        command = [sys.executable, "-m", f"tests.benchmarks.{name}"]
        handed = folder / f"{name}.jsonl"
        environment = os.environ | given | {HANDED_TO: str(handed)}
        if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode != 0:
            failed.append(name)
        figures[name] = told(handed)
    report = table(figures)
    print(f"\n{report}")
    if record:
        recorded(report)
    if failed:
        print(f"\n✗ Failed or missed a target: {', '.join(failed)}")
    return 1 if failed else 0


def table(figures: Mapping[str, Sequence[Figure]]) -> str:
    """All figures in one Markdown table, under the day and the machine they were measured on."""
    rows = [f"Measured on {date.today():%Y-%m-%d}, {machine()}.", "", "| benchmark | figure | value | target | |"]
    rows.append("| --- | --- | ---: | --- | --- |")
    for name, found in figures.items():
        rows += [f"| {name} | {one.what} | {one.shown} | {one.target} | {one.verdict} |" for one in found]
    return "\n".join(rows)


def machine() -> str:
    """What decides how fast this machine is."""
    described = Path("/proc/cpuinfo").read_text(encoding="utf-8") if Path("/proc/cpuinfo").exists() else ""
    models = [line.partition(":")[2].strip() for line in described.splitlines() if line.startswith("model name")]
    memory = psutil.virtual_memory().total / 2**30
    processor = f"{os.cpu_count()} cores ({models[0] if models else platform.processor()})"
    return f"{processor}, {memory:.0f} GiB, Python {platform.python_version()}"


def recorded(report: str) -> None:
    """Replace the table of the last full run in the document."""
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{report}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    asked = sys.argv[1:]
    sys.exit(main([name for name in asked if name != "--record"], "--record" in asked))

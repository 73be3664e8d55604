"""`make bench`: runs every benchmark of this folder, or those named, one after another, on servers of their own.

`python -m tests.benchmarks [NAME ...]`
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from deploy.local.settings import ROOT
from deploy.local.stack import Stack
from tests.conftest import free_offset, local_settings
from tests.support.running_stack import RunningStack

FOLDER = Path(__file__).parent


def benchmarks() -> list[str]:
    """A benchmark is a module here that can be run by itself."""
    modules = sorted(path for path in FOLDER.glob("*.py") if not path.name.startswith("_"))
    return [path.stem for path in modules if '__name__ == "__main__"' in path.read_text(encoding="utf-8")]


def main(names: list[str]) -> int:
    """Exit code 1 when one benchmark failed or missed its target."""
    if unknown := set(names) - set(benchmarks()):
        print(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(benchmarks())}", file=sys.stderr)
        return 2
    folder = Path(tempfile.mkdtemp(prefix="fla-bench-"))
    folder.chmod(0o711)
    servers = RunningStack(local_settings(folder / "servers", free_offset()))
    try:
        servers.fla("up", "--only", "servers")
        return run_all(names or benchmarks(), servers)
    finally:
        servers.fla("down", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def run_all(names: list[str], servers: RunningStack) -> int:
    given = {
        "FLA_TEST_DATABASE_URL": Stack.of(servers.settings).administrator_url,
        "FLA_TEST_KAFKA_BOOTSTRAP": servers.bootstrap,
    }
    failed = []
    for name in names:
        print(f"\n--- {name}", flush=True)
        command = [sys.executable, "-m", f"tests.benchmarks.{name}"]
        if subprocess.run(command, cwd=ROOT, env=os.environ | given, check=False).returncode != 0:
            failed.append(name)
    if failed:
        print(f"\n✗ Failed or missed a target: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

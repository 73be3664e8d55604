"""The whole product on servers and ports of its own, for one benchmark."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import free_offset, local_settings
from tests.support.running_stack import RunningStack


@contextmanager
def own_stack() -> Iterator[RunningStack]:
    """Up while the block lasts, with nothing left behind."""
    folder = Path(tempfile.mkdtemp(prefix="fla-bench-"))
    # PostgreSQL's system user must be able to enter.
    folder.chmod(0o711)
    stack = RunningStack(local_settings(folder / "stack", free_offset()))
    try:
        stack.fla("up")
        yield stack
    finally:
        stack.fla("down", check=False)
        shutil.rmtree(folder, ignore_errors=True)

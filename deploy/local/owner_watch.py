"""Watch the process that owns a stack and take the stack down when it is gone: no servers outlive a test run.

`python -m deploy.local.owner_watch STATE_DIR PID`
"""

import sys
import time
from pathlib import Path

import psutil

from deploy.checkout import ROOT
from deploy.local.program import Program
from deploy.local.settings import LocalSettings
from deploy.local.supervisor import Supervisor, end_left_behind

NAME = "owner-watch"
_PAUSE_SECONDS = 2


def program(settings: LocalSettings, owner_pid: int) -> Program:
    """Describe this watch's process for the supervisor."""
    return Program(
        name=NAME,
        title="The watch over the owner",
        command=(sys.executable, "-m", "deploy.local.owner_watch", str(settings.state_dir), str(owner_pid)),
        directory=ROOT,
    )


def watch(state_dir: Path, owner_pid: int) -> None:
    """Wait until the owner is gone, then stop the stack."""
    while psutil.pid_exists(owner_pid):
        time.sleep(_PAUSE_SECONDS)
    supervisor = Supervisor(state_dir)
    if not supervisor.is_running():
        end_left_behind(state_dir)
        return
    supervisor.stop(name for name in supervisor.processes() if name != NAME)
    supervisor.request_shut_down()


if __name__ == "__main__":
    watch(Path(sys.argv[1]), int(sys.argv[2]))

"""`fla down`: stop the services first, then the servers they need, then the supervisor. All data stays."""

from deploy.local import kafka, postgres
from deploy.local.settings import LocalSettings
from deploy.local.supervisor import Supervisor, end_left_behind
from deploy.progress import Reporter

_SERVERS = (kafka.NAME, postgres.NAME)


def take_down(settings: LocalSettings, report: Reporter) -> None:
    """Stop all processes of this stack, also those that lost their supervisor."""
    supervisor = Supervisor(settings.state_dir)
    if not supervisor.is_running():
        if end_left_behind(settings.state_dir):
            report.line("Ended what had lost its supervisor.")
        else:
            report.line("Nothing was running.")
        return
    with report.step("Stopped"):
        known = list(supervisor.processes())
        supervisor.stop(name for name in known if name not in _SERVERS)
        supervisor.stop(name for name in known if name in _SERVERS)
        supervisor.shut_down()

"""`python -m deploy.simulators.main`: runs the simulators until they get a signal to stop."""

import sys

from deploy.loopback_server import serve
from deploy.simulators.app import create_app
from deploy.simulators.settings import SimulatorSettings


def main() -> int:
    """Serve them. Exit code 2: the settings would open them to others, and they did not start."""
    return serve("The simulators", SimulatorSettings, lambda settings: create_app(settings.demo_dir))


if __name__ == "__main__":
    sys.exit(main())

"""`python -m deploy.simulators.main`: runs the simulators until they are told to stop."""

import sys

import uvicorn
from pydantic import ValidationError

from deploy.simulators.app import create_app
from deploy.simulators.settings import SimulatorSettings


def main() -> int:
    """Exit code 2: the settings would open them to others, and they did not start."""
    try:
        settings = SimulatorSettings()
    except ValidationError as error:
        for problem in error.errors():
            print(f"The simulators did not start: {problem['msg']}", file=sys.stderr)
        return 2
    uvicorn.run(
        create_app(settings.demo_dir),
        host=settings.simulators_host,
        port=settings.port,
        log_level=settings.log_level.lower(),
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

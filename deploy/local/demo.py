"""Loads the fictional enterprises and people once, so that there is something to see from the first minute."""

import asyncio
import os
import sys
from importlib.util import find_spec

from deploy.local import waiting
from deploy.local.failure import StartFailure
from deploy.local.progress import Reporter
from deploy.local.services import common_environment
from deploy.local.settings import ROOT, LocalSettings

_MODULE = "cli.demo"


async def load(settings: LocalSettings, report: Reporter) -> None:
    """Runs the loader unless it already ran to its end here, or is not wanted. Raises StartFailure."""
    done = settings.state_dir / "demo-data-loaded"
    if not settings.demo_data or done.exists() or find_spec(_MODULE) is None:
        return
    log = settings.logs / "demo.log"
    with report.step("Demo data"), log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", _MODULE),
            cwd=ROOT,
            env=os.environ | common_environment(settings),
            stdout=output,
            stderr=output,
        )
        if await process.wait() != 0:
            raise StartFailure(
                f"The demo data could not be loaded: {waiting.last_words(log)}",
                f"Everything else runs. Look into {log} and run 'make up' again, or do without: FLA_DEMO_DATA=no",
            )
    done.touch()

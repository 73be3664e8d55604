"""Migrations: every service's database is brought to its newest schema, side by side."""

import asyncio
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import asyncpg

from deploy.checkout import ROOT
from deploy.failure import StartFailure
from deploy.failure_reason import reason_in_log
from deploy.progress import Reporter

_NEWEST = "SELECT version_num FROM alembic_version"


async def migrate(urls: Mapping[str, str], logs: Path, report: Reporter) -> None:
    """Bring every service's database to its newest schema. `urls` by service. Raises StartFailure.

    A migration writes into `migrate-<service>.log` in the folder `logs`.
    """
    with report.step("Migrations") as step:
        async with asyncio.TaskGroup() as group:
            for service, url in urls.items():
                group.create_task(_migrate_one(service, url, logs, step.show))


async def _migrate_one(service: str, url: str, logs: Path, on_progress: Callable[[str], None]) -> None:
    if await _is_newest(service, url):
        return
    on_progress(service)
    log = logs / f"migrate-{service}.log"
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "shared.database.migrate", service),
            cwd=ROOT,
            env=os.environ | {f"FLA_{service.upper()}_DATABASE_URL": url},
            stdout=output,
            stderr=output,
        )
        if await process.wait() == 0:
            return
    raise StartFailure(
        f"The database of the {service} service could not be brought up to date: {reason_in_log(log)}",
        f"Look into {log}; nothing of the failed step was kept. Then run 'make up' again.",
    )


async def _is_newest(service: str, url: str) -> bool:
    """Ask the database itself, which is quicker than starting a migration that finds nothing to do."""
    # Imported here: these take a second, which `fla token` and its like need not wait for.
    from alembic.script import ScriptDirectory

    from shared.database.migrate import configuration

    newest = set(ScriptDirectory.from_config(configuration(service)).get_heads())
    connection = await asyncpg.connect(url, timeout=10)
    try:
        return {row["version_num"] for row in await connection.fetch(_NEWEST)} == newest
    except asyncpg.UndefinedTableError:
        return False
    finally:
        await connection.close()

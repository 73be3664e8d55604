"""`fla up`: brings up what is asked, in order, side by side where possible. Repeating it starts what is stopped."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from deploy.failure import StartFailure
from deploy.local import servers
from deploy.local.settings import LocalSettings, Part
from deploy.local.stack import Stack
from deploy.progress import Reporter


def bring_up(settings: LocalSettings, parts: frozenset[Part], report: Reporter) -> Stack:
    """Starts the asked parts with their databases and topics. Raises StartFailure with the first thing wrong."""
    stack = Stack.of(settings)
    with report.showing():
        run_reporting_first(_bring_up(stack, parts, report))
    return stack


def prepare(settings: LocalSettings, report: Reporter) -> None:
    """Gives existing servers the topics, databases and newest schemas, and starts nothing. Raises StartFailure."""
    missing = [f"FLA_{name.upper()}" for name in ("kafka_bootstrap", "database_url") if not getattr(settings, name)]
    if missing:
        raise StartFailure(
            f"Existing servers are prepared, and {' and '.join(missing)} does not name any.",
            "Name them in the environment or in .env; local servers are prepared by 'fla up'.",
        )
    stack = Stack.of(settings)
    settings.logs.mkdir(parents=True, exist_ok=True)
    with report.showing():
        run_reporting_first(_prepare(stack, report))


async def _prepare(stack: Stack, report: Reporter) -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(_kafka(stack, report))
        group.create_task(_postgres(stack, report, migrations=True))


async def _bring_up(stack: Stack, parts: frozenset[Part], report: Reporter) -> None:
    await stack.be_ready(parts)
    async with asyncio.TaskGroup() as group:
        if Part.KAFKA in parts:
            group.create_task(_kafka(stack, report))
        if Part.POSTGRES in parts:
            group.create_task(_postgres(stack, report, migrations=Part.SERVICES in parts))
        if Part.IDENTITY_PROVIDER in parts:
            group.create_task(stack.start_identity_provider(report))
        if Part.SIMULATORS in parts:
            group.create_task(stack.start_simulators(report))
    if Part.SERVICES in parts:
        await stack.start_services(report)


async def _kafka(stack: Stack, report: Reporter) -> None:
    await stack.start_kafka(report)
    await servers.prepare_topics(stack.settings, report)


async def _postgres(stack: Stack, report: Reporter, *, migrations: bool) -> None:
    await stack.start_postgres(report)
    await servers.prepare_databases(stack.settings, stack.secrets, report)
    if migrations:
        await stack.migrate(report)


def run_reporting_first(work: Coroutine[Any, Any, None]) -> None:
    """Runs tasks to their end. Of several failures at once one is told: a person mends them one after another."""
    try:
        asyncio.run(work)
    except BaseExceptionGroup as group:
        failures = group.subgroup(StartFailure) or group.subgroup(OSError)
        if failures is None:
            raise
        leaf: BaseException = failures
        while isinstance(leaf, BaseExceptionGroup):
            leaf = leaf.exceptions[0]
        raise leaf from group

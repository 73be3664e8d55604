"""`fla up`: brings up what is asked, in order, side by side where possible. Repeating it starts what is stopped."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from deploy.local import servers
from deploy.local.failure import StartFailure
from deploy.local.progress import Reporter
from deploy.local.settings import LocalSettings, Part
from deploy.local.stack import Stack


def bring_up(settings: LocalSettings, parts: frozenset[Part], report: Reporter) -> Stack:
    """Starts the asked parts with their databases and topics. Raises StartFailure with the first thing wrong."""
    stack = Stack.of(settings)
    with report.showing():
        run_reporting_first(_bring_up(stack, parts, report))
    return stack


async def _bring_up(stack: Stack, parts: frozenset[Part], report: Reporter) -> None:
    await stack.start_servers(parts, report)
    async with asyncio.TaskGroup() as group:
        if Part.KAFKA in parts:
            group.create_task(servers.prepare_topics(stack.settings, report))
        if Part.POSTGRES in parts:
            group.create_task(servers.prepare_databases(stack.settings, stack.secrets, report))


def run_reporting_first(work: Coroutine[Any, Any, None]) -> None:
    """Runs tasks to their end. Of several failures at once one is told: a person mends them one after another."""
    _first_failure(lambda: asyncio.run(work))


def _first_failure(run: Callable[[], None]) -> None:
    try:
        run()
    except BaseExceptionGroup as group:
        failures = group.subgroup(StartFailure)
        if failures is None:
            raise
        leaf: BaseException = failures
        while isinstance(leaf, BaseExceptionGroup):
            leaf = leaf.exceptions[0]
        raise leaf from group

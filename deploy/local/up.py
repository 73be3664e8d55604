"""`fla up`: start the asked parts, in order, side by side where possible. Repeated, it starts what is stopped."""

import asyncio

from deploy.local.settings import LocalSettings, StackPart
from deploy.local.stack import Stack
from deploy.progress import Reporter
from deploy.setup.migrations import migrate
from deploy.setup.prepare import prepare_databases, prepare_topics, run_reporting_first
from deploy.setup.secret_file import database_passwords


def bring_up(settings: LocalSettings, parts: frozenset[StackPart], report: Reporter) -> Stack:
    """Start the asked parts with their databases and topics. Raises StartFailure with the first thing wrong."""
    stack = Stack.of(settings)
    with report.showing():
        run_reporting_first(_bring_up(stack, parts, report))
    return stack


async def _bring_up(stack: Stack, parts: frozenset[StackPart], report: Reporter) -> None:
    await stack.be_ready(parts)
    async with asyncio.TaskGroup() as group:
        if StackPart.KAFKA in parts:
            group.create_task(_kafka(stack, report))
        if StackPart.POSTGRES in parts:
            group.create_task(_postgres(stack, report, migrations=StackPart.SERVICES in parts))
        if StackPart.IDENTITY_PROVIDER in parts:
            group.create_task(stack.start_identity_provider(report))
        if StackPart.SIMULATORS in parts:
            group.create_task(stack.start_simulators(report))
    if StackPart.SERVICES in parts:
        await stack.start_services(report)


async def _kafka(stack: Stack, report: Reporter) -> None:
    await stack.start_kafka(report)
    await prepare_topics(stack.settings.bootstrap, stack.settings.topic_partitions, report)


async def _postgres(stack: Stack, report: Reporter, *, migrations: bool) -> None:
    await stack.start_postgres(report)
    await prepare_databases(stack.administrator_url, database_passwords(stack.secrets), report)
    if migrations:
        await migrate(stack.database_urls, stack.settings.logs, report)

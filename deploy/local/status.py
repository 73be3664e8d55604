"""`fla status`: the state and the health of each part of the stack."""

import asyncio
from dataclasses import dataclass

import httpx

from deploy.failure import StartFailure
from deploy.local import kafka, postgres
from deploy.local.program import Program
from deploy.local.stack import Stack
from deploy.local.supervisor import Process, ProcessState
from deploy.setup import server_health

UP, DOWN, STOPPED = "UP", "DOWN", "STOPPED"


@dataclass(frozen=True)
class PartStatus:
    """The status of a part: `state` is the supervisor's, `health` UP, DEGRADED, DOWN or STOPPED, times in seconds.

    `port` and `pid` are 0 where there is none.
    """

    name: str
    title: str
    state: str
    health: str
    port: int
    pid: int
    uptime_seconds: int


def status_of(stack: Stack) -> tuple[PartStatus, ...]:
    """Ask the supervisor, then each running part itself, all at the same time."""
    running = stack.supervisor.processes() if stack.supervisor.is_running() else {}
    return asyncio.run(_ask(stack, running))


async def _ask(stack: Stack, running: dict[str, Process]) -> tuple[PartStatus, ...]:
    programs = [program for program in stack.programs() if program.ports]
    return tuple(await asyncio.gather(*(_part(stack, program, running.get(program.name)) for program in programs)))


async def _part(stack: Stack, program: Program, process: Process | None) -> PartStatus:
    stopped = process is None or process.state in (ProcessState.STOPPED, ProcessState.EXITED, ProcessState.FATAL)
    return PartStatus(
        name=program.name,
        title=program.title,
        state=process.state if process else ProcessState.STOPPED,
        health=STOPPED if stopped else await _health(stack, program),
        port=program.ports[0],
        pid=process.pid if process else 0,
        uptime_seconds=process.uptime_seconds if process else 0,
    )


async def _health(stack: Stack, program: Program) -> str:
    match program.name:
        case kafka.NAME:
            return UP if await server_health.kafka_answers(stack.settings.bootstrap) else DOWN
        case postgres.NAME:
            return await _postgres_health(stack)
        case _:
            return await _reported_health(program)


async def _postgres_health(stack: Stack) -> str:
    try:
        return UP if await server_health.postgres_answers(stack.administrator_url) else DOWN
    except StartFailure:
        return DOWN


async def _reported_health(program: Program) -> str:
    """Read the status from `/health`; DOWN when the answer cannot be read."""
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            answer = await client.get(f"http://127.0.0.1:{program.ports[0]}{program.health_path}")
        return str(answer.json()["status"]).upper()
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return DOWN

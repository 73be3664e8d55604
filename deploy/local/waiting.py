"""Waiting until a part of the stack answers, with the reason when it does not."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx

from deploy.failure import StartFailure
from deploy.failure_reason import reason_in_log
from deploy.local.program import Program
from deploy.local.supervisor import ProcessState, Supervisor

_PAUSE_SECONDS = 0.15
# After so many failed attempts in a row it is no slow start any more.
_ATTEMPTS = 3


async def until_answering(
    program: Program, supervisor: Supervisor, answers: Callable[[], Awaitable[bool]], timeout_seconds: float
) -> None:
    """Wait until `answers` returns True. Raises StartFailure when the process keeps dying or the time is over."""
    deadline = time.monotonic() + timeout_seconds
    deaths, last_pid = 0, 0
    while not await answers():
        process = (await asyncio.to_thread(supervisor.processes))[program.name]
        if process.state in (ProcessState.BACKOFF, ProcessState.EXITED) or (
            last_pid and process.pid not in (0, last_pid)
        ):
            deaths += 1
        last_pid = process.pid or last_pid
        if process.state is ProcessState.FATAL or deaths >= _ATTEMPTS:
            raise StartFailure(
                f"{program.title} stops while starting: {reason_in_log(process.log)}", _look(process.log)
            )
        if time.monotonic() > deadline:
            raise StartFailure(
                f"{program.title} did not answer within {timeout_seconds:.0f} seconds.",
                f"{_look(process.log)} On a slow machine set FLA_START_TIMEOUT_SECONDS higher.",
            )
        await asyncio.sleep(_PAUSE_SECONDS)


async def issuer_answers(issuer: str) -> bool:
    """Ask for the OpenID Connect discovery document; False if there is none."""
    try:
        async with httpx.AsyncClient(timeout=10) as client:
            answer = await client.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        return answer.is_success and "token_endpoint" in answer.json()
    except (httpx.HTTPError, ValueError, TypeError):
        return False


async def health_answers(port: int, path: str) -> bool:
    """Ask `/health`; True for 200, which a service answers when it is up or degraded."""
    try:
        async with httpx.AsyncClient(timeout=5, trust_env=False) as client:
            answer = await client.get(f"http://127.0.0.1:{port}{path}")
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK


def _look(log: Path) -> str:
    return f"Look into {log} and run 'make up' again."

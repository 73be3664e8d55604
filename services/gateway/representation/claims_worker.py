"""The worker that finishes claims: registrations of granted ones, and revocations, also of a process that died."""

import asyncio
import time
from typing import Final

import structlog

from services.gateway.questions import UnavailableError
from services.gateway.representation import claims
from services.gateway.representation.claim_decision import ClaimState
from services.gateway.representation.claim_service import ClaimService
from services.gateway.representation.claims import Claim
from services.gateway.representation.revocation import EnterpriseClearing
from shared.database.engine import driver, transaction

IDLE_SECONDS: Final = 5.0
BUSY_SECONDS: Final = 0.5
_log = structlog.get_logger(__name__)


class ClaimsWorker:
    """One loop per gateway. Several gateways may do the same step at once: its keys make it one."""

    def __init__(self, service: ClaimService, clearing: EnterpriseClearing) -> None:
        self._service = service
        self._clearing = clearing
        self._wanted = asyncio.Event()
        self._quiet_since: dict[str, float] = {}

    def wake(self) -> None:
        """Look for work at once."""
        self._wanted.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._wanted.clear()
            try:
                busy = await self.once()
            except Exception:  # noqa: BLE001 - a database that is away, or whatever it is: the loop outlives it
                _log.warning("claims wait", exc_info=True)
                busy = False
            try:
                await asyncio.wait_for(self._wanted.wait(), BUSY_SECONDS if busy else IDLE_SECONDS)
            except TimeoutError:
                continue

    async def once(self) -> bool:
        """Do one step of each claim that needs one; True if any did."""
        async with transaction(self._service.engine) as connection:
            unfinished = await claims.unfinished(driver(connection))
        for claim in unfinished:
            try:
                await self._go_on(claim)
            except Exception:  # noqa: BLE001 - one claim must not hold up the others
                _log.warning("a claim waits", claim=claim.id, exc_info=True)
        return bool(unfinished)

    async def _go_on(self, claim: Claim) -> None:
        if claim.state is ClaimState.GRANTED:
            await self._service.register(claim)
        else:
            await self._clear(claim)

    async def _clear(self, claim: Claim) -> None:
        now = time.monotonic()
        since = self._quiet_since.setdefault(claim.id, now)
        try:
            done = await self._clearing.step(claim, now - since)
        except UnavailableError as error:
            _log.info("a revocation waits", claim=claim.id, error=str(error))
            return
        if done is None:
            del self._quiet_since[claim.id]
        elif done:
            del self._quiet_since[claim.id]
            _log.info("a revocation is done", claim=claim.id)

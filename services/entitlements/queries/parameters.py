"""What the questions have in common: parameters, and where the answers come from."""

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, HTTPException, Path, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.domain.arrangements.joint_committees import parse_joint_committee
from shared.clock import brussels_day

UUID_FORM = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
EmploymentId = Annotated[str, Path(pattern=UUID_FORM)]


def _engine(request: Request) -> AsyncEngine:
    engine: AsyncEngine = request.app.state.messaging.engine
    return engine


def _rules(request: Request) -> Rules:
    rules: Rules = request.app.state.rules
    return rules


Engine = Annotated[AsyncEngine, Depends(_engine)]
InForce = Annotated[Rules, Depends(_rules)]


def today() -> date:
    """Get today's date in Brussels."""
    return brussels_day(datetime.now(UTC))


def committee(text: str) -> str:
    """Parse a joint committee to its canonical code; 422 for what is none."""
    try:
        return parse_joint_committee(text)
    except ValueError as error:
        raise HTTPException(422, str(error)) from error

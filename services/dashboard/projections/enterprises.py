"""Enterprises: their names, joint committees and sizes."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import orjson

from services.dashboard.live.announce import announce
from services.dashboard.projections.newest import newest
from services.dashboard.storage.read_models import ReadModel, Row, put
from services.dashboard.storage.tables import enterprise
from shared.contracts.employments import EnterpriseState, Event
from shared.messaging.records import Work

MODEL = ReadModel.of(enterprise)
ENTERPRISE_REGISTERED: Final = "be.fla.enterprise.registered.v1"


async def project_enterprises(work: Work, events: Sequence[Event]) -> None:
    """Project each enterprise in its newest version."""
    states = newest(
        (event["data"]["enterprise"], event["data"]["version"], event["data"])
        for event in events
        if event["type"] == ENTERPRISE_REGISTERED
    ).values()
    await put(work.connection, MODEL, [enterprise_row(state) for state in states])
    await announce(work.connection, {state["enterprise"] for state in states}, set())


def enterprise_row(state: EnterpriseState) -> Row:
    """Get the values of one row, in the order of `MODEL.columns`."""
    return (
        state["enterprise"],
        state["version"],
        state["name"],
        orjson.dumps(state["jointCommittees"]).decode(),
        orjson.dumps(state["sizes"]).decode(),
        datetime.fromisoformat(state["recordedAt"]),
    )

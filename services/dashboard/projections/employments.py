"""Who is employed where, since and until when, and on which terms."""

from collections.abc import Sequence
from datetime import date, datetime

import orjson

from services.dashboard.live.announce import announce
from services.dashboard.projections.enterprises import ENTERPRISE_REGISTERED
from services.dashboard.projections.newest import newest
from services.dashboard.storage.read_models import ReadModel, Row, put
from services.dashboard.storage.tables import employment
from shared.contracts.employments import EmploymentState, Event
from shared.database.ended_access import LAST_DAY, refresh, refreshing
from shared.messaging.records import Work

MODEL = ReadModel.of(employment)
_ENDED = refreshing(LAST_DAY)


async def project_employments(work: Work, events: Sequence[Event]) -> None:
    """Project each employment in its newest version; a cancelled one stays, so no older event brings it back.

    Access to whoever left follows from it (see `ended_access`).
    """
    states = newest(
        (event["data"]["employment"], event["data"]["version"], event["data"])
        for event in events
        if event["type"] != ENTERPRISE_REGISTERED
    ).values()
    await put(work.connection, MODEL, [employment_row(state) for state in states])
    await refresh(work.connection, _ENDED, {(state["enterprise"], state["person"]) for state in states})
    await announce(work.connection, {state["enterprise"] for state in states}, {state["person"] for state in states})


def employment_row(state: EmploymentState) -> Row:
    """Get the values of one row, in the order of `MODEL.columns`. Raises ValueError for a date that does not exist."""
    end = state.get("endDate")
    return (
        state["employment"],
        state["version"],
        state["person"],
        state["enterprise"],
        date.fromisoformat(state["startDate"]),
        date.fromisoformat(end) if end else None,
        state.get("endReason"),
        orjson.dumps(state["terms"]).decode(),
        state["cancelled"],
        state.get("restAgreed"),
        orjson.dumps(state["optOuts"]).decode() if "optOuts" in state else None,
        datetime.fromisoformat(state["recordedAt"]),
    )

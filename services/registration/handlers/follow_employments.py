"""Follows who is employed where: an employer's access to somebody's trainings ends some time after the employment."""

from collections.abc import Sequence
from datetime import date, datetime

from services.registration.storage.employments import Employment, follow
from shared.clock import brussels_day
from shared.contracts.employments import EmploymentState, Event
from shared.messaging.records import Work


async def follow_employments(work: Work, events: Sequence[Event]) -> None:
    """Apply employments; of several versions in the batch the newest counts."""
    newest: dict[str, Employment] = {}
    for event in events:
        if event["type"] == "be.fla.enterprise.registered.v1":
            continue
        employment = employment_in(event["data"])
        known = newest.get(employment.id)
        if known is None or known.version < employment.version:
            newest[employment.id] = employment
    await follow(work.connection, list(newest.values()))


def employment_in(state: EmploymentState) -> Employment:
    """Get an employment with its last day: a cancelled one's is the day of that, unless it had ended before."""
    end = state.get("endDate")
    days = [date.fromisoformat(end)] if end else []
    if state["cancelled"]:
        days.append(brussels_day(datetime.fromisoformat(state["recordedAt"])))
    return Employment(
        state["employment"], state["version"], state["person"], state["enterprise"], min(days, default=None)
    )

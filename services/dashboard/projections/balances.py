"""The right and what is left of it, per employment and year."""

from collections.abc import Sequence
from datetime import datetime

from services.dashboard.live.announce import announce
from services.dashboard.storage.read_models import ReadModel, Row, put
from services.dashboard.storage.tables import balance
from shared.contracts.lean import BalanceToShow, ShownBalance, ShownYear
from shared.messaging.records import Work

MODEL = ReadModel.of(balance)


async def project_balances(work: Work, events: Sequence[BalanceToShow]) -> None:
    """Project each year of each employment in its newest version. An event names only the years it changed."""
    latest: dict[tuple[str, int], tuple[ShownBalance, ShownYear]] = {}
    for event in events:
        state = event.data
        for year in state.years:
            key = state.employment, year.year
            seen = latest.get(key)
            if seen is None or state.version > seen[0].version:
                latest[key] = state, year
    await put(work.connection, MODEL, [balance_row(state, year) for state, year in latest.values()])
    await announce(
        work.connection, {event.data.enterprise for event in events}, {event.data.person for event in events}
    )


def balance_row(state: ShownBalance, year: ShownYear) -> Row:
    """Get the values of one row, in the order of `MODEL.columns`; figures stay the text they are."""
    return (
        state.employment,
        year.year,
        state.version,
        state.person,
        state.enterprise,
        year.granted,
        year.carried_over,
        year.charged,
        year.reserved,
        year.lost,
        year.balance,
        year.available,
        year.incomplete,
        year.gone is True,
        datetime.fromisoformat(state.recorded_at),
    )

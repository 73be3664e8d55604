"""Apply what time alone changes: the end of a year, of five years, of a contract.

Idempotent per employment and day: what is brought up to date is not due again before its next change.
"""

from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.handlers.recalculate import recalculate_all
from services.entitlements.storage import recalculations
from shared.clock import brussels_day
from shared.identifiers import derived_id
from shared.messaging.records import Work


async def apply_calendar_changes(rules: Rules, work: Work, most: int) -> int:
    """Recalculate accounts for which the calendar is due, for `most` employments at most; how many it did."""
    today = brussels_day(work.now)
    pairs = await recalculations.due(work.connection, today, most)
    if pairs:
        await recalculate_all(rules, work, pairs, derived_id("calendar", today.isoformat()))
    return len(pairs)

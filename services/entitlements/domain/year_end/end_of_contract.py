"""What becomes of the rest of the credit when a contract ends [securex.be]."""

from services.entitlements.domain.employments import Employment, EndReason, RestAtEnd
from services.entitlements.domain.settings import Settings

_ALWAYS_LOST = frozenset({EndReason.RESIGNATION, EndReason.SERIOUS_CAUSE, EndReason.NOTICE_SERVED})


def rest_at_end(employment: Employment, settings: Settings) -> RestAtEnd | None:
    """Decide what becomes of the positive rest; None as long as no end is known.

    Resignation, serious cause and notice served: lost. Indemnity: open credit on the statement. Mutual agreement and
    every other known reason: as agreed, else by the setting. Unknown reason: undecided, and shown so.
    """
    if employment.end is None:
        return None
    reason = employment.end_reason or EndReason.UNKNOWN
    if reason in _ALWAYS_LOST:
        return RestAtEnd.LOST
    if reason is EndReason.INDEMNITY:
        return RestAtEnd.OPEN_CREDIT
    if reason is EndReason.UNKNOWN:
        return RestAtEnd.UNDECIDED
    return employment.rest_agreed or settings.rest_for_other_reasons

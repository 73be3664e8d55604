"""An enterprise is registered, or told anew: its name, its joint committees and its sizes.

A changed size concerns everybody it employs: their ledgers are brought up to date by a recalculation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from services.entitlements.bookkeeping.known import KnownEnterprise, KnownSize
from services.entitlements.domain.size import SizePeriod
from services.entitlements.handlers.desk import ACCEPTED, UNCHANGED, Desk, Verdict, refused
from shared.anomalies import anomaly
from shared.contracts.employer_submissions import EnterpriseData, Size


class SizesOverlapError(ValueError):
    """Two sizes of one basis say something else about the same days. `index`: which of the declared ones."""

    def __init__(self, index: int) -> None:
        super().__init__(f"size {index} contradicts another")
        self.index = index


def register_enterprise(desk: Desk, event: Any) -> Verdict:
    """Decide on what is declared about an enterprise."""
    data: EnterpriseData = event["data"]
    number = data["enterprise"]
    before = desk.enterprises.get(number)
    known = before or KnownEnterprise(number, 0, "", ())
    for index, size in enumerate(data["sizes"]):
        if size.get("validUntil", size["validFrom"]) < size["validFrom"]:
            return refused(anomaly("endBeforeStart", f"sizes[{index}].validUntil"))
        if Decimal(size["workers"]) < 0:
            return refused(anomaly("outOfRange", f"sizes[{index}].workers", minimum=0, maximum=10_000_000))
    try:
        sizes = merged(known.sizes, data["sizes"])
    except SizesOverlapError as error:
        return refused(anomaly("sizesOverlap", f"sizes[{error.index}].validFrom"))
    committees = tuple(data["jointCommittees"])
    if before is not None and (known.name, known.joint_committees, known.sizes) == (data["name"], committees, sizes):
        return UNCHANGED
    if sizes != known.sizes:
        kept = {size.id for size in sizes}
        desk.replaced_sizes += [size.id for size in known.sizes if size.id is not None and size.id not in kept]
        desk.resized[number] = event["id"]
    desk.register(event, KnownEnterprise(number, known.version + 1, data["name"], committees, sizes))
    return ACCEPTED


def merged(known: Sequence[KnownSize], declared: Sequence[Size]) -> tuple[KnownSize, ...]:
    """What is known with what is declared added, in order of their first days.

    A size without an end lasts until the next one of its basis begins; a figure for the same first day corrects the
    earlier one; sizes that are not mentioned stay. Raises SizesOverlapError for a period given with its end that shares
    days with another one given so, or with a later first day of another figure.
    """
    result: list[KnownSize] = []
    for basis in ("measured", "stated"):
        result += _of_one_basis(basis, [size for size in known if size.basis == basis], declared)
    return tuple(sorted(result, key=lambda size: (size.period.start, size.basis)))


def _of_one_basis(basis: str, known: Iterable[KnownSize], declared: Sequence[Size]) -> list[KnownSize]:
    by_start = {size.period.start: size for size in known}
    new: dict[date, int] = {}
    for index, size in enumerate(declared):
        if size["basis"] != basis:
            continue
        period = _period(size)
        if period.start in new and by_start[period.start].period != period:
            raise SizesOverlapError(index)
        new[period.start] = index
        before = by_start.get(period.start)
        if before is None or not _says(before.period, period):
            by_start[period.start] = KnownSize(basis, period)
    return _without_overlap([by_start[start] for start in sorted(by_start)], new)


def _period(size: Size) -> SizePeriod:
    until = size.get("validUntil")
    return SizePeriod(
        date.fromisoformat(size["validFrom"]),
        None if until is None else date.fromisoformat(until),
        Decimal(size["workers"]),
    )


def _says(known: SizePeriod, declared: SizePeriod) -> bool:
    """Whether a declared size is known already: its end may have been given by the size that follows."""
    return known.workers == declared.workers and (declared.end is None or declared.end == known.end)


def _without_overlap(ordered: Sequence[KnownSize], new: dict[date, int]) -> list[KnownSize]:
    """Each size without an end, up to the next one's first day. Both ends of an overlap are in `new`, or one is."""
    result: list[KnownSize] = []
    for position, size in enumerate(ordered):
        following = ordered[position + 1].period.start if position + 1 < len(ordered) else None
        period = size.period
        if following is not None and (period.end is None or period.end >= following):
            if period.end is not None:
                raise SizesOverlapError(new.get(following, new.get(period.start, 0)))
            period = SizePeriod(period.start, following - timedelta(days=1), period.workers)
            size = replace(size, period=period, id=None)  # noqa: PLW2901 - the same size, shorter
        result.append(size)
    return result

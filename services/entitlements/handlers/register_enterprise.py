"""Register an enterprise, or change it: its name, its joint committees, its sizes and its opt-outs.

A changed size or opt-out concerns everybody it employs: their ledgers are brought up to date by a recalculation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from services.entitlements.bookkeeping.account import (
    KnownEnterprise,
    KnownQuarter,
    KnownSize,
    opt_outs_in,
    quarter_in,
)
from services.entitlements.domain.arrangements.enterprise_size import SizePeriod
from services.entitlements.domain.rights.overrides import first_overlap
from services.entitlements.handlers.decision_batch import ACCEPTED, UNCHANGED, DecisionBatch, Verdict, refused
from shared.anomalies import anomaly
from shared.contracts.employer_submissions import EnterpriseData, QuarterSize, Size


class SizesOverlapError(ValueError):
    """The error of two sizes of one basis for the same days. `index`: which of the declared ones."""

    def __init__(self, index: int) -> None:
        super().__init__(f"size {index} contradicts another")
        self.index = index


def register_enterprise(batch: DecisionBatch, event: Any) -> Verdict:
    """Decide on what is declared about an enterprise."""
    data: EnterpriseData = event["data"]
    number = data["enterprise"]
    before = batch.enterprises.get(number)
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
    quarters = merged_quarters(known.quarters, data.get("quarters", ()))
    opt_outs = opt_outs_in(data["optOuts"]) if "optOuts" in data else known.opt_outs
    if (overlap := first_overlap(opt_outs)) is not None:
        return refused(anomaly("optOutsOverlap", f"optOuts[{overlap}].validFrom"))
    changed = replace(
        known,
        name=data["name"],
        joint_committees=tuple(data["jointCommittees"]),
        sizes=sizes,
        quarters=quarters,
        opt_outs=opt_outs,
    )
    if before is not None and changed == known:
        return UNCHANGED
    batch.replaced_sizes += _gone(known.sizes, sizes)
    batch.replaced_quarters += _gone(known.quarters, quarters)
    reasons = {
        "sizeChanged": (sizes, quarters) != (known.sizes, known.quarters),
        "optOutChanged": opt_outs != known.opt_outs,
    }
    for reason in (reason for reason, holds in reasons.items() if holds):
        batch.recalculated.setdefault(reason, {})[number] = event["id"]
    batch.register(event, replace(changed, version=known.version + 1))
    return ACCEPTED


def _gone(known: Iterable[KnownSize | KnownQuarter], now: Iterable[KnownSize | KnownQuarter]) -> list[int]:
    """List the rows of what no longer holds as it was."""
    kept = {one.id for one in now}
    return [one.id for one in known if one.id is not None and one.id not in kept]


def merged_quarters(known: Iterable[KnownQuarter], declared: Iterable[QuarterSize]) -> tuple[KnownQuarter, ...]:
    """Put declared quarters in the place of those known before; the last one of a quarter counts."""
    by_quarter = {one.declaration.quarter: one for one in known}
    for state in declared:
        quarter = quarter_in(state)
        if quarter.quarter not in by_quarter or by_quarter[quarter.quarter].declaration != quarter:
            by_quarter[quarter.quarter] = KnownQuarter(quarter)
    return tuple(by_quarter[one] for one in sorted(by_quarter, key=lambda one: (one.year, one.number)))


def merged(known: Sequence[KnownSize], declared: Sequence[Size]) -> tuple[KnownSize, ...]:
    """Add declared sizes to the known ones, in order of their first days.

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
        stated = _stated(size)
        start = stated.period.start
        if start in new and not _says(by_start[start], stated):
            raise SizesOverlapError(index)
        new[start] = index
        if start not in by_start or not _says(by_start[start], stated):
            by_start[start] = stated
    return _without_overlap([by_start[start] for start in sorted(by_start)], new)


def _stated(size: Size) -> KnownSize:
    until = size.get("validUntil")
    period = SizePeriod(
        date.fromisoformat(size["validFrom"]),
        None if until is None else date.fromisoformat(until),
        Decimal(size["workers"]),
    )
    return KnownSize(size["basis"], period, until is not None)


def _says(known: KnownSize, stated: KnownSize) -> bool:
    """Tell whether a declared size is known already. The end that is shown of one without an end may be sent back."""
    if known.period.workers != stated.period.workers:
        return False
    return known.period.end == stated.period.end or not (known.end_declared or stated.end_declared)


def _without_overlap(ordered: Sequence[KnownSize], new: dict[date, int]) -> list[KnownSize]:
    """End each size without an end of its own before the next one. `new`: the declared ones, for the error."""
    result: list[KnownSize] = []
    for size, following in zip_longest(ordered, ordered[1:]):
        period, then = size.period, None if following is None else following.period.start
        if size.end_declared:
            if then is not None and period.end is not None and period.end >= then:
                raise SizesOverlapError(new.get(then, new.get(period.start, 0)))
            result.append(size)
            continue
        end = None if then is None else then - timedelta(days=1)
        lasting = SizePeriod(period.start, end, period.workers)
        result.append(size if lasting == period else KnownSize(size.basis, lasting))
    return result

"""Periods without automatic rights, of an employment or of a whole enterprise, on pages and in forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.datastructures import FormData

from services.gateway.web.kit.dates import day
from services.gateway.web.kit.typed_values import typed_day
from shared.contracts.employer_submissions import OptOut


@dataclass(frozen=True)
class OptOutPeriod:
    """A period in which no right is granted or recalculated by itself; `until` is None while it goes on."""

    since: date
    until: date | None


def opt_out_periods(opt_outs: Sequence[OptOut]) -> list[OptOutPeriod]:
    """Read opt-outs, the last one first."""
    return [
        OptOutPeriod(date.fromisoformat(one["validFrom"]), day(one.get("validUntil"))) for one in reversed(opt_outs)
    ]


def opt_outs_fields(form: FormData, known: Sequence[OptOut]) -> dict[str, Any]:
    """Read the opt-outs as they are declared: the last one as typed, those before it as known; nothing if unchanged."""
    typed = {"validFrom": typed_day(form, "optOutFrom"), "validUntil": typed_day(form, "optOutUntil")}
    last = {name: value for name, value in typed.items() if value}
    opt_outs = [*known[:-1], *([last] if last else [])]
    return {} if opt_outs == list(known) else {"optOuts": opt_outs}


def opt_out_values(known: Sequence[OptOut]) -> dict[str, str]:
    """Fill in the fields of a form with the last opt-out."""
    return {"optOutFrom": known[-1]["validFrom"], "optOutUntil": known[-1].get("validUntil", "")} if known else {}

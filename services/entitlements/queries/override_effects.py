"""What an override would change, before it is registered: for many employments at once, and nothing is recorded."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from services.entitlements.bookkeeping.account import Account, EnterpriseFacts, KnownOverride
from services.entitlements.bookkeeping.override_judgement import anomalies_of, not_possible
from services.entitlements.bookkeeping.recalculate_ledgers import wanted_of
from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.bookkeeping.stored_years import years_of
from services.entitlements.domain.arrangements.rows import RightType
from services.entitlements.domain.rights.overrides import Override, OverrideKind, OverrideScope, in_order
from services.entitlements.queries.parameters import UUID_FORM, Engine, InForce, today
from services.entitlements.storage import accounts, enterprises
from shared.access.scope import system_scope
from shared.anomalies import is_error
from shared.contracts.answers.entitlements import OverrideEffect, OverrideEffects, OverrideInForce
from shared.contracts.vocabulary import Anomaly
from shared.database.engine import driver
from shared.database.scope import reading
from shared.http.answers import answer
from shared.http.scope import Asking

router = APIRouter(prefix="/internal/entitlements")
MOST = 1000
_SUPPOSED = "supposed"
_READING_ENTERPRISE = system_scope("override effects")


class SupposedOverride(BaseModel):
    """An override as it would be registered for each of these employments of one enterprise.

    `everybody`: as one for all of the enterprise; what it is less than is then no reason to refuse one of them.
    """

    model_config = ConfigDict(extra="forbid")

    enterprise: Annotated[str, Field(pattern=r"^[01][0-9]{9}$")]
    employments: Annotated[list[Annotated[str, Field(pattern=UUID_FORM)]], Field(min_length=1, max_length=MOST)]
    year: Annotated[int, Field(ge=2023, le=2100)]
    basis: OverrideKind
    days: Annotated[Decimal, Field(ge=0, le=366, decimal_places=6)]
    rightType: RightType = RightType.LEGAL
    reason: str
    untilYear: Annotated[int, Field(ge=2023, le=2100)] | None = None
    validFrom: date | None = None
    validUntil: date | None = None
    collectiveAgreement: str | None = None
    everybody: bool = False

    def as_override(self) -> Override:
        """Make the override, registered now."""
        return Override(
            _SUPPOSED,
            OverrideScope.ENTERPRISE if self.everybody else OverrideScope.EMPLOYMENT,
            self.basis,
            self.validFrom or date(self.year, 1, 1),
            self.validUntil or date(self.untilYear or self.year, 12, 31),
            self.days,
            self.reason,
            datetime.now(UTC),
            self.collectiveAgreement,
            self.rightType,
        )


@router.post("/effects")
async def effects(engine: Engine, rules: InForce, scope: Asking, asked: SupposedOverride) -> Response:
    """Tell for each employment what its year would be; one that is not in the scope is not found."""
    async with reading(engine, scope) as connection:
        raw = driver(connection)
        owners = await accounts.owners(raw, asked.employments)
        pairs = sorted({pair for pair in owners.values() if pair[0] == asked.enterprise})
        loaded = await accounts.load(raw, pairs)
    # The right depends on what holds for the whole enterprise, whoever may see that.
    async with reading(engine, _READING_ENTERPRISE) as connection:
        facts = (await enterprises.facts(driver(connection), [asked.enterprise], rules.precedence))[asked.enterprise]
    override = asked.as_override()
    nobody = Account(asked.enterprise, "")
    items = [
        _effect(one, asked.year, override, loaded.get(owners.get(one, ("", "")), nobody), facts, rules)
        for one in asked.employments
    ]
    return answer(OverrideEffects(items=items))


def _effect(
    employment: str, year: int, override: Override, account: Account, enterprise: EnterpriseFacts, rules: Rules
) -> OverrideEffect:
    known = account.employments.get(employment)
    impossible = not_possible(known, year)
    if known is None or impossible is not None:
        found = [impossible] if impossible else []
        return OverrideEffect(employment=employment, now=Decimal(0), then=Decimal(0), existing=[], anomalies=found)
    for_all = override.scope is OverrideScope.ENTERPRISE
    refusals, warnings = ([], []) if for_all else anomalies_of(override, known, account, enterprise, rules)
    # A year that lies ahead is shown as it will be granted on its first day.
    day = max(today(), date(year, 1, 1))

    def granted() -> Decimal:
        years = years_of(known.employment, wanted_of(account, known, enterprise, rules, day))
        return Decimal(years[year].granted) if year in years else Decimal(0)

    now = then = granted()
    existing = _existing(account, enterprise, employment, year)
    anomalies: list[Anomaly] = refusals or warnings
    if not any(map(is_error, anomalies)):
        # As the newest one it goes before earlier ones of its kind.
        if for_all:
            enterprise = replace(enterprise, overrides=(*enterprise.overrides, override))
        else:
            account.overrides[_SUPPOSED] = KnownOverride(override, employment, version=1)
        then = granted()
        account.overrides.pop(_SUPPOSED, None)
    return OverrideEffect(employment=employment, now=now, then=then, existing=existing, anomalies=anomalies)


def _existing(account: Account, enterprise: EnterpriseFacts, employment: str, year: int) -> list[OverrideInForce]:
    own = [one.override for one in account.overrides.values() if not one.cancelled and one.employment == employment]
    return [
        OverrideInForce(basis=one.kind.value, days=one.days)
        for one in in_order([*own, *enterprise.overrides])
        if one.start.year <= year and (one.end is None or one.end.year >= year)
    ]

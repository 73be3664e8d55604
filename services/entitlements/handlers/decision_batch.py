"""A batch of declarations while it is decided: what is known, and what is to be stored and published."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from services.entitlements.bookkeeping.account import (
    Account,
    Cause,
    EnterpriseFacts,
    KnownEmployment,
    KnownEnterprise,
    KnownOverride,
    Pair,
)
from services.entitlements.bookkeeping.rules import Rules
from services.entitlements.handlers.publish_events import employment_state
from services.entitlements.storage.employments import EmploymentVersion, OverrideVersion
from shared.anomalies import anomaly
from shared.contracts.employments import EmploymentState
from shared.contracts.outcomes import OutcomeStatus
from shared.contracts.vocabulary import Anomaly


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided on one declaration."""

    status: OutcomeStatus
    anomalies: list[Anomaly] = field(default_factory=list)

    def warned(self, warnings: list[Anomaly]) -> "Verdict":
        """Add intake's warnings before its own, where something was accepted."""
        if not warnings or self.status not in ("accepted", "acceptedWithWarnings"):
            return self
        return Verdict("acceptedWithWarnings", [*warnings, *self.anomalies])


ACCEPTED = Verdict("accepted")
UNCHANGED = Verdict("unchanged", [anomaly("unchanged")])


def refused(*anomalies: Anomaly) -> Verdict:
    """Make a refusal with its reasons."""
    return Verdict("refused", list(anomalies))


def accepted(warnings: list[Anomaly]) -> Verdict:
    """Make an acceptance, with these warnings if there are any."""
    return Verdict("acceptedWithWarnings", warnings) if warnings else ACCEPTED


@dataclass(slots=True)
class DecisionBatch:
    """What is known before the batch, changed by each decision, and what is to be stored and published.

    `owners`: employment -> its account, `override_employments`: override -> its employment, of all that are named and
    known: a sender's reference may have been used before. `stored`: the employments that were there before the batch.

    To store: `versions` of employments with what changed and why, `registered` enterprises, `overrides`.
    To recalculate: `recalculated`, enterprises by reason, each with the event; `touched`: accounts, with the last one.
    """

    rules: Rules
    now: datetime
    today: date
    enterprises: dict[str, KnownEnterprise]
    accounts: Mapping[Pair, Account]
    owners: dict[str, Pair]
    override_employments: dict[str, str]
    stored: frozenset[str]
    versions: list[tuple[EmploymentVersion, EmploymentState, str, Cause]] = field(default_factory=list)
    registered: dict[str, tuple[KnownEnterprise, Cause, str]] = field(default_factory=dict)
    replaced_sizes: list[int] = field(default_factory=list)
    replaced_quarters: list[int] = field(default_factory=list)
    recalculated: dict[str, dict[str, str]] = field(default_factory=dict)
    overrides: list[OverrideVersion] = field(default_factory=list)
    touched: dict[Pair, Cause] = field(default_factory=dict)

    def account(self, data: Mapping[str, Any]) -> Account:
        """Get the account that a declaration names."""
        return self.accounts[data["enterprise"], data["person"]]

    def facts(self, enterprise: str) -> EnterpriseFacts:
        """Get what holds for all of an enterprise as known by now; nothing of one that is not registered."""
        known = self.enterprises.get(enterprise)
        return known.facts(self.rules.precedence) if known else EnterpriseFacts()

    def employ(self, event: Mapping[str, Any], known: KnownEmployment, terms: list[Any], change: str) -> None:
        """Add a version of an employment. `change`: registered, changed or cancelled."""
        data, cause = event["data"], Cause.of(event)
        account = self.account(data)
        account.employments[known.employment.id] = known
        self.owners[known.employment.id] = account.pair
        state = employment_state(known, terms, self.now.isoformat())
        version = EmploymentVersion(known, dict(state), data.get("reason"), event["actor"], data["item"]["id"])
        self.versions.append((version, state, change, cause))
        self.touched[account.pair] = cause

    def override(self, event: Mapping[str, Any], known: KnownOverride) -> None:
        """Add a version of an override for one employment."""
        data = event["data"]
        account = self.account(data)
        account.overrides[known.override.id] = known
        assert known.employment is not None
        self.override_employments[known.override.id] = known.employment
        self.overrides.append(OverrideVersion(known, account.person, account.enterprise, data["item"]["id"]))
        self.touched[account.pair] = Cause.of(event)

    def override_all(self, event: Mapping[str, Any], known: KnownOverride) -> None:
        """Add a version of an override for everybody at an enterprise: all of its ledgers are recalculated."""
        data = event["data"]
        enterprise = self.enterprises[data["enterprise"]]
        others = tuple(one for one in enterprise.overrides if one.override.id != known.override.id)
        self.enterprises[enterprise.number] = replace(enterprise, overrides=(*others, known))
        self.overrides.append(OverrideVersion(known, None, enterprise.number, data["item"]["id"]))
        self.recalculated.setdefault("ownFigureChanged", {})[enterprise.number] = event["id"]

    def register(self, event: Mapping[str, Any], known: KnownEnterprise) -> None:
        """Add a version of an enterprise."""
        self.enterprises[known.number] = known
        self.registered[known.number] = (known, Cause.of(event), event["data"]["item"]["id"])

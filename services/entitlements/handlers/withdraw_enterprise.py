"""Withdraw an enterprise: who registered it did not represent it, so nothing that was declared of it holds.

Its sizes, quarters and own figures stay as history. Whoever registers it next begins with their own facts only.
"""

from dataclasses import replace
from typing import Any

from services.entitlements.bookkeeping.account import KnownEnterprise
from services.entitlements.handlers.decision_batch import ACCEPTED, UNCHANGED, DecisionBatch, Verdict
from shared.contracts.employer_submissions import EnterpriseWithdrawalData


def withdraw_enterprise(batch: DecisionBatch, event: Any) -> Verdict:
    """Empty an enterprise's name and all that holds for everybody there; unchanged when there is no name."""
    data: EnterpriseWithdrawalData = event["data"]
    number = data["enterprise"]
    known = batch.enterprises.get(number)
    if known is None or known.withdrawn:
        return UNCHANGED
    batch.replaced_sizes += [size.id for size in known.sizes if size.id is not None]
    batch.replaced_quarters += [quarter.id for quarter in known.quarters if quarter.id is not None]
    in_force = [one for one in known.overrides if not one.cancelled]
    for one in in_force:
        batch.override_all(event, replace(one, version=one.version + 1, cancelled=True))
    if known.sizes or known.quarters or known.opt_outs or in_force:
        batch.recalculated.setdefault("sizeChanged", {})[number] = event["id"]
    overrides = batch.enterprises[number].overrides
    batch.register(event, KnownEnterprise(number, known.version + 1, "", (), overrides=overrides))
    return ACCEPTED

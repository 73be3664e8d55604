"""Withdraw an enterprise: who registered it did not represent it, so nothing that was declared of it holds.

Its sizes stay as history. Whoever registers it next begins with their own facts only.
"""

from typing import Any

from services.entitlements.bookkeeping.account import KnownEnterprise
from services.entitlements.handlers.decision_batch import ACCEPTED, UNCHANGED, DecisionBatch, Verdict
from shared.contracts.employer_submissions import EnterpriseWithdrawalData


def withdraw_enterprise(batch: DecisionBatch, event: Any) -> Verdict:
    """Empty an enterprise's name, joint committees and sizes; unchanged when there are none."""
    data: EnterpriseWithdrawalData = event["data"]
    number = data["enterprise"]
    known = batch.enterprises.get(number)
    if known is None or known.withdrawn:
        return UNCHANGED
    if known.sizes:
        batch.replaced_sizes += [size.id for size in known.sizes if size.id is not None]
        batch.resized[number] = event["id"]
    batch.register(event, KnownEnterprise(number, known.version + 1, "", ()))
    return ACCEPTED

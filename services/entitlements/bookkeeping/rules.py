"""The rules this service applies: reference data and settings, loaded once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from services.entitlements.domain.arrangements.enterprise_size import SizePrecedence
from services.entitlements.domain.arrangements.joint_committees import ANY
from services.entitlements.domain.arrangements.rows import ArrangementRow, ArrangementSet
from services.entitlements.domain.arrangements.which_applies import Applicable, Arrangements
from services.entitlements.domain.lines import RULE_VERSION
from services.entitlements.domain.settings import DEFAULTS, Settings
from services.entitlements.reference.load_arrangements import load_arrangements
from services.entitlements.settings import EntitlementsSettings
from shared.reference.joint_committees import is_known


@dataclass(frozen=True)
class Rules:
    """Reference data and settings. When `fingerprint` differs from the last start's, everything is recalculated."""

    rows: Sequence[ArrangementRow]
    base: ArrangementSet = ArrangementSet.BROCHURE
    settings: Settings = DEFAULTS
    precedence: SizePrecedence = SizePrecedence.MEASURED_FIRST
    fingerprint: str = ""

    @cached_property
    def arrangements(self) -> Arrangements:
        """Select the arrangements that count. Raises ValueError if two of them contradict each other."""
        return Arrangements(self.rows, self.base)

    @cached_property
    def joint_committees(self) -> tuple[str, ...]:
        """List the joint committees that have an arrangement of their own."""
        return tuple(sorted({row.joint_committee for row in self.rows} - {ANY}))

    def looked_up(self, joint_committee: str | None, size: Fraction | Decimal | None, on: date) -> Applicable:
        """Look up which arrangement applies, for someone who asks. Raises ValueError for a negative size."""
        return self.arrangements.looked_up(joint_committee, size, on, is_known)

    def with_base(self, base: ArrangementSet) -> "Rules":
        """Copy these rules with another base, for a what-if."""
        return self if base is self.base else replace(self, base=base)


def load_rules(settings: EntitlementsSettings) -> Rules:
    """Load the rules by these settings. Raises ValueError or OSError for arrangements that cannot be read."""
    choices = Settings(expiry=settings.expiry_rule, rest_for_other_reasons=settings.rest_for_other_reasons)
    base = settings.arrangements_base
    parts = (
        settings.arrangements_file.read_bytes(),
        repr((base, choices, settings.size_precedence)).encode(),
        repr(sorted(RULE_VERSION.items())).encode(),
    )
    rules = Rules(
        load_arrangements(settings.arrangements_file),
        base,
        choices,
        settings.size_precedence,
        hashlib.blake2b(b"\x1f".join(parts), digest_size=16).hexdigest(),
    )
    assert rules.arrangements is not None, "contradicting arrangements stop the service here, not at the first question"
    return rules

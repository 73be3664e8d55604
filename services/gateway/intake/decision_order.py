"""The order in which declarations that came together are decided: what leans on something comes after it.

A file may name a training before its employment and a correction before its registration: senders order by their own
needs. Nothing is imported here, because the process that only reads files needs this too.
"""

RANKS: dict[str, int] = {
    "enterpriseRegistration": 0,
    "employmentRegistration": 0,
    "enterpriseEntitlementRegistration": 2,
    "employmentChange": 1,
    "employmentCancellation": 1,
    "trainingRegistration": 2,
    "entitlementRegistration": 2,
    "trainingCorrection": 3,
    "trainingCancellation": 3,
    "entitlementCancellation": 3,
    "enterpriseEntitlementCancellation": 3,
}
"""A declaration's kind -> its rank. Of one rank the sender's order holds; the lowest rank is decided first."""

LAST_RANK = max(RANKS.values())

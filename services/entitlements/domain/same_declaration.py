"""Whether what is declared about someone says what is known already, however it is written (domain.md section 3).

Decimals, joint committees and days are values here and have no notation left. What has one is brought to one.
"""

from dataclasses import replace

from services.entitlements.domain.rights.overrides import Override


def same_override(known: Override, declared: Override) -> bool:
    """Tell whether an employer's override is the known one sent again: whenever, and on whatever line."""
    agreement = _registered_as(known.agreement) == _registered_as(declared.agreement)
    return agreement and known == replace(
        declared, registered_at=known.registered_at, line=known.line, agreement=known.agreement
    )


def _registered_as(agreement: str | None) -> str | None:
    """Write an agreement's number in one way: `0181682/CO/225.01` and `181682/CO/22501` are one."""
    return None if agreement is None else agreement.replace(".", "").lstrip("0")

"""Whether two declarations of a training say the same, however they write it (domain.md section 3).

What the gateway makes now has one notation. What it made before, or another sender makes, is brought to it here.
"""

from collections.abc import Collection
from typing import Any

from shared.contracts.training_submissions import TrainingContent
from shared.text import TextRefusedError, one_line, prose

_PROSE = frozenset({"description"})


def say_the_same(known: TrainingContent, declared: TrainingContent, defaulted: Collection[str] = ()) -> bool:
    """Check whether a declaration says what is known already; on its `defaulted` fields it says nothing."""
    if known == declared:
        return True
    own, others = _canonical(known), _canonical(declared)
    for name in defaulted:
        own.pop(name, None)
        others.pop(name, None)
    return own == others


def _canonical(content: TrainingContent) -> dict[str, Any]:
    """Write a content in one notation, without what only spells out a default."""
    plain: dict[str, Any] = {name: _read(name, value) for name, value in content.items()}
    if plain.get("chargedMinutes") == plain["minutes"]:
        del plain["chargedMinutes"]
    if not plain.get("provider", {}).get("internal", True):
        del plain["provider"]["internal"]
    if plain.get("certificate") == {"awarded": False}:
        del plain["certificate"]
    return plain


def _read(name: str, value: Any) -> Any:
    """Read a value as intake does today: texts of earlier days may have been kept with other blanks."""
    if isinstance(value, dict):
        return {inner: _read(inner, one) for inner, one in value.items()}
    if not isinstance(value, str):
        return value
    try:
        return prose(value) if name in _PROSE else one_line(value)
    except TextRefusedError:
        return value

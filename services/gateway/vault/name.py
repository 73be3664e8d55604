"""What a person is called, as pure rules: putting parts together, telling two names apart."""

from dataclasses import dataclass
from typing import Final, Literal

from shared.text import folded, folded_name

AUTHENTIC_SOURCE: Final = "authenticSource"
SIGN_IN: Final = "signIn"
"""Where a name comes from; any other origin is the number of the enterprise that declared it."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name in its parts, of which one may be unknown: one alone is a name."""

    given: str | None = None
    family: str | None = None

    def __bool__(self) -> bool:
        return bool(self.given or self.family)

    @property
    def full(self) -> str:
        """`Given Family`, or a dash for someone without a known name."""
        return " ".join(filter(None, (self.given, self.family))) or "—"

    @property
    def given_first(self) -> str:
        """The name as it is searched in: given name first."""
        return folded(" ".join(filter(None, (self.given, self.family))))

    @property
    def family_first(self) -> str:
        """The name as it is ordered by, and searched in too: family name first."""
        return folded(" ".join(filter(None, (self.family, self.given))))


def merged(before: Name | None, told: Name, *, late: bool = False) -> Name:
    """Merge a name with what was told anew: what is not told stays. `late`: it was told earlier than `before`, and
    only fills gaps.
    """
    if before is None:
        return told
    first, second = (before, told) if late else (told, before)
    return Name(first.given or second.given, first.family or second.family)


def is_said_by(name: Name, told: Name) -> bool:
    """Check whether what is told is just this name, or a part of it."""
    return told.given in (None, name.given) and told.family in (None, name.family)


def differing(before: Name | None, told: Name) -> Literal["familyName", "givenName"] | None:
    """Find the field that tells another name than before, as a reader compares names. A part that was not known adds
    to the name and does not contradict it.
    """
    if before is None or folded_name(*_parts(merged(before, told))) == folded_name(*_parts(before)):
        return None
    if told.family and before.family and folded(told.family) != folded(before.family):
        return "familyName"
    if told.given and before.given and folded(told.given) != folded(before.given):
        return "givenName"
    return None


def _parts(name: Name) -> tuple[str | None, str | None]:
    return name.given, name.family

"""A person's name, and the rules on names: merging parts, telling two names apart. Pure."""

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


def merged(before: Name | None, new: Name, *, late: bool = False) -> Name:
    """Merge a name with a new one: a part that the new one lacks stays. `late`: the new one was given earlier than
    `before`, and only fills gaps.
    """
    if before is None:
        return new
    first, second = (before, new) if late else (new, before)
    return Name(first.given or second.given, first.family or second.family)


def is_said_by(name: Name, new: Name) -> bool:
    """Check whether a new name is just this name, or a part of it."""
    return new.given in (None, name.given) and new.family in (None, name.family)


def differing(before: Name | None, new: Name) -> Literal["familyName", "givenName"] | None:
    """Find the field in which a new name differs from the one before, as a reader compares names.

    A part that was not known adds to the name and does not contradict it.
    """
    if before is None or folded_name(*_parts(merged(before, new))) == folded_name(*_parts(before)):
        return None
    if new.family and before.family and folded(new.family) != folded(before.family):
        return "familyName"
    if new.given and before.given and folded(new.given) != folded(before.given):
        return "givenName"
    return None


def _parts(name: Name) -> tuple[str | None, str | None]:
    return name.given, name.family

"""The joint committees that are known, with their names: the NSSO's list (annex 26, 2019/1), and codes that only an
arrangement of a sector or the sector itself names.

The list may be older than a committee, so a code that is not in it is doubted and never refused for that.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from shared.i18n import Language

_FILE: Final = Path(__file__).with_name("joint_committees.csv")


@dataclass(frozen=True, slots=True)
class JointCommittee:
    """A committee: its dotted code, official names (empty where none is known), first and last day (None: no limit)."""

    code: str
    name_nl: str
    name_fr: str
    first: date | None
    last: date | None

    def name(self, language: Language) -> str:
        """Get the official name, which there is in Dutch and French only."""
        return self.name_fr if language in (Language.FRENCH, Language.GERMAN) else self.name_nl

    def exists_on(self, day: date) -> bool:
        """Check whether it is, or was, in being on this day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@cache
def joint_committees() -> Mapping[str, JointCommittee]:
    """List every known committee by its dotted code, in order. Read once."""
    with _FILE.open(newline="", encoding="utf-8") as file:
        return {
            row["code"]: JointCommittee(
                row["code"], row["name_nl"], row["name_fr"], _day(row["valid_from"]), _day(row["valid_until"])
            )
            for row in csv.DictReader(file)
        }


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=4096)
def dotted(code: str) -> str:
    """Dot a joint committee: `3050209` or `305.02.09` -> `305.02.09`."""
    digits = code.replace(".", "")
    return ".".join(filter(None, (digits[:3], digits[3:5], digits[5:7])))


@lru_cache(maxsize=4096)
def is_known(code: str) -> bool:
    """Check whether this is a committee on the list, however it is dotted; `225.01.00` is `225.01` in seven digits."""
    code = dotted(code)
    while code.endswith(".00"):
        code = code.removesuffix(".00")
    return code in joint_committees()

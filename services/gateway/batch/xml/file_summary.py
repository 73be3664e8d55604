"""The summary of a file that was parsed and is valid."""

from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class FileSummary:
    """A file that passed: how many declarations of which kind, and what its header says.

    `spool_bytes` is the length of the file with the decoded declarations.
    """

    declared: int
    kinds: dict[str, int]
    sender: str
    reference: str | None
    language: str | None
    spool_bytes: int

    def as_json(self) -> dict[str, Any]:
        """Give the summary as the parsing process prints it."""
        return {
            "declared": self.declared,
            "kinds": self.kinds,
            "sender": self.sender,
            "reference": self.reference,
            "language": self.language,
            "spoolBytes": self.spool_bytes,
        }

    @classmethod
    def from_json(cls, shown: dict[str, Any]) -> Self:
        """Read what `as_json` gave."""
        return cls(
            declared=shown["declared"],
            kinds=shown["kinds"],
            sender=shown["sender"],
            reference=shown["reference"],
            language=shown["language"],
            spool_bytes=shown["spoolBytes"],
        )

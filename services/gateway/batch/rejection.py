"""A file that is refused as a whole, and why: what a negative acknowledgement says.

The reading process starts for every file. It spends its time on the file and not on loading the catalogue of anomalies
with its texts in four languages, so codes are written here as they are; a test holds them against the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.contracts.vocabulary import Anomaly


def anomaly(code: str, field: str | None = None, **params: object) -> Anomaly:
    """As `shared.anomalies.anomaly`, without looking the code up."""
    made: Anomaly = {"code": code}
    if field is not None:
        made["field"] = field
    if params:
        made["params"] = {name: str(value) for name, value in params.items()}
    return made


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """One place where the file breaks its schema. `line` is the XML line; `field` a path in API spelling.

    Never holds a value of the file other than the declaration's reference: the value may be a national number.
    """

    line: int | None
    reference: str | None
    element: str
    anomaly: Anomaly

    def as_json(self) -> dict[str, Any]:
        """The violation as it is stored and as the API shows it, without nulls."""
        shown: dict[str, Any] = {"element": self.element, **self.anomaly}
        if self.line is not None:
            shown["line"] = self.line
        if self.reference is not None:
            shown["reference"] = self.reference
        return shown


@dataclass(slots=True)
class FileRejectedError(Exception):
    """The file is refused whole. `anomaly` is an entry of the catalogue; `line` the XML line, where there is one.

    `language` is what the header asks for, if the file was read so far: nothing has checked it yet.
    """

    anomaly: Anomaly
    line: int | None = None
    violations: list[SchemaViolation] = field(default_factory=list)
    language: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the rejection as it is stored: `{code, params?, line?, violations?}`."""
        shown: dict[str, Any] = dict(self.anomaly)
        if self.line is not None:
            shown["line"] = self.line
        if self.violations:
            shown["violations"] = [violation.as_json() for violation in self.violations]
        return shown

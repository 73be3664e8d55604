"""Why a file is rejected as a whole: what a negative acknowledgement says.

The parsing process starts anew for every file. So that it need not load the catalogue of anomalies with its texts in
four languages, codes are written here as they are; a test holds them against the catalogue.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.contracts.vocabulary import Anomaly


def anomaly(code: str, field: str | None = None, **params: object) -> Anomaly:
    """Make an anomaly as `shared.anomalies.anomaly` does, without looking the code up."""
    made: Anomaly = {"code": code}
    if field is not None:
        made["field"] = field
    if params:
        made["params"] = {name: str(value) for name, value in params.items()}
    return made


@dataclass(frozen=True, slots=True)
class SchemaViolation:
    """A place where the file breaks its schema. `line`: the XML line; `element`: a path like `terms/workingTime`.

    It never holds a value of the file other than the declaration's reference: a value may be a national number.
    """

    line: int | None
    reference: str | None
    element: str
    anomaly: Anomaly

    def as_json(self) -> dict[str, Any]:
        """Give the violation as it is stored: `{element, code, field?, params?, line?, reference?}`."""
        shown: dict[str, Any] = {"element": self.element, **self.anomaly}
        if self.line is not None:
            shown["line"] = self.line
        if self.reference is not None:
            shown["reference"] = self.reference
        return shown


@dataclass(slots=True)
class FileRejectedError(Exception):
    """The file is rejected as a whole. `anomaly`: an entry of the catalogue; `line`: the XML line, where there is one.

    `language`: what the header asks for, if the file was parsed so far; not checked yet. `search_failed`: the class of
    an error of our own that kept us from finding every violation.
    """

    anomaly: Anomaly
    line: int | None = None
    violations: list[SchemaViolation] = field(default_factory=list)
    language: str | None = None
    search_failed: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Give the rejection as it is stored: `{code, params?, line?, violations?}`."""
        shown: dict[str, Any] = dict(self.anomaly)
        if self.line is not None:
            shown["line"] = self.line
        if self.violations:
            shown["violations"] = [violation.as_json() for violation in self.violations]
        return shown

"""The people whom the sign-in page offers."""

import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from shared.identifiers import derived_id


class SignInMeans(StrEnum):
    """The digital key that someone pretends to have used, with the federal provider's level of assurance."""

    EID = "eid"
    ITSME = "itsme"

    @property
    def acr(self) -> str:
        level = {SignInMeans.EID: 500, SignInMeans.ITSME: 450}[self]
        return f"urn:be:fedict:iam:fas:Level{level}"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """One line of the sign-in page. `introduction` names the text that says who this is."""

    key: str
    group: str
    introduction: str
    organisation: str | None
    ssin: str
    given_name: str
    family_name: str
    language: str

    @property
    def subject(self) -> str:
        """Derive the stable identifier of this person in tokens (`sub`); it has no meaning."""
        return derived_id("demo-identity-provider", self.key)

    @property
    def claims(self) -> dict[str, str]:
        """Build the claims about this person (dict[claim, value])."""
        return {
            "sub": self.subject,
            "given_name": self.given_name,
            "family_name": self.family_name,
            "name": f"{self.given_name} {self.family_name}",
            "egovNRN": self.ssin,
            "locale": self.language,
        }

    @classmethod
    def from_json(cls, line: dict[str, Any]) -> Self:
        return cls(
            key=line["key"],
            group=line["group"],
            introduction=line["introduction"],
            organisation=line.get("organisation"),
            ssin=line["ssin"],
            given_name=line["givenName"],
            family_name=line["familyName"],
            language=line["language"],
        )


class People:
    """The demo people, in the order of the page."""

    def __init__(self, people: list[DemoPerson]) -> None:
        self._by_key = {person.key: person for person in people}
        self._by_subject = {person.subject: person for person in people}

    @classmethod
    def from_file(cls, path: Path) -> Self:
        """Read `sign_in.json`."""
        lines = json.loads(path.read_text(encoding="utf-8"))["people"]
        return cls([DemoPerson.from_json(line) for line in lines])

    def by_key(self, key: str) -> DemoPerson | None:
        return self._by_key.get(key)

    def by_subject(self, subject: str) -> DemoPerson | None:
        return self._by_subject.get(subject)

    def grouped(self) -> dict[str, list[DemoPerson]]:
        """Group the people (dict[group, people]); groups in the order of their first member."""
        groups: dict[str, list[DemoPerson]] = {}
        for person in self._by_key.values():
            groups.setdefault(person.group, []).append(person)
        return groups

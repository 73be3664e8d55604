"""The names in declarations: whether one changes anything, and whether it differs from what was said before.

Compared is only what this very employer said of the person, or the official name once a source confirmed the
employment: a warning that compared with what others said would tell that a number is known.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import asyncpg

from services.gateway.intake.decision_order import RANKS
from services.gateway.intake.declared import DeclarationKind, Declared, SubmissionEnvelope
from services.gateway.vault import name_versions, visible_names
from services.gateway.vault.name import Name, differing, is_said_by, merged
from services.gateway.vault.visible_names import KnownNames, NameSaid, Pair, as_it_stands
from shared.anomalies import anomaly
from shared.contracts.vocabulary import Anomaly


@dataclass(frozen=True, slots=True)
class NameEffect:
    """What a declaration does to a name. `changed`: it is another one now, of somebody employed here already."""

    changed: bool = False
    warnings: list[Anomaly] = field(default_factory=list)


_NOTHING = NameEffect()


def name_in(fields: Mapping[str, Any]) -> Name:
    """Read the name in a declaration's fields; a part that is not there is None."""
    return Name(fields.get("givenName"), fields.get("familyName"))


@dataclass(slots=True)
class DeclaredNames:
    """The names known while declarations are prepared, and those that these declarations add (`declared`)."""

    known: dict[Pair, KnownNames] = field(default_factory=dict)
    declared: list[name_versions.DeclaredName] = field(default_factory=list)

    def take(
        self,
        envelope: SubmissionEnvelope,
        declared: Declared,
        fields: Mapping[str, Any],
        person: str,
        *,
        employed: bool,
    ) -> NameEffect:
        """Take the name in an employment's declaration, to be kept until the declaration is decided.

        `employed`: the person was employed here before this declaration.
        """
        name, enterprise = name_in(fields), fields["enterpriseNumber"]
        if not name:
            return _NOTHING
        known = self.known.get((enterprise, person), KnownNames())
        position = (RANKS[declared.kind], declared.line)
        # What comes after it in its own file may be there already: its chunk is prepared again after a crash.
        said = [one for one in known.said if one.submission != envelope.submission or (one.rank, one.line) < position]
        now, decided = as_it_stands(said)
        is_correction = declared.kind is DeclarationKind.EMPLOYMENT_CHANGE
        if now is not None and is_said_by(now, name):
            if decided:
                return _NOTHING
        elif not is_correction and any(is_said_by(one.name, name) for one in said if one.past):
            # What was replaced since is sent once more: the same declaration again, which changes nothing.
            return _NOTHING
        at = datetime.fromisoformat(envelope.received_at)
        self._keep(envelope, declared, name, (enterprise, person), at)
        compared = known.official or now
        field_ = None if is_correction else differing(compared, name)
        warnings = [anomaly("nameDiffers", field_)] if field_ else []
        return NameEffect(employed and merged(now, name) != now, warnings)

    def _keep(self, envelope: SubmissionEnvelope, declared: Declared, name: Name, pair: Pair, at: datetime) -> None:
        (enterprise, person), rank = pair, RANKS[declared.kind]
        self.declared.append(
            name_versions.DeclaredName(
                envelope.submission, rank, declared.line, person, enterprise, name, envelope.sender.actor, at
            )
        )
        known = self.known.get(pair, KnownNames())
        said = NameSaid(name, past=False, at=at, submission=envelope.submission, rank=rank, line=declared.line)
        self.known[pair] = KnownNames([*known.said, said], known.official)


async def load(connection: asyncpg.Connection, pairs: set[Pair]) -> DeclaredNames:
    """Load what is known of the names of these (enterprise, person)."""
    return DeclaredNames(await visible_names.known_to(connection, pairs)) if pairs else DeclaredNames()

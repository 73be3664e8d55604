"""One training with its whole history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.web.kit.access import ReadAccess
from services.gateway.web.kit.answer_page import page
from services.gateway.web.kit.employments import employment_on
from services.gateway.web.kit.formatting import Formatter
from services.gateway.web.kit.frame import Area, Party
from services.gateway.web.kit.labels import Labels
from services.gateway.web.kit.people import actors_named, name_of
from services.gateway.web.trainings.change_training import training_of
from shared.contracts.answers import registration as answers
from shared.contracts.training_submissions import TrainingContent
from shared.contracts.vocabulary import Channel, RegisteredBy
from shared.i18n import N_, Language, translate

router = APIRouter(prefix="/enterprises/{number}/trainings", include_in_schema=False)
_WORDS = {"status": "status", "kind": "kind", "context": "context", "rightType": "right", "modality": "modality"}


class Change(StrEnum):
    """What made a version of a training. MATCHED: another one, the same as it, was registered or went."""

    REGISTERED = "registered"
    CORRECTED = "corrected"
    CANCELLED = "cancelled"
    MATCHED = "matched"


@dataclass(frozen=True)
class TrainingVersion:
    """One version, as recorded. `by` names who acted, in words; `reason` is what they said.

    `changes` holds, for a correction, each field that changed: its API path with the text before and after. `same_as`:
    the training that counted in its place.
    """

    version: int
    event: Change
    recorded_at: datetime
    by: str
    registered_by: RegisteredBy
    channel: Channel | None = None
    reason: str | None = None
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    same_as: str | None = None


@dataclass(frozen=True)
class TrainingView:
    """`…/trainings/{training_id}`: `content` is the current one, `versions` has the newest first.

    `employment` is None while the employment is not known yet: the training is kept, and charged when it arrives.
    `same_as`: the training that counts in its place.
    """

    template: ClassVar[str] = "trainings/training.html"

    enterprise: Party
    training: str
    employment: str | None
    employee_name: str
    content: TrainingContent
    reference: str | None
    versions: Sequence[TrainingVersion]
    same_as: str | None = None

    @property
    def cancelled(self) -> bool:
        """Whether it was voided: then nothing can be changed any more."""
        return self.content["status"] == "cancelled"


@router.get("/{training}", response_class=HTMLResponse)
async def training(request: Request, enterprise: ReadAccess, training: UUID) -> Response:
    """Show one training: what it is, who registered it, and every version there ever was."""
    found = await training_of(request, enterprise, training)
    person = found.training.person
    people = {v.actor.removeprefix("person:") for v in found.versions if v.actor.startswith("person:")}
    view = view_of(
        found,
        enterprise.party,
        employment=await employment_on(request, enterprise.number, person, found.training.content["startDate"]),
        employee_name=await name_of(request, enterprise.number, person),
        actors=await actors_named(request, people),
        language=enterprise.language,
    )
    return page(request, enterprise.frame(request, Area.TRAININGS), view)


def view_of(
    answer: answers.TrainingHistory,
    party: Party,
    *,
    employment: str | None,
    employee_name: str,
    actors: Mapping[str, str],
    language: Language,
) -> TrainingView:
    """Turn the answer into what the page shows. `actors`: dict[person id, name] of who acted."""
    current = answer.training
    return TrainingView(
        enterprise=party,
        training=current.training,
        employment=employment,
        employee_name=employee_name,
        content=current.content,
        reference=current.reference,
        versions=_versions(answer.versions, actors, language),
        same_as=current.same_as,
    )


def _versions(
    versions: Sequence[answers.TrainingVersion], names: Mapping[str, str], language: Language
) -> list[TrainingVersion]:
    def by(actor: str) -> str:
        kind, _, identifier = actor.partition(":")
        if kind == "person":
            return names.get(identifier, "—")
        return translate(language, N_("Software (%(name)s)"), name=identifier)

    shown = []
    for version, earlier in zip(versions, [*versions[1:], None], strict=True):
        shown.append(
            TrainingVersion(
                version=version.version,
                event=Change(version.change),
                recorded_at=datetime.fromisoformat(version.recorded_at),
                by=by(version.actor),
                registered_by=version.registered_by,
                reason=version.reason,
                changes=_changes(language, earlier, version) if version.change == "corrected" else {},
                same_as=version.same_as,
            )
        )
    return shown


def _changes(
    language: Language, earlier: answers.TrainingVersion | None, later: answers.TrainingVersion
) -> dict[str, tuple[str, str]]:
    """Compare two versions: dict[field, (text before, text after)] of what differs."""
    before, after = _flat(earlier.content if earlier else {}), _flat(later.content)
    return {
        name: (_text(language, name, before.get(name)), _text(language, name, after.get(name)))
        for name in dict.fromkeys((*before, *after))
        if before.get(name) != after.get(name)
    }


def _flat(content: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in content.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def _text(language: Language, name: str, value: Any) -> str:  # noqa: PLR0911 - one line per kind of field
    if value is None:
        return "–"
    formatter, labels = Formatter(language), Labels(language)
    if name in _WORDS:
        return labels(_WORDS[name], value)
    if name in ("minutes", "chargedMinutes"):
        return formatter.duration(value)
    if name.endswith("Date") or name == "certificate.validUntil":
        return formatter.date(datetime.fromisoformat(value).date())
    if name == "theme":
        return labels.theme(value)
    if isinstance(value, bool):
        return translate(language, N_("yes") if value else N_("no"))
    return str(value)

"""Trainings of an enterprise: the list, and one with its whole history."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path, Request
from fastapi.responses import HTMLResponse, Response

from services.gateway.questions import UnavailableError
from services.gateway.web.formatting import Formatter
from services.gateway.web.labels import Labels
from services.gateway.web.pages import PageNumber, page, see_other
from services.gateway.web.people import actors_named, employment_of, name_of, names_of
from services.gateway.web.reader import Reader, Reading
from services.gateway.web.routes.employees import PAGE_SIZE, sorting, years_until_now
from services.gateway.web.routes.training_forms import training_of
from services.gateway.web.searching import Searched
from services.gateway.web.telling import training_row
from services.gateway.web.views.frame import Area
from services.gateway.web.views.listing import Listing
from services.gateway.web.views.trainings import Event, TrainingFilters, TrainingsView, TrainingVersion, TrainingView
from services.gateway.wiring import gateway_of
from shared.i18n import N_, translate

router = APIRouter(prefix="/enterprises/{number}/trainings", include_in_schema=False)

Number = Annotated[str, Path(pattern=r"^[01][0-9]{9}$")]
SORTS = ("startDate", "title", "minutes")
_STATUSES = ("planned", "completed", "notFollowed", "cancelled")
_KINDS = ("formal", "informal")


@router.get("", response_class=HTMLResponse)
async def trainings(
    request: Request,
    reader: Reading,
    number: Number,
    q: Searched,
    year: str = "",
    status: str = "",
    kind: str = "",
    sort: str = "-startDate",
    at: PageNumber = 1,
) -> Response:
    """Trainings of the enterprise, newest first, narrowed by what is asked."""
    year = year if len(year) == 4 and year.isascii() and year.isdigit() else ""
    filters = TrainingFilters(q, year, status if status in _STATUSES else "", kind if kind in _KINDS else "")
    order = sorting(sort, SORTS)
    found = await gateway_of(request).questions.ask(
        "dashboard",
        f"/internal/enterprises/{number}/trainings",
        reader.scope(number),
        text=filters.q or None,
        status=filters.status or None,
        kind=filters.kind or None,
        sort=order.parameter,
        page=at,
        pageSize=PAGE_SIZE,
        **({"from": f"{year}-01-01", "until": f"{year}-12-31"} if year else {}),
    )
    if found is None:
        raise UnavailableError("dashboard")
    if not found["items"] and at > 1:
        # The list became shorter since its pages were shown: "no trainings yet" would be untrue.
        return see_other(reader.frame(request).with_query(page=None))
    names = await names_of(request, number, {item["person"] for item in found["items"]})
    rows = tuple(training_row(item, names.get(item["person"], "—")) for item in found["items"])
    view = TrainingsView(
        enterprise=reader.door(number).acting.party,
        trainings=Listing(rows, found["total"], at, PAGE_SIZE, order),
        filters=filters,
        years=years_until_now(),
    )
    return page(request, reader.frame(request, area=Area.TRAININGS, enterprise=number), view)


@router.get("/{training}", response_class=HTMLResponse)
async def training(request: Request, reader: Reading, number: Number, training: UUID) -> Response:
    """One training: what it is, who registered it, and every version there ever was."""
    found = await training_of(request, reader, number, training)
    current, person = found["training"], found["training"]["person"]
    view = TrainingView(
        enterprise=reader.door(number).acting.party,
        training=current["training"],
        employment=await employment_of(request, number, person, current["content"]["startDate"]),
        employee_name=await name_of(request, number, person),
        content=current["content"],
        reference=current.get("reference"),
        versions=await _versions(request, reader, found["versions"]),
        same_as=current.get("sameAs"),
    )
    return page(request, reader.frame(request, area=Area.TRAININGS, enterprise=number), view)


async def _versions(request: Request, reader: Reader, versions: Sequence[Mapping[str, Any]]) -> list[TrainingVersion]:
    people = {v["actor"].removeprefix("person:") for v in versions if v["actor"].startswith("person:")}
    names = await actors_named(request, people)

    def by(actor: str) -> str:
        kind, _, identifier = actor.partition(":")
        if kind == "person":
            return names.get(identifier, "—")
        return translate(reader.language, N_("Software (%(name)s)"), name=identifier)

    told = []
    for version, earlier in zip(versions, [*versions[1:], None], strict=True):
        told.append(
            TrainingVersion(
                version=version["version"],
                event=Event(version["change"]),
                recorded_at=datetime.fromisoformat(version["recordedAt"]),
                by=by(version["actor"]),
                registered_by=version["registeredBy"],
                reason=version.get("reason"),
                changes=_changes(reader, earlier, version) if version["change"] == Event.CORRECTED else {},
                same_as=version.get("sameAs"),
            )
        )
    return told


def _changes(reader: Reader, earlier: Mapping[str, Any] | None, later: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """Each field that differs, as text before and after."""
    before, after = _flat((earlier or {}).get("content", {})), _flat(later["content"])
    return {
        name: (_text(reader, name, before.get(name)), _text(reader, name, after.get(name)))
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


_WORDS = {"status": "status", "kind": "kind", "context": "context", "rightType": "right", "modality": "modality"}


def _text(reader: Reader, name: str, value: Any) -> str:  # noqa: PLR0911 - one line per kind of field
    if value is None:
        return "–"
    formatter, labels = Formatter(reader.language), Labels(reader.language)
    if name in _WORDS:
        return labels(_WORDS[name], value)
    if name in ("minutes", "chargedMinutes"):
        return formatter.duration(value)
    if name.endswith("Date") or name == "certificate.validUntil":
        return formatter.date(datetime.fromisoformat(value).date())
    if name == "theme":
        return labels.theme(value)
    if isinstance(value, bool):
        return translate(reader.language, N_("yes") if value else N_("no"))
    return str(value)

"""Without this a sender who writes the same otherwise, or sends it again next month, is told that it is another."""

from datetime import date, timedelta
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.intake.declared import DeclarationKind, Declared, Sender, SubmissionEnvelope
from services.gateway.intake.events import training as training_event
from services.gateway.intake.validation import validate
from services.registration.storage.versions import KnownTrainings
from shared.identifiers import derived_id
from tests.support.declarations import person
from tests.unit.registration.handlers.deciding import decided, told

ENTERPRISE = "0403019261"
DAY = date(2026, 3, 2)
SENDER = Sender(ENTERPRISE, f"person:{person(99)}", frozenset({ENTERPRISE}))
CORRECTED = {"reason": "Zo is het"}

spelled_out: dict[str, Any] = {"kind": "formal", "context": "professional", "rightType": "legal"}
"""Fields with the value that they have when they are left out."""

trainings = st.fixed_dictionaries(
    {
        "ssin": st.just("85073003328"),
        "enterpriseNumber": st.just(ENTERPRISE),
        "title": st.sampled_from(["EHBO", "Veiligheid op de werkvloer"]),
        "startDate": st.sampled_from(["2026-02-27", "2026-03-02", "2026-03-10"]),
        "endDate": st.sampled_from(["2026-03-10", "2026-03-20"]),
        "duration": st.sampled_from(["PT7H36M", "PT60M"]),
    },
    optional={
        "status": st.sampled_from(["planned", "notFollowed"]),
        "kind": st.sampled_from(["formal", "informal"]),
        "context": st.sampled_from(["professional", "nonProfessional"]),
        "rightType": st.sampled_from(["legal", "sectoral"]),
        "chargedDuration": st.sampled_from(["PT30M", "PT60M"]),
        "provider": st.fixed_dictionaries(
            {"name": st.just("VDAB")}, optional={"internal": st.booleans(), "enterpriseNumber": st.just("0887010362")}
        ),
        "certificate": st.fixed_dictionaries({"awarded": st.booleans()}),
        "location": st.just("Gent"),
    },
)


@st.composite
def rewritten(draw: st.DrawFn, fields: dict[str, Any]) -> dict[str, Any]:
    """The same declaration in another notation, with other defaults spelled out or left out."""
    now = dict(fields)
    for name, value in spelled_out.items():
        if now.get(name, value) == value and draw(st.booleans()):
            now.pop(name, None) if name in now else now.update({name: value})
    now["duration"] = draw(st.sampled_from([now["duration"], _in_minutes(now["duration"])]))
    if now.get("chargedDuration", now["duration"]) in _notations(now["duration"]):
        now.pop("chargedDuration", None)
        if draw(st.booleans()):
            now["chargedDuration"] = draw(st.sampled_from(sorted(_notations(now["duration"]))))
    if "provider" in now:
        now["provider"] = provider = dict(now["provider"])
        if not provider.pop("internal", False):
            provider |= draw(st.sampled_from([{}, {"internal": False}, {"internal": "false"}, {"internal": "0"}]))
        else:
            provider["internal"] = draw(st.sampled_from([True, "true", "1"]))
    if now.get("certificate", {"awarded": False}) == {"awarded": False}:
        now.pop("certificate", None)
        now |= draw(st.sampled_from([{}, {"certificate": {"awarded": False}}, {"certificate": {"awarded": "false"}}]))
    now["title"] = draw(st.sampled_from([now["title"], f" {now['title']} "]))
    now["ssin"] = draw(st.sampled_from(["85073003328", "85.07.30-033.28"]))
    return now


def _in_minutes(duration: str) -> str:
    return {"PT7H36M": "PT456M", "PT60M": "PT1H"}.get(duration, duration)


def _notations(duration: str) -> set[str]:
    return {"PT7H36M", "PT456M"} if duration in ("PT7H36M", "PT456M") else {"PT60M", "PT1H", "PT0H60M"}


def submitted(line: int, kind: DeclarationKind, fields: dict[str, Any], today: date) -> dict[str, Any]:
    declared = Declared(line, kind, fields)
    checked, found = validate(declared, today.isoformat())
    assert checked is not None, found
    envelope = SubmissionEnvelope(derived_id("submission", line), SENDER, "api", f"{today}T09:00:00+00:00")
    outgoing, _ = training_event(envelope, declared, checked, person(), found)
    event: dict[str, Any] = orjson.loads(outgoing.value)
    return event


@given(st.data(), trainings, st.integers(0, 400), st.booleans())
def test_the_same_declaration_is_unchanged_however_written_and_whenever_sent(
    data: st.DataObject, fields: dict[str, Any], later: int, has_status: bool
) -> None:
    if fields["endDate"] < fields["startDate"]:
        fields["endDate"] = fields["startDate"]
    if not has_status:
        fields.pop("status", None)
    known, named = KnownTrainings(), {"reference": "R1"}
    first = submitted(1, DeclarationKind.TRAINING_REGISTRATION, fields | named, DAY)
    then = DAY + timedelta(days=later)
    again = submitted(2, DeclarationKind.TRAINING_REGISTRATION, data.draw(rewritten(fields)) | named, then)
    corrected = submitted(
        3, DeclarationKind.TRAINING_CORRECTION, data.draw(rewritten(fields)) | named | CORRECTED, then
    )
    told_now = told(decided(first, again, corrected, known=known))
    assert [status for _, status, _ in told_now][1:] == ["unchanged", "unchanged"], told_now


@given(trainings)
def test_another_status_than_the_day_gave_is_another_content(fields: dict[str, Any]) -> None:
    """What the day decided stays; what the sender says counts."""
    fields = {**fields, "startDate": "2026-02-27", "endDate": "2026-03-01"}
    fields.pop("status", None)
    first = submitted(1, DeclarationKind.TRAINING_REGISTRATION, fields | {"reference": "R1"}, DAY)
    not_followed = {**fields, "reference": "R1", "status": "notFollowed"}
    again = submitted(2, DeclarationKind.TRAINING_REGISTRATION, not_followed, DAY)
    corrected = submitted(3, DeclarationKind.TRAINING_CORRECTION, not_followed | CORRECTED, DAY)
    statuses = [status for _, status, _ in told(decided(first, again, corrected))]
    assert statuses[1:] == ["refused", "accepted"]

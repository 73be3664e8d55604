"""Without this an employment or an override sent again in another notation is told to be another one."""

from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from services.entitlements.domain.same_declaration import same_override
from services.entitlements.handlers.declared_employment import employment_in
from services.entitlements.handlers.register_override import _override as figure_in
from services.gateway.intake import events
from services.gateway.intake.declared import DeclarationKind, Declared, Sender, SubmissionEnvelope
from services.gateway.intake.validation import validate
from shared.identifiers import derived_id

ENTERPRISE = "0403019261"
SENDER = Sender(ENTERPRISE, f"person:{derived_id('someone')}", frozenset({ENTERPRISE}))
PERSON, EMPLOYMENT = derived_id("person", 1), derived_id("employment", 1)
WHO = {"reference": "R1", "ssin": "85073003328", "enterpriseNumber": ENTERPRISE}
NOTATIONS = [
    ["0.5", "0.50", ".5", 0.5, "0.500000"],
    ["1", "1.0", 1, "1.000000"],
    ["2.25", 2.25, "2.250"],
]
COMMITTEES = [["200"], ["225.01", "22501"], ["305.02.09", "3050209"]]


def submitted(line: int, kind: DeclarationKind, fields: dict[str, Any], today: str) -> dict[str, Any]:
    declared = Declared(line, kind, {**fields, **WHO})
    checked, found = validate(declared, today)
    assert checked is not None, found
    envelope = SubmissionEnvelope(derived_id("submission", line), SENDER, "api", f"{today}T09:00:00+00:00")
    if kind is DeclarationKind.EMPLOYMENT_REGISTRATION:
        outgoing, _ = events.employment(envelope, declared, checked, PERSON, EMPLOYMENT, [], name_changed=False)
    else:
        outgoing, _ = events.override(envelope, declared, checked, PERSON, EMPLOYMENT, [])
    data: dict[str, Any] = orjson.loads(outgoing.value)["data"]
    return data


@st.composite
def employments_twice(draw: st.DrawFn) -> list[dict[str, Any]]:
    fraction, committee = draw(st.sampled_from(NOTATIONS[:2])), draw(st.sampled_from(COMMITTEES))
    return [
        {
            "startDate": "2025-01-01",
            "terms": [
                {
                    "validFrom": "2025-01-01",
                    "jointCommittee": draw(st.sampled_from(committee)),
                    "workingTime": draw(st.sampled_from(fraction)),
                }
            ],
        }
        for _ in range(2)
    ]


@st.composite
def figures_twice(draw: st.DrawFn) -> list[dict[str, Any]]:
    days = draw(st.sampled_from(NOTATIONS))
    defaults = {
        "basis": draw(st.sampled_from(["resultingDays", "fullTimeDays"])),
        "rightType": draw(st.sampled_from(["legal", "sectoral"])),
    }
    left_out = {"basis": "resultingDays", "rightType": "legal"}
    agreement = draw(st.sampled_from([[None], ["181682/CO/225.01", "0181682/CO/22501"]]))
    made = []
    for _ in range(2):
        fields: dict[str, Any] = {"year": draw(st.sampled_from([2025, "2025"])), "reason": "Zo afgesproken"}
        fields["days"] = draw(st.sampled_from(days))
        fields |= {n: v for n, v in defaults.items() if v != left_out[n] or draw(st.booleans())}
        for name, day in (("validFrom", "2025-01-01"), ("validUntil", "2025-12-31")):
            if draw(st.booleans()):
                fields[name] = day
        if number := draw(st.sampled_from(agreement)):
            fields["collectiveAgreement"] = number
        made.append(fields)
    return made


@given(employments_twice())
def test_the_same_employment_is_one_in_any_notation(twice: list[dict[str, Any]]) -> None:
    kind = DeclarationKind.EMPLOYMENT_REGISTRATION
    first, again = (submitted(line, kind, fields, f"2025-0{line}-01") for line, fields in enumerate(twice, 1))
    assert employment_in(first) == employment_in(again)  # type: ignore[arg-type]


@given(figures_twice())
def test_the_same_own_figure_is_one_in_any_notation(twice: list[dict[str, Any]]) -> None:
    kind = DeclarationKind.ENTITLEMENT_REGISTRATION
    first, again = (submitted(line, kind, fields, f"2025-0{line}-01") for line, fields in enumerate(twice, 1))
    assert same_override(figure_in(first), figure_in(again))  # type: ignore[arg-type]
    assert not same_override(figure_in(first), figure_in(again | {"reason": "Iets anders"}))  # type: ignore[arg-type]
    assert not same_override(figure_in(first), figure_in(again | {"days": "9"}))  # type: ignore[arg-type]

"""Every route of the API, and who may ask it. A route that has no row here fails the tests.

To add one: say in a `Row` which method and path (as the app has it), which `scope` it needs (None: open to anyone; "":
any client), what it is `about`, and a plausible `body`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from tests.support.access.behind import DAY
from tests.support.access.software import Call

Json = dict[str, Any]


class About(Enum):
    """What a route is about, and so what it answers to who may not know of it."""

    NOTHING = auto()  # nobody in particular
    TARGET = auto()  # the target: 404
    DECLARED = auto()  # the target, named in a declaration: 400
    EACH_DECLARED = auto()  # the target, named in each of many declarations: refused one by one
    OWN = auto()  # the organisation's own files and submissions


@dataclass(frozen=True)
class Row:
    """A route and who may ask it. `taken`: the statuses that who may gets."""

    method: str
    path: str
    scope: str | None
    about: About = About.TARGET
    taken: tuple[int, ...] = (200,)
    body: Callable[[Call], Json | bytes] | None = None
    query: str = ""
    submits: str | None = None
    """The channel of the submission that it leaves behind."""

    def address(self, call: Call, *, strange: bool = False) -> str:
        place, own = call.target, call.own
        batch = own.waiting_batch if self.method == "DELETE" else own.batch
        return self.path.format(
            number=place.number,
            employment=place.employment,
            training=place.training,
            entitlement=place.entitlement,
            enterprise_entitlement=place.for_all,
            batch=call.strange_batch if strange else batch,
            submission=call.strange_batch if strange else own.batch,
            name="anomalies" if "refData" in self.path else "fla-batch-1.xsd",
        ) + self.query.format(number=place.number)

    @property
    def lists_the_target(self) -> bool:
        """It names the target by number: nothing else is asked for, and nothing at all where it is not open."""
        return "enterpriseNumber" in self.query or self.path.endswith("/query") or "{number}" in self.path

    @property
    def names_a_file(self) -> bool:
        return "{batch}" in self.path or "{submission}" in self.path


def _of(call: Call) -> Json:
    return {"ssin": call.target.employee_ssin, "enterpriseNumber": call.target.number}


def _content() -> Json:
    return {"title": "First aid", "startDate": DAY, "endDate": DAY, "duration": "PT1H", "status": "completed"}


def _training(call: Call) -> Json:
    return _of(call) | _content()


def _corrected(call: Call) -> Json:
    return _content() | {"reason": "the title was wrong"}


def _employment(call: Call) -> Json:
    terms = {"validFrom": DAY, "jointCommittee": "200", "workingTime": 1}
    return _of(call) | {"familyName": "Peeters", "startDate": DAY, "terms": [terms]}


def _changed(call: Call) -> Json:
    return {name: value for name, value in _employment(call).items() if name not in ("ssin", "enterpriseNumber")}


def _figure(call: Call) -> Json:
    return _of(call) | {"year": 2026, "days": 6, "reason": "agreed", "employmentId": call.target.employment}


def _figure_for_all(call: Call) -> Json:
    return {"enterpriseNumber": call.target.number, "year": 2026, "days": 6, "reason": "agreed"}


def _enterprise(call: Call) -> Json:
    return {"enterpriseNumber": call.target.number, "name": "New name", "jointCommittees": ["200"]}


def _reason(_: Call) -> Json:
    return {"reason": "entered by mistake"}


def _query(call: Call) -> Json:
    return {"enterpriseNumber": call.target.number}


def _bulk(one: Callable[[Call], Json]) -> Callable[[Call], Json]:
    return lambda call: {"items": [one(call)]}


def _file(call: Call) -> bytes:
    return f"<file of='{call.serial}'/>".encode()


def _rows_of(what: str, one: Callable[[Call], Json]) -> tuple[Row, ...]:
    """What trainings, employments and own figures have alike."""
    path, write = f"/api/v1/{what}", f"{what}:write"
    return (
        Row("POST", path, write, About.DECLARED, (202,), one, submits="api"),
        Row("POST", f"{path}/bulk", write, About.EACH_DECLARED, (202,), _bulk(one), submits="api"),
        Row("GET", path, f"{what}:read", query="?enterpriseNumber={number}"),
    )


_T, _E, _F, _B = "/api/v1/trainings", "/api/v1/employments", "/api/v1/entitlements", "/api/v1/batches"
_FA = "/api/v1/enterpriseEntitlements"
_ANYONE = About.NOTHING

ROWS: tuple[Row, ...] = (
    *_rows_of("trainings", _training),
    Row("POST", f"{_T}/query", "trainings:read", body=_query),
    Row("GET", f"{_T}/{{training}}", "trainings:read"),
    Row("GET", f"{_T}/{{training}}", "trainings:read", query="?asKnownOn=2026-01-01"),
    Row("GET", f"{_T}/{{training}}/versions", "trainings:read"),
    Row("PUT", f"{_T}/{{training}}", "trainings:write", taken=(202,), body=_corrected, submits="api"),
    Row("POST", f"{_T}/{{training}}/cancel", "trainings:write", taken=(202,), body=_reason, submits="api"),
    *_rows_of("employments", _employment),
    Row("GET", f"{_E}/{{employment}}", "employments:read"),
    Row("PUT", f"{_E}/{{employment}}", "employments:write", taken=(202,), body=_changed, submits="api"),
    Row("POST", f"{_E}/{{employment}}/cancel", "employments:write", taken=(202,), body=_reason, submits="api"),
    Row("GET", f"{_E}/{{employment}}/ledger", "entitlements:read"),
    Row("GET", f"{_E}/{{employment}}/ledger", "entitlements:read", query="?asKnownOn=2026-01-01"),
    Row("POST", f"{_E}/{{employment}}/whatIf", "entitlements:read", body=lambda _: {"workingTime": "0.5"}),
    *_rows_of("entitlements", _figure),
    Row("GET", f"{_F}/{{entitlement}}", "entitlements:read"),
    Row("GET", f"{_F}/{{entitlement}}/versions", "entitlements:read"),
    Row("POST", f"{_F}/{{entitlement}}/cancel", "entitlements:write", taken=(202,), body=_reason, submits="api"),
    Row("POST", _FA, "entitlements:write", About.DECLARED, (202,), _figure_for_all, submits="api"),
    Row("GET", _FA, "entitlements:read", query="?enterpriseNumber={number}"),
    Row("GET", f"{_FA}/{{enterprise_entitlement}}", "entitlements:read"),
    Row("GET", f"{_FA}/{{enterprise_entitlement}}/versions", "entitlements:read"),
    Row(
        "POST",
        f"{_FA}/{{enterprise_entitlement}}/cancel",
        "entitlements:write",
        taken=(202,),
        body=_reason,
        submits="api",
    ),
    Row("POST", "/api/v1/enterprises", "enterprises:write", About.DECLARED, (202,), _enterprise, submits="api"),
    Row("GET", "/api/v1/enterprises", "enterprises:read", About.OWN),
    Row("GET", "/api/v1/enterprises/{number}", "enterprises:read"),
    Row("GET", "/api/v1/enterprises/{number}/summary", "enterprises:read"),
    Row("POST", _B, "batches:write", About.OWN, (202,), _file, submits="batch"),
    Row("GET", _B, "batches:read", About.OWN),
    Row("GET", f"{_B}/{{batch}}", "batches:read", About.OWN),
    Row("GET", f"{_B}/{{batch}}/acknowledgement", "batches:read", About.OWN),
    Row("GET", f"{_B}/{{batch}}/report", "batches:read", About.OWN),
    Row("DELETE", f"{_B}/{{batch}}", "batches:write", About.OWN, (204,)),
    Row("GET", "/api/v1/submissions/{submission}", "", About.OWN),
    Row("GET", "/api/v1/schemas/{name}", None, _ANYONE),
    Row("GET", "/api/v1/refData/{name}", None, _ANYONE),
    Row("GET", "/api/v1/arrangements", None, _ANYONE, query="?jointCommittee=200&size=20"),
    Row("GET", "/api/v1/openapi.json", None, _ANYONE),
    Row("GET", "/health", None, _ANYONE, (200, 503)),
    Row("GET", "/metrics", None, _ANYONE),
)

INTERNAL: tuple[tuple[str, str], ...] = (
    ("GET", "/internal/status"),
    ("GET", "/internal/parked"),
    ("POST", "/internal/parked/release"),
    ("POST", "/internal/parked/drop"),
    ("POST", "/internal/rehearsals"),
)
"""What only the gateway itself asks, with a token that it signs for an operator."""

"""Every page and form of the gateway, and who may have it. A route that has no row here fails the tests.

To add one: say in a `Row` which method and path (as the route declares it), `WHO` may, and for a form the plausible
fields that a browser would send (`csrf_token` and `submission_key` come by themselves).
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from services.gateway.representation.claim_decision import may_ask
from services.gateway.web.entitlements.preview_entitlement import fingerprint
from shared.access.scope import Role
from shared.clock import brussels_today
from tests.support.access.behind import DAY
from tests.support.access.cast import At, Way
from tests.support.access.gateway import Visit

Fields = dict[str, str]
Form = Callable[[Visit], Fields]


class Who(Enum):
    """Who may have a page."""

    ANYONE = auto()
    SIGNED_IN = auto()
    READER = auto()  # of the target
    WRITER = auto()  # of the target
    FILES_READER = auto()  # of the files of whom one acts for
    FILES_WRITER = auto()
    OPERATOR = auto()
    CLAIMANT = auto()  # who may represent an enterprise: not whoever holds an office only
    NOBODY = auto()  # of these: it is another's, or the authentic source would have to say so


class Stores(Enum):
    """What a form leaves behind when it is taken: a submission, in whose name."""

    NOTHING = auto()
    OF_THE_ACTING = auto()
    FILE = auto()


@dataclass(frozen=True)
class Row:
    """A route and who may have it. `taken`: the statuses that who may gets."""

    method: str
    path: str
    who: Who
    taken: tuple[int, ...] = (200,)
    form: Form | None = None
    stores: Stores = Stores.NOTHING
    file: bool = False
    query: str = ""
    last: bool = False
    """It changes the visitor's own rights or session: it comes after all others."""

    def address(self, visit: Visit) -> str:
        place = visit.target
        files = visit.places.get(visit.someone.files[0]) if visit.someone.files[0] else None
        return self.path.format(
            number=place.number,
            employment=place.employment,
            training=place.training,
            entitlement=place.entitlement,
            enterprise_entitlement=place.for_all,
            batch=(files or place).batch,
            submission=place.registered_together,
            reopened=place.employment,
            claim=visit.granted_claim if self.path.startswith(_CLAIMS) else visit.own_claim,
        ) + self.query.format(employment=place.employment)

    def open_to(self, visit: Visit) -> bool:
        """Whether this person may have it."""
        someone = visit.someone
        files, may_send = someone.files
        return {
            Who.ANYONE: True,
            Who.SIGNED_IN: someone.signed_in,
            Who.READER: someone.way is not Way.CLOSED,
            Who.WRITER: someone.way is Way.WRITE,
            # An inspector's files are nobody's: the list is empty, and no file is in it.
            Who.FILES_READER: files in visit.places or (files is At.NOBODY and "{batch}" not in self.path),
            Who.FILES_WRITER: files in visit.places and may_send,
            Who.OPERATOR: someone.has(Role.OPERATOR),
            Who.CLAIMANT: someone.signed_in and may_ask(someone.held),
            Who.NOBODY: False,
        }[self.who]

    def sender(self, visit: Visit) -> tuple[str, str] | None:
        """Channel and sender of what is submitted with it by who may."""
        match self.stores:
            case Stores.OF_THE_ACTING:
                assert visit.someone.through is not None
                return "web", visit.places[visit.someone.through].number
            case Stores.FILE:
                files, _ = visit.someone.files
                assert files is not None
                return "batch", visit.places[files].number
        return None


def _nothing(_: Visit) -> Fields:
    return {}


def _training(visit: Visit) -> Fields:
    return {"title": "First aid", "startDate": DAY, "endDate": DAY, "durationHours": "1", "durationMinutes": "0",
            "status": "completed", "kind": "formal", "employees": visit.target.employment}  # fmt: skip


def _employment(visit: Visit) -> Fields:
    return {"ssin": visit.target.employee_ssin, "startDate": DAY, "jointCommittee": "200", "workingTime": "80",
            "familyName": "Peeters"}  # fmt: skip


def _figure(visit: Visit) -> Fields:
    figure = {"year": "2026", "basis": "resultingDays", "days": "6", "reason": "agreed", "rightType": "legal"}
    shown = fingerprint(figure | {"enterpriseNumber": visit.target.number}, [visit.target.employment])
    return figure | {"employees": visit.target.employment, "confirmed": shown}


def _reason(_: Visit) -> Fields:
    return {"reason": "entered by mistake"}


def _corrected(visit: Visit) -> Fields:
    return _training(visit) | {"reason": "the title was wrong", "expectedVersion": "1"}


def _together(visit: Visit) -> Fields:
    seen = hashlib.sha256(repr([(visit.target.training, 1)]).encode()).hexdigest()[:32]
    return _corrected(visit) | {"seen": seen}


def _facts(_: Visit) -> Fields:
    return {"name": "New name", "jointCommittees": "200"}


def _new_enterprise(visit: Visit) -> Fields:
    return {"enterpriseNumber": visit.unregistered.number, "name": "New", "jointCommittees": "200"}


def _parked(_: Visit) -> Fields:
    return {"service": "registration", "topic": "t", "key": "k", "reason": "broken for good"}


def _reopened(visit: Visit) -> Fields:
    soon = brussels_today() + timedelta(days=5)
    return {"enterpriseNumber": visit.target.number, "ssin": visit.target.employee_ssin, "until": soon.isoformat(),
            "reason": "a late correction"}  # fmt: skip


_OWN = "/enterprises/{number}"
_EMPLOYER = "/me/employers/{employment}"
_CLAIMS = "/operator/representation"
_ACTING = Stores.OF_THE_ACTING

_TOGETHER = f"{_OWN}/trainings/registered/{{submission}}"
ROWS: tuple[Row, ...] = (
    Row("GET", "/", Who.ANYONE, (200, 303)),
    Row("GET", "/help", Who.ANYONE),
    Row("GET", "/arrangements", Who.ANYONE),
    Row("GET", "/sign-in", Who.ANYONE, (200, 303)),
    Row("GET", "/sign-in/start", Who.ANYONE, (303,)),
    Row("GET", "/sign-in/callback", Who.ANYONE, (303,)),
    Row("GET", "/api/docs", Who.ANYONE),
    Row("GET", "/start", Who.SIGNED_IN, (303,)),
    Row("GET", "/parties", Who.SIGNED_IN),
    Row("POST", "/parties", Who.READER, (303,), lambda visit: {"enterprise": visit.target.number}),
    Row("GET", "/enterprises", Who.SIGNED_IN),
    Row("GET", "/enterprises/new", Who.CLAIMANT),
    # Nothing proves it here: it waits for the operator.
    Row("POST", "/enterprises/new", Who.CLAIMANT, (303,), _new_enterprise, last=True),
    Row("POST", "/claims", Who.NOBODY, (303,), lambda visit: {"enterprise": visit.target.number}),
    Row("GET", "/claims/{claim}", Who.SIGNED_IN),
    Row("POST", "/claims/{claim}/withdraw", Who.SIGNED_IN, (303,), _nothing),
    Row("POST", "/claims/{claim}/close", Who.SIGNED_IN, (303,), _nothing),
    Row("GET", "/me", Who.SIGNED_IN),
    Row("GET", "/me/changes", Who.SIGNED_IN),
    Row("POST", f"{_EMPLOYER}/confirm", Who.NOBODY, (303,), _nothing),
    Row("POST", f"{_EMPLOYER}/close", Who.NOBODY, (303,), _nothing),
    Row("GET", f"{_EMPLOYER}/contest", Who.NOBODY),
    Row("POST", f"{_EMPLOYER}/contest", Who.NOBODY, (303,), lambda _: {"text": "I never worked there"}),
    Row("GET", _OWN, Who.READER),
    Row("GET", f"{_OWN}/changes", Who.READER),
    Row("GET", f"{_OWN}/facts", Who.READER),
    Row("POST", f"{_OWN}/facts", Who.WRITER, (303,), _facts, _ACTING),
    Row("GET", f"{_OWN}/employees", Who.READER),
    Row("GET", f"{_OWN}/employees", Who.READER, query="?sort=-startDate"),
    Row("GET", f"{_OWN}/employees/new", Who.WRITER),
    Row("POST", f"{_OWN}/employees/new", Who.WRITER, (303,), _employment, _ACTING),
    Row("GET", f"{_OWN}/employees/{{employment}}", Who.READER),
    Row("GET", f"{_OWN}/employees/{{employment}}", Who.READER, query="?asKnownOn=01/01/2026"),
    Row("GET", f"{_OWN}/employees/{{employment}}/what-if", Who.READER),
    Row("POST", f"{_OWN}/employees/{{employment}}/what-if", Who.READER, (200,), lambda _: {"workingTime": "50"}),
    Row("GET", f"{_OWN}/employees/{{employment}}/change", Who.WRITER),
    Row("POST", f"{_OWN}/employees/{{employment}}/change", Who.WRITER, (303,), _employment, _ACTING),
    Row("GET", f"{_OWN}/employees/{{employment}}/cancel", Who.WRITER),
    Row("POST", f"{_OWN}/employees/{{employment}}/cancel", Who.WRITER, (303,), _reason, _ACTING),
    Row("GET", f"{_OWN}/entitlements/new", Who.WRITER, query="?employee={employment}"),
    Row("POST", f"{_OWN}/entitlements/new", Who.WRITER, (303,), _figure, _ACTING),
    Row("GET", f"{_OWN}/entitlements/{{entitlement}}/cancel", Who.WRITER),
    Row("POST", f"{_OWN}/entitlements/{{entitlement}}/cancel", Who.WRITER, (303,), _reason, _ACTING),
    Row("GET", f"{_OWN}/entitlements/for-all/{{enterprise_entitlement}}/cancel", Who.WRITER),
    Row("POST", f"{_OWN}/entitlements/for-all/{{enterprise_entitlement}}/cancel", Who.WRITER, (303,), _reason, _ACTING),
    Row("GET", f"{_OWN}/trainings", Who.READER),
    Row("GET", f"{_OWN}/trainings/new", Who.WRITER, query="?employee={employment}"),
    Row("POST", f"{_OWN}/trainings/new", Who.WRITER, (303,), _training, _ACTING),
    Row("GET", f"{_TOGETHER}", Who.READER),
    Row("GET", f"{_TOGETHER}/correct", Who.WRITER),
    Row("POST", f"{_TOGETHER}/correct", Who.WRITER, (303,), _together, _ACTING),
    Row("GET", f"{_TOGETHER}/take-back", Who.WRITER),
    Row("POST", f"{_TOGETHER}/take-back", Who.WRITER, (303,), _together, _ACTING),
    Row("GET", f"{_OWN}/trainings/{{training}}", Who.READER),
    Row("GET", f"{_OWN}/trainings/{{training}}/correct", Who.WRITER),
    Row("POST", f"{_OWN}/trainings/{{training}}/correct", Who.WRITER, (303,), _corrected, _ACTING),
    Row("GET", f"{_OWN}/trainings/{{training}}/cancel", Who.WRITER),
    Row("POST", f"{_OWN}/trainings/{{training}}/cancel", Who.WRITER, (303,), _reason, _ACTING),
    Row("GET", "/batches", Who.FILES_READER),
    Row("GET", "/batches/new", Who.FILES_WRITER),
    Row("POST", "/batches/new", Who.FILES_WRITER, (303,), _nothing, Stores.FILE, file=True),
    Row("GET", "/batches/{batch}", Who.FILES_READER),
    Row("GET", "/batches/{batch}/report", Who.FILES_READER),
    Row("GET", "/operator", Who.OPERATOR),
    Row("POST", "/operator/parked/release", Who.OPERATOR, (303,), _parked),
    Row("POST", "/operator/parked/drop", Who.OPERATOR, (303,), _parked),
    Row("GET", _CLAIMS, Who.OPERATOR),
    *(Row("POST", f"{_CLAIMS}/{{claim}}/{act}", Who.OPERATOR, (303,), _reason) for act in ("ask", "grant", "refuse")),
    Row("GET", f"{_CLAIMS}/{{claim}}/revoke", Who.OPERATOR),
    Row("POST", f"{_CLAIMS}/{{claim}}/revoke", Who.OPERATOR, (303,), _reason, last=True),
    Row("POST", f"{_CLAIMS}/contests/{{employment}}/resolve", Who.OPERATOR, (303,), _reason),
    Row("GET", "/operator/access", Who.OPERATOR),
    Row("POST", "/operator/access", Who.OPERATOR, (303,), _reopened),
    Row("POST", "/operator/access/{reopened}/withdraw", Who.OPERATOR, (303,), _nothing),
    Row("POST", "/sign-out", Who.ANYONE, (303,), _nothing, last=True),
)

"""Every page in every state worth seeing: a name, a reader and a view."""

from collections.abc import Callable
from dataclasses import dataclass

from services.gateway.web import links
from services.gateway.web.rendering import View
from services.gateway.web.samples import (
    dashboards,
    employees,
    enterprises,
    operations,
    people,
    representing,
    training_forms,
    trainings,
)
from services.gateway.web.views.frame import Area, Frame
from shared.i18n import Language

ViewOf = Callable[[Language], View]
FrameOf = Callable[[Language], Frame]
_BAKERY = people.BAKERY.number


@dataclass(frozen=True)
class Sample:
    """One page to look at; the frame's path is the real one."""

    name: str
    frame: FrameOf
    view: ViewOf


def _visitor(name: str, path: str, view: ViewOf) -> Sample:
    return Sample(name, lambda language: people.visitor(language, path), view)


def _employer(name: str, path: str, area: Area | None, view: ViewOf) -> Sample:
    return Sample(name, lambda language: people.employer(language, path, area), view)


def _mandatary(name: str, path: str, area: Area, view: ViewOf, **query: str) -> Sample:
    return Sample(name, lambda language: people.mandatary(language, path, area, **query), view)


def _reader(name: str, path: str, area: Area, view: ViewOf) -> Sample:
    return Sample(name, lambda language: people.reader(language, path, area), view)


def _citizen(name: str, path: str, view: ViewOf) -> Sample:
    return Sample(name, lambda language: people.citizen(language, path), view)


def _operator(name: str, view: ViewOf) -> Sample:
    return Sample(name, lambda language: people.operator(language, links.OPERATOR), view)


def _deciding(name: str, path: str, view: ViewOf) -> Sample:
    return Sample(name, lambda language: people.operator(language, path), view)


def _newcomer(name: str, path: str, view: ViewOf) -> Sample:
    return Sample(name, lambda language: people.newcomer(language, path), view)


SAMPLES: tuple[Sample, ...] = (
    _visitor("landing", links.HOME, operations.landing),
    _visitor("sign-in", links.SIGN_IN, operations.sign_in),
    _visitor("arrangements", links.ARRANGEMENTS, enterprises.look_up),
    _visitor("arrangements-known", links.ARRANGEMENTS, enterprises.known),
    _visitor("arrangements-unknown", links.ARRANGEMENTS, enterprises.unknown),
    _visitor("help", links.HELP, operations.help_page),
    _newcomer("parties", links.PARTIES, enterprises.parties),
    _newcomer("parties-none", links.PARTIES, enterprises.no_parties),
    _newcomer("enterprise-new", links.NEW_ENTERPRISE, enterprises.new),
    _newcomer("enterprise-new-offered", links.NEW_ENTERPRISE, enterprises.new_offered),
    _mandatary("enterprises", links.ENTERPRISES, Area.ENTERPRISES, enterprises.overview),
    _mandatary("dashboard", links.dashboard(_BAKERY), Area.DASHBOARD, dashboards.full, year="2024"),
    _employer("dashboard-empty", links.dashboard(_BAKERY), Area.DASHBOARD, dashboards.empty),
    _employer("enterprise-facts", links.facts(_BAKERY), Area.DASHBOARD, enterprises.facts),
    _employer("employees", links.employees(_BAKERY), Area.EMPLOYEES, employees.listed),
    _employer("employees-none", links.employees(_BAKERY), Area.EMPLOYEES, employees.none_found),
    _employer("employee-new", links.new_employee(_BAKERY), Area.EMPLOYEES, employees.new),
    _employer("employee-new-doubted", links.new_employee(_BAKERY), Area.EMPLOYEES, employees.new_doubted),
    _employer("employee", links.employee(_BAKERY, employees.EMPLOYMENT), Area.EMPLOYEES, employees.one),
    _reader("employee-reader", links.employee(_BAKERY, employees.EMPLOYMENT), Area.EMPLOYEES, employees.just_added),
    _employer(
        "employee-change", links.change_employee(_BAKERY, employees.EMPLOYMENT), Area.EMPLOYEES, employees.change
    ),
    _employer(
        "employment-cancel",
        links.cancel_employee(_BAKERY, employees.EMPLOYMENT),
        Area.EMPLOYEES,
        employees.cancel_employment,
    ),
    _employer(
        "entitlement-cancel",
        links.cancel_entitlement(_BAKERY, employees.FIGURE.entitlement),
        Area.EMPLOYEES,
        employees.cancel_entitlement,
    ),
    _employer("entitlement-new", links.new_entitlement(_BAKERY), Area.EMPLOYEES, employees.new_entitlement),
    _employer("trainings", links.trainings(_BAKERY), Area.TRAININGS, trainings.listed),
    _employer("trainings-none", links.trainings(_BAKERY), Area.TRAININGS, trainings.none),
    _employer("training-new", links.new_training(_BAKERY), Area.TRAININGS, training_forms.blank),
    _employer("training-new-errors", links.new_training(_BAKERY), Area.TRAININGS, training_forms.with_errors),
    _employer("training-new-asking", links.new_training(_BAKERY), Area.TRAININGS, training_forms.asking),
    _employer("training-double", links.training(_BAKERY, trainings.TRAINING), Area.TRAININGS, trainings.double),
    _employer("training", links.training(_BAKERY, trainings.TRAINING), Area.TRAININGS, trainings.one),
    _employer("training-cancelled", links.training(_BAKERY, trainings.TRAINING), Area.TRAININGS, trainings.cancelled),
    _employer(
        "training-correct", links.correct_training(_BAKERY, trainings.TRAINING), Area.TRAININGS, trainings.correct
    ),
    _employer("training-cancel", links.cancel_training(_BAKERY, trainings.TRAINING), Area.TRAININGS, trainings.cancel),
    _employer("batches", links.BATCHES, Area.BATCHES, operations.batches),
    _employer("batches-none", links.BATCHES, Area.BATCHES, operations.no_batches),
    _employer("batch-new", links.NEW_BATCH, Area.BATCHES, operations.new_batch),
    _employer("batch-new-errors", links.NEW_BATCH, Area.BATCHES, operations.new_batch_errors),
    _employer("batch", links.batch(operations.BATCH), Area.BATCHES, operations.done),
    _employer("batch-running", links.batch(operations.BATCH), Area.BATCHES, operations.running),
    _employer("batch-rejected", links.batch(operations.BATCH), Area.BATCHES, operations.rejected),
    _citizen("me", links.ME, employees.me),
    _citizen("me-new", links.ME, employees.me_new),
    _citizen("me-provider", links.ME, employees.me_provider),
    _citizen("me-fund", links.ME, employees.me_fund),
    _citizen("me-told", links.ME, employees.me_told),
    _citizen("claim-pending", links.claim(representing.CLAIM), representing.pending),
    _citizen("claim-refused", links.claim(representing.CLAIM), representing.refused),
    _citizen("claim-granted", links.claim(representing.CLAIM), representing.granted),
    _citizen("contest", links.my_employer(representing.EMPLOYMENT, "contest"), representing.contest),
    _deciding("operator-claims", links.OPERATOR_CLAIMS, representing.queue),
    _deciding("operator-claims-none", links.OPERATOR_CLAIMS, representing.nothing),
    _deciding("revoke", links.operator_claim(representing.CLAIM, "revoke"), representing.revoke),
    _deciding("revoke-one-of-two", links.operator_claim(representing.CLAIM, "revoke"), representing.revoke_one_of_two),
    _operator("operator", operations.operator),
    _operator("operator-healthy", operations.healthy),
    _operator("operator-access", operations.reopened),
    _operator("operator-access-errors", operations.reopened_errors),
    _employer("form-expired", "/expired", None, operations.form_expired),
    _visitor("form-signed-out", "/signed-out", operations.form_signed_out),
    _visitor("file-expired", "/file-expired", operations.file_expired),
    _employer("error-403", "/enterprises/0417497106", None, operations.forbidden),
    _visitor("error-404", "/nowhere", operations.not_found),
    _employer("error-500", "/broken", None, operations.broken),
)

"""Every page in every state worth seeing: a name, a reader and a view."""

from collections.abc import Callable
from dataclasses import dataclass

from services.gateway.web import site  # noqa: F401 - offers templates what they may name
from services.gateway.web.claims import addresses as claims_addresses
from services.gateway.web.dashboard import addresses as dashboard_addresses
from services.gateway.web.employees import addresses as employees_addresses
from services.gateway.web.enterprises import addresses as enterprises_addresses
from services.gateway.web.entitlements import addresses as entitlements_addresses
from services.gateway.web.files import addresses as files_addresses
from services.gateway.web.kit import addresses as kit_addresses
from services.gateway.web.kit.frame import Area, Frame
from services.gateway.web.kit.rendering import View
from services.gateway.web.monitoring import addresses as monitoring_addresses
from services.gateway.web.my_account import addresses as my_account_addresses
from services.gateway.web.trainings import addresses as trainings_addresses
from shared.i18n import Language
from tests.pages import (
    dashboards,
    employees,
    enterprises,
    operations,
    people,
    representing,
    training_forms,
    trainings,
)
from tests.pages.recorded_answers import YEAR

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
    return Sample(name, lambda language: people.operator(language, monitoring_addresses.OPERATOR), view)


def _deciding(name: str, path: str, view: ViewOf) -> Sample:
    return Sample(name, lambda language: people.operator(language, path), view)


def _newcomer(name: str, path: str, view: ViewOf) -> Sample:
    return Sample(name, lambda language: people.newcomer(language, path), view)


SAMPLES: tuple[Sample, ...] = (
    _visitor("landing", kit_addresses.HOME, operations.landing),
    _visitor("sign-in", kit_addresses.SIGN_IN, operations.sign_in),
    _visitor("arrangements", kit_addresses.ARRANGEMENTS, enterprises.look_up),
    _visitor("arrangements-known", kit_addresses.ARRANGEMENTS, enterprises.known),
    _visitor("arrangements-unknown", kit_addresses.ARRANGEMENTS, enterprises.unknown),
    _visitor("help", kit_addresses.HELP, operations.help_page),
    _newcomer("parties", kit_addresses.PARTIES, enterprises.parties),
    _newcomer("parties-none", kit_addresses.PARTIES, enterprises.no_parties),
    _newcomer("enterprise-new", enterprises_addresses.NEW_ENTERPRISE, enterprises.new),
    _newcomer("enterprise-new-offered", enterprises_addresses.NEW_ENTERPRISE, enterprises.new_offered),
    _mandatary("enterprises", enterprises_addresses.ENTERPRISES, Area.ENTERPRISES, enterprises.overview),
    _mandatary("dashboard", dashboard_addresses.dashboard(_BAKERY), Area.DASHBOARD, dashboards.full, year=str(YEAR)),
    _employer("dashboard-empty", dashboard_addresses.dashboard(_BAKERY), Area.DASHBOARD, dashboards.empty),
    _employer("enterprise-facts", enterprises_addresses.facts(_BAKERY), Area.DASHBOARD, enterprises.facts),
    _employer("employees", employees_addresses.employees(_BAKERY), Area.EMPLOYEES, employees.listed),
    _employer("employees-none", employees_addresses.employees(_BAKERY), Area.EMPLOYEES, employees.none_found),
    _employer("employee-new", employees_addresses.new_employee(_BAKERY), Area.EMPLOYEES, employees.new),
    _employer("employee-new-doubted", employees_addresses.new_employee(_BAKERY), Area.EMPLOYEES, employees.new_doubted),
    _employer("employee", employees_addresses.employee(_BAKERY, employees.EMPLOYMENT), Area.EMPLOYEES, employees.one),
    _reader(
        "employee-reader",
        employees_addresses.employee(_BAKERY, employees.EMPLOYMENT),
        Area.EMPLOYEES,
        employees.just_added,
    ),
    _employer(
        "employee-known-then",
        employees_addresses.employee(_BAKERY, employees.EMPLOYMENT),
        Area.EMPLOYEES,
        employees.one_known_then,
    ),
    _employer(
        "employee-suppose",
        employees_addresses.suppose_employee(_BAKERY, employees.EMPLOYMENT),
        Area.EMPLOYEES,
        employees.suppose,
    ),
    _employer(
        "employee-suppose-wrong",
        employees_addresses.suppose_employee(_BAKERY, employees.EMPLOYMENT),
        Area.EMPLOYEES,
        employees.suppose_wrong,
    ),
    _employer(
        "employee-change",
        employees_addresses.change_employee(_BAKERY, employees.EMPLOYMENT),
        Area.EMPLOYEES,
        employees.change,
    ),
    _employer(
        "employment-cancel",
        employees_addresses.cancel_employee(_BAKERY, employees.EMPLOYMENT),
        Area.EMPLOYEES,
        employees.cancel_employment,
    ),
    _employer(
        "entitlement-cancel",
        entitlements_addresses.cancel_entitlement(_BAKERY, employees.FIGURE.entitlement),
        Area.EMPLOYEES,
        employees.cancel_entitlement,
    ),
    _employer(
        "entitlement-new", entitlements_addresses.new_entitlement(_BAKERY), Area.EMPLOYEES, employees.new_entitlement
    ),
    _employer(
        "entitlement-preview",
        entitlements_addresses.new_entitlement(_BAKERY),
        Area.EMPLOYEES,
        employees.preview_entitlement,
    ),
    _employer("trainings", trainings_addresses.trainings(_BAKERY), Area.TRAININGS, trainings.listed),
    _employer("trainings-none", trainings_addresses.trainings(_BAKERY), Area.TRAININGS, trainings.none),
    _employer("training-new", trainings_addresses.new_training(_BAKERY), Area.TRAININGS, training_forms.blank),
    _employer(
        "training-new-errors", trainings_addresses.new_training(_BAKERY), Area.TRAININGS, training_forms.with_errors
    ),
    _employer("training-new-asking", trainings_addresses.new_training(_BAKERY), Area.TRAININGS, training_forms.asking),
    _employer(
        "training-double", trainings_addresses.training(_BAKERY, trainings.TRAINING), Area.TRAININGS, trainings.double
    ),
    _employer("training", trainings_addresses.training(_BAKERY, trainings.TRAINING), Area.TRAININGS, trainings.one),
    _employer(
        "training-cancelled",
        trainings_addresses.training(_BAKERY, trainings.TRAINING),
        Area.TRAININGS,
        trainings.cancelled,
    ),
    _employer(
        "trainings-together",
        trainings_addresses.registered_together(_BAKERY, trainings.TOGETHER),
        Area.TRAININGS,
        trainings.together,
    ),
    _employer(
        "trainings-together-take-back",
        trainings_addresses.take_back_together(_BAKERY, trainings.TOGETHER),
        Area.TRAININGS,
        trainings.take_back_together,
    ),
    _employer(
        "trainings-together-correct",
        trainings_addresses.correct_together(_BAKERY, trainings.TOGETHER),
        Area.TRAININGS,
        trainings.correct_together,
    ),
    _employer(
        "training-correct",
        trainings_addresses.correct_training(_BAKERY, trainings.TRAINING),
        Area.TRAININGS,
        trainings.correct,
    ),
    _employer(
        "training-cancel",
        trainings_addresses.cancel_training(_BAKERY, trainings.TRAINING),
        Area.TRAININGS,
        trainings.cancel,
    ),
    _employer("batches", files_addresses.BATCHES, Area.BATCHES, operations.batches),
    _employer("batches-none", files_addresses.BATCHES, Area.BATCHES, operations.no_batches),
    _employer("batch-new", files_addresses.NEW_BATCH, Area.BATCHES, operations.new_batch),
    _employer("batch-new-errors", files_addresses.NEW_BATCH, Area.BATCHES, operations.new_batch_errors),
    _employer("batch", files_addresses.batch(operations.BATCH), Area.BATCHES, operations.done),
    _employer("batch-running", files_addresses.batch(operations.BATCH), Area.BATCHES, operations.running),
    _employer("batch-rejected", files_addresses.batch(operations.BATCH), Area.BATCHES, operations.rejected),
    _employer("batch-interrupted", files_addresses.batch(operations.BATCH), Area.BATCHES, operations.interrupted),
    _employer("batch-cancelled", files_addresses.batch(operations.BATCH), Area.BATCHES, operations.cancelled),
    _citizen("me", my_account_addresses.ME, employees.me),
    _citizen("me-new", my_account_addresses.ME, employees.me_new),
    _citizen("me-provider", my_account_addresses.ME, employees.me_provider),
    _citizen("me-fund", my_account_addresses.ME, employees.me_fund),
    _citizen("me-told", my_account_addresses.ME, employees.me_told),
    _citizen("claim-pending", claims_addresses.claim(representing.CLAIM), representing.pending),
    _citizen("claim-refused", claims_addresses.claim(representing.CLAIM), representing.refused),
    _citizen("claim-granted", claims_addresses.claim(representing.CLAIM), representing.granted),
    _citizen("contest", my_account_addresses.my_employer(representing.EMPLOYMENT, "contest"), representing.contest),
    _deciding("operator-claims", monitoring_addresses.OPERATOR_CLAIMS, representing.queue),
    _deciding("operator-claims-none", monitoring_addresses.OPERATOR_CLAIMS, representing.nothing),
    _deciding("revoke", monitoring_addresses.operator_claim(representing.CLAIM, "revoke"), representing.revoke),
    _deciding(
        "revoke-one-of-two",
        monitoring_addresses.operator_claim(representing.CLAIM, "revoke"),
        representing.revoke_one_of_two,
    ),
    _operator("operator", operations.operator),
    _operator("operator-healthy", operations.healthy),
    _operator("operator-access", operations.reopened),
    _operator("operator-access-errors", operations.reopened_errors),
    _employer("form-expired", "/expired", None, operations.form_expired),
    _visitor("form-signed-out", "/signed-out", operations.form_signed_out),
    _visitor("file-expired", "/file-expired", operations.file_expired),
    _visitor("away", "/away", operations.away),
    _visitor("form-away", "/form-away", operations.form_away),
    _visitor("file-away", "/file-away", operations.file_away),
    _employer("error-403", "/enterprises/0417497106", None, operations.forbidden),
    _visitor("error-404", "/nowhere", operations.not_found),
    _employer("error-500", "/broken", None, operations.broken),
)

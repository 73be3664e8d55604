"""The site: its pages in the order in which addresses are matched, its navigation, and what templates may name.

A new topic is a folder beside this file, and its lines here.
"""

from collections.abc import Mapping
from types import ModuleType, SimpleNamespace

from fastapi import APIRouter, FastAPI
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles

from services.gateway.web import error_pages
from services.gateway.web.arrangements import look_up
from services.gateway.web.arrangements.arrangement_sentences import ArrangementExplainer
from services.gateway.web.claims import addresses as claims_addresses
from services.gateway.web.claims import claim
from services.gateway.web.credit.ledger_sentences import LedgerExplainer
from services.gateway.web.dashboard import addresses as dashboard_addresses
from services.gateway.web.dashboard import changes as dashboard_changes
from services.gateway.web.dashboard import dashboard
from services.gateway.web.employees import (
    add_employee,
    cancel_employment,
    change_employment,
    employee,
    employees,
    suppose,
)
from services.gateway.web.employees import addresses as employees_addresses
from services.gateway.web.enterprises import addresses as enterprises_addresses
from services.gateway.web.enterprises import choose_enterprise, enterprise_facts, enterprises, register_enterprise
from services.gateway.web.entitlements import addresses as entitlements_addresses
from services.gateway.web.entitlements import cancel_entitlement, register_entitlement
from services.gateway.web.error_pages import Respond
from services.gateway.web.files import addresses as files_addresses
from services.gateway.web.files import file, files, send_file
from services.gateway.web.help import help as help_page
from services.gateway.web.kit import addresses as kit_addresses
from services.gateway.web.kit import rendering
from services.gateway.web.kit.frame import Area, Frame
from services.gateway.web.monitoring import addresses as monitoring_addresses
from services.gateway.web.monitoring import decide_claims, monitoring, parked_keys, reopened_access, revoke_claim
from services.gateway.web.my_account import addresses as my_account_addresses
from services.gateway.web.my_account import changes as my_account_changes
from services.gateway.web.my_account import contest_employer, my_account
from services.gateway.web.public import landing
from services.gateway.web.sign_in import sign_in
from services.gateway.web.trainings import addresses as trainings_addresses
from services.gateway.web.trainings import (
    cancel_training,
    correct_training,
    register_training,
    registered_together,
    training,
    trainings,
)

PAGES: tuple[APIRouter, ...] = (
    landing.router,
    look_up.router,
    help_page.router,
    sign_in.router,
    choose_enterprise.router,
    # The forms' addresses (`…/new`) come before those with an id in their place.
    enterprises.router,
    register_enterprise.router,
    dashboard.router,
    dashboard_changes.router,
    enterprise_facts.router,
    add_employee.router,
    change_employment.router,
    cancel_employment.router,
    employees.router,
    suppose.router,
    employee.router,
    register_entitlement.router,
    cancel_entitlement.router,
    register_training.router,
    registered_together.router,
    correct_training.router,
    cancel_training.router,
    trainings.router,
    training.router,
    send_file.router,
    files.router,
    file.router,
    my_account.router,
    my_account_changes.router,
    contest_employer.router,
    claim.router,
    monitoring.router,
    parked_keys.router,
    reopened_access.router,
    decide_claims.router,
    revoke_claim.router,
)

ADDRESSES: tuple[ModuleType, ...] = (
    kit_addresses,
    claims_addresses,
    dashboard_addresses,
    employees_addresses,
    enterprises_addresses,
    entitlements_addresses,
    files_addresses,
    monitoring_addresses,
    my_account_addresses,
    trainings_addresses,
)


def navigation(frame: Frame, area: Area) -> str:
    """Give the address to which an entry of the navigation leads for this visitor."""
    enterprise = frame.acting_for.party.number if frame.acting_for else ""
    return {
        Area.DASHBOARD: dashboard_addresses.dashboard(enterprise),
        Area.EMPLOYEES: employees_addresses.employees(enterprise),
        Area.TRAININGS: trainings_addresses.trainings(enterprise),
        Area.BATCHES: files_addresses.BATCHES,
        Area.ENTERPRISES: enterprises_addresses.ENTERPRISES,
        Area.ME: my_account_addresses.ME,
        Area.OPERATOR: monitoring_addresses.OPERATOR,
    }[area]


def _every_address() -> SimpleNamespace:
    """Collect the topics' addresses as templates name them: `links.training(enterprise, id)`."""
    named: dict[str, object] = {"area": navigation}
    for module in ADDRESSES:
        own = {name: value for name, value in vars(module).items() if not (name.startswith("_") or name == "addresses")}
        assert not named.keys() & own.keys(), f"an address of {module.__name__} has the name of another"
        named |= own
    return SimpleNamespace(**named)


rendering.offer("links", _every_address())
rendering.offer_per_language("explain_ledger", LedgerExplainer)
rendering.offer_per_language("explain_arrangement", ArrangementExplainer)


class CachedStaticFiles(StaticFiles):
    """Static files whose address carries a digest of their content: browsers may keep them for ever."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """Answer with the file and its lifetime."""
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def install(app: FastAPI, api_errors: Mapping[type[Exception], Respond]) -> None:
    """Add the static files, the pages and the error pages. `api_errors`: how the API answers each kind of error."""
    static = CachedStaticFiles(directory=rendering.STATIC_DIRECTORY)
    app.mount(rendering.STATIC_PREFIX, static, name="static")
    for router in PAGES:
        app.include_router(router)
    error_pages.install(app, api_errors)

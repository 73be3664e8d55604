"""The addresses of the pages, in one place for templates and routes."""

from services.gateway.web.views.frame import Area, Frame

HOME = "/"
ARRANGEMENTS = "/arrangements"
SIGN_IN = "/sign-in"
SIGN_OUT = "/sign-out"
PARTIES = "/parties"
NEW_ENTERPRISE = "/enterprises/new"
ENTERPRISES = "/enterprises"
BATCHES = "/batches"
NEW_BATCH = "/batches/new"
ME = "/me"
MY_CHANGES = "/me/changes"
OPERATOR = "/operator"
REOPENED = "/operator/access"
CLAIMS = "/claims"
OPERATOR_CLAIMS = "/operator/representation"
HELP = "/help"
API_DOCS = "/api/docs"


def dashboard(enterprise: str) -> str:
    """The employer's dashboard."""
    return f"{ENTERPRISES}/{enterprise}"


def changes(enterprise: str) -> str:
    """The stream of server-sent events that says when something of the enterprise changed."""
    return f"{dashboard(enterprise)}/changes"


def facts(enterprise: str) -> str:
    """Size and joint committees of the enterprise."""
    return f"{dashboard(enterprise)}/facts"


def employees(enterprise: str) -> str:
    """The employees with their credit."""
    return f"{dashboard(enterprise)}/employees"


def new_employee(enterprise: str) -> str:
    """The form that adds an employment."""
    return f"{employees(enterprise)}/new"


def employee(enterprise: str, employment: str) -> str:
    """One employment: terms, balances, ledger, trainings."""
    return f"{employees(enterprise)}/{employment}"


def change_employee(enterprise: str, employment: str) -> str:
    """The form that changes an employment."""
    return f"{employee(enterprise, employment)}/change"


def new_entitlement(enterprise: str) -> str:
    """The form that registers or modifies an entitlement for one or several."""
    return f"{dashboard(enterprise)}/entitlements/new"


def cancel_employee(enterprise: str, employment: str) -> str:
    """The form that cancels an employment that never was."""
    return f"{employee(enterprise, employment)}/cancel"


def cancel_entitlement(enterprise: str, entitlement: str) -> str:
    """The form that takes an own figure back."""
    return f"{dashboard(enterprise)}/entitlements/{entitlement}/cancel"


def trainings(enterprise: str) -> str:
    """The trainings of the enterprise."""
    return f"{dashboard(enterprise)}/trainings"


def new_training(enterprise: str) -> str:
    """The form that registers a training for one or several."""
    return f"{trainings(enterprise)}/new"


def training(enterprise: str, identifier: str) -> str:
    """One training with its history."""
    return f"{trainings(enterprise)}/{identifier}"


def correct_training(enterprise: str, identifier: str) -> str:
    """The form that corrects a training."""
    return f"{training(enterprise, identifier)}/correct"


def cancel_training(enterprise: str, identifier: str) -> str:
    """The form that cancels a training."""
    return f"{training(enterprise, identifier)}/cancel"


def batch(identifier: str) -> str:
    """One batch: acknowledgement, progress, anomalies."""
    return f"{BATCHES}/{identifier}"


def batch_report(identifier: str) -> str:
    """The itemised report of a batch as a file."""
    return f"{batch(identifier)}/report"


def parked_key(action: str) -> str:
    """Where the operator's forms about a parked key are posted: `release` or `drop`."""
    return f"{OPERATOR}/parked/{action}"


def withdraw_reopened(identifier: str) -> str:
    """Where the operator closes again what was opened."""
    return f"{REOPENED}/{identifier}/withdraw"


def claim(identifier: str, action: str = "") -> str:
    """A claim to represent an enterprise, for its asker; with an action the address of its form."""
    return f"{CLAIMS}/{identifier}" + (f"/{action}" if action else "")


def operator_claim(identifier: str, action: str) -> str:
    """Where the operator grants, refuses or revokes a claim, or asks the source again."""
    return f"{OPERATOR_CLAIMS}/{identifier}/{action}"


def resolve_contest(employment: str) -> str:
    """Where the operator says how a contest of an employer ended."""
    return f"{OPERATOR_CLAIMS}/contests/{employment}/resolve"


def my_employer(employment: str, action: str) -> str:
    """Where an employee confirms or contests an employer, or closes what was told of it."""
    return f"{ME}/employers/{employment}/{action}"


def area(frame: Frame, wanted: Area) -> str:
    """Where an entry of the navigation leads for this reader."""
    enterprise = frame.acting_for.party.number if frame.acting_for else ""
    return {
        Area.DASHBOARD: dashboard(enterprise),
        Area.EMPLOYEES: employees(enterprise),
        Area.TRAININGS: trainings(enterprise),
        Area.BATCHES: BATCHES,
        Area.ENTERPRISES: ENTERPRISES,
        Area.ME: ME,
        Area.OPERATOR: OPERATOR,
    }[wanted]

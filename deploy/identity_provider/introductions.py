"""Who the demo people are, in words: headings of the groups and a line for each role."""

from typing import Final

from deploy.identity_provider.people import DemoPerson
from deploy.identity_provider.texts import Texts

GROUPS: Final = {
    "employers": "Employers",
    "partners": "Social secretariat, training provider and sector fund",
    "employees": "Employees",
    "authorities": "Supervision and operation",
}

ROLES: Final = {
    "legalRepresentative": "Legal representative and chief access manager",
    "accessManager": "Access manager",
    "employerWrite": "Personnel department, registers and modifies",
    "employerRead": "Personnel department, reads only",
    "mandatary": "Social secretariat, acts for its customers",
    "provider": "Training provider",
    "sectorFund": "Sector fund",
    "citizen": "Employee",
    "citizenWithBisNumber": "Employee with a BIS number",
    "inspector": "Inspector",
    "operator": "Operator of the learning account",
}

PURPOSES: Final = {
    "legalRepresentative": "Registers the enterprise, and does what its personnel department does.",
    "accessManager": "Does what the personnel department does; giving access and mandates comes later.",
    "employerWrite": "Registers trainings and entitlements of the employees.",
    "employerRead": "Looks at trainings and the dashboard.",
    "mandatary": "Registers for the employers that gave a mandate.",
    "provider": "Follows the own learning account; registering for participants comes later.",
    "sectorFund": "Follows the own learning account; registering for the employers of the sector comes later.",
    "citizen": "Follows the own right, balance and trainings.",
    "citizenWithBisNumber": "Follows the own right, balance and trainings.",
    "inspector": "Reads everything, changes nothing.",
    "operator": "Watches over the services, and decides who represents an enterprise.",
}


def group_title(group: str, texts: Texts) -> str:
    """Translate the heading of a group of people."""
    return texts(GROUPS[group])


def role_title(person: DemoPerson, texts: Texts) -> str:
    """Translate what this person is."""
    return texts(ROLES[person.introduction])


def purpose(person: DemoPerson, texts: Texts) -> str:
    """Translate what one can try as this person."""
    return texts(PURPOSES[person.introduction])

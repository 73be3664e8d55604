"""Samples of choosing, overseeing and registering enterprises, and of looking up an arrangement."""

from decimal import Decimal

from services.gateway.web.arrangements.general_rule import SizeBand
from services.gateway.web.arrangements.look_up import ArrangementAnswer, ArrangementsView
from services.gateway.web.enterprises.choose_enterprise import PartiesView
from services.gateway.web.enterprises.enterprise_facts import FactsView, view_of
from services.gateway.web.enterprises.enterprises import EnterprisesView, enterprise_row
from services.gateway.web.enterprises.register_enterprise import NewEnterpriseView
from services.gateway.web.kit.forms import FieldError, FormState
from services.gateway.web.kit.frame import Access, ActingFor, Capacity
from services.gateway.web.kit.list_pages import Direction, Listing, Sorting
from shared.contracts.answers.dashboard import EnterprisePage
from shared.contracts.answers.entitlements import Enterprise
from shared.i18n import Language, translate
from tests.pages.people import BAKERY, LOGISTICS, WORKSHOP
from tests.pages.recorded_answers import YEAR, recorded
from tests.pages.representing import OFFERS, PENDING, REFUSED
from tests.pages.training_forms import KEY


def parties(_language: Language) -> PartiesView:
    """Someone with several doors."""
    rows = (
        ActingFor(BAKERY, Capacity.OWN, Access.WRITE),
        ActingFor(LOGISTICS, Capacity.MANDATARY, Access.WRITE),
        ActingFor(WORKSHOP, Capacity.MANDATARY, Access.READ),
    )
    return PartiesView(Listing(rows, 3), own_account=True, operations=True, may_register=True, offers=OFFERS)


def no_parties(_language: Language) -> PartiesView:
    """A legal representative who comes for the first time."""
    return PartiesView(Listing((), 0), own_account=True, may_register=True, claims=(PENDING, REFUSED))


def overview(_language: Language) -> EnterprisesView:
    """A social secretariat's clients."""
    lines = {line.enterprise: line for line in recorded("enterprises", EnterprisePage).items}
    rows = tuple(enterprise_row(party, lines.get(party.number)) for party in (BAKERY, LOGISTICS, WORKSHOP))
    return EnterprisesView(Listing(rows, 214, 1, 3, Sorting("lastRegistration", Direction.DESCENDING)), YEAR)


def new(language: Language) -> NewEnterpriseView:
    """A number that is not right."""
    error = FieldError("enterpriseNumber", translate(language, "This is not a valid enterprise number."))
    return NewEnterpriseView(FormState(KEY, {"enterpriseNumber": "0400.000.001"}, errors=(error,)))


def new_offered(_language: Language) -> NewEnterpriseView:
    """One that the source names."""
    values = {"enterpriseNumber": WORKSHOP.number, "name": WORKSHOP.name, "sizes.basis": "stated"}
    return NewEnterpriseView(FormState(KEY, values), (WORKSHOP,))


GENERAL_RULE = (
    SizeBand(Decimal(0), Decimal(10), Decimal(0)),
    SizeBand(Decimal(10), Decimal(20), Decimal(1), upper_included=True),
    SizeBand(Decimal(20), None, Decimal(5), lower_included=False),
)


def _looked_up(answer: ArrangementAnswer) -> ArrangementsView:
    values = {"jointCommittee": "118", "size": "24", "date": "2024-09-18"}
    committees = tuple((code, "") for code in ("100", "106.01", "111.01.07", "118", "140.03"))
    return ArrangementsView(FormState("", values), answer, committees, GENERAL_RULE)


def look_up(_language: Language) -> ArrangementsView:
    """Before the question."""
    return ArrangementsView(FormState("", {"date": "2024-09-18"}), None, (("100", ""), ("118", "")), GENERAL_RULE)


def known(_language: Language) -> ArrangementsView:
    """A sector in hours."""
    return _looked_up(
        ArrangementAnswer(
            reason="widerJointCommittee",
            parameters={
                "jointCommittee": "111.01.07",
                "decidedBy": "111.01",
                "size": "24",
                "date": "2024-09-18",
                "validFrom": "2024-01-01",
                "validUntil": "2025-01-01",
            },
            days=Decimal(4),
            hours=Decimal(32),
            hours_per_day=Decimal(8),
            set="sector",
            source="https://www.groups.be/fr/legislation-sociale",
            confidence="medium",
            average_per_fte=True,
            min_months_worked=6,
            note="right fixed in hours (40 h = 5 x 8 h)",
        )
    )


def unknown(_language: Language) -> ArrangementsView:
    """Nobody knows."""
    parameters = {"jointCommittee": "118", "decidedBy": "118", "size": "24", "previousUntil": "2024-01-01"}
    return _looked_up(ArrangementAnswer(reason="afterLastRow", parameters=parameters))


def facts(_language: Language) -> FactsView:
    """What is known of the bakery: one committee of which nothing is known."""
    known = recorded("enterprise", Enterprise)
    form = FormState(KEY, {"name": known.name, "jointCommittees": ", ".join(known.joint_committees)})
    return view_of(known, BAKERY, form)

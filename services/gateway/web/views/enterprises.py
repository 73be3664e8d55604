"""For whom one acts, the mandatary's overview, and registering an enterprise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

from services.gateway.web.formatting import Formatter
from services.gateway.web.views.frame import ActingFor, FormState, Party
from services.gateway.web.views.listing import Listing
from services.gateway.web.views.representing import Offer, OwnClaim


@dataclass(frozen=True)
class PartiesView:
    """`/parties`: choose for whom you act. Each choice is posted as `enterprise` to the same address.

    `search` is the `q` of the address. `own_account` and `operations` say which other doors this reader has.
    `offers` are enterprises that the authentic source says the reader represents, `claims` what the reader asked for.
    """

    template: ClassVar[str] = "pages/parties.html"

    parties: Listing[ActingFor]
    search: str = ""
    own_account: bool = False
    operations: bool = False
    may_register: bool = False
    claims: Sequence[OwnClaim] = ()
    offers: Sequence[Offer] = ()


@dataclass(frozen=True)
class EnterpriseRow:
    """One client of a mandatary, with this year's figures."""

    party: Party
    employees: int
    trainings: int
    available: Decimal
    incomplete: bool
    last_registration: datetime | None


@dataclass(frozen=True)
class EnterprisesView:
    """`/enterprises`: all enterprises the reader acts for. Columns to sort by: name, employees, trainings, available,
    lastRegistration. Opening one posts `enterprise` to `/parties`."""

    template: ClassVar[str] = "pages/enterprises.html"

    enterprises: Listing[EnterpriseRow]
    year: int
    search: str = ""


@dataclass(frozen=True)
class NewEnterpriseView:
    """`/enterprises/new`. `jointCommittees` is typed as codes with commas; a size is optional.

    `own` are enterprises the reader represents, as the authentic source says, and has not registered yet. `doubted` are
    the codes that nobody knows and that are asked about.
    """

    template: ClassVar[str] = "pages/enterprise_new.html"
    fields: ClassVar[tuple[str, ...]] = (
        "enterpriseNumber",
        "name",
        "jointCommittees",
        "sizes.workers",
        "sizes.basis",
        "sizes.validFrom",
    )

    form: FormState
    own: Sequence[Party] = ()
    doubted: str = ""

    def own_options(self, formatter: Formatter) -> list[tuple[str, str]]:
        """The reader's own enterprises to choose from."""
        return [(party.number, f"{party.name} ({formatter.enterprise_number(party.number)})") for party in self.own]

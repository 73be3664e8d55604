"""Samples of representing an enterprise: its asker, the operator, and employers as their employees see them."""

from datetime import UTC, date, datetime

from services.gateway.web.claims.claim import ClaimView
from services.gateway.web.claims.own_claims import Announced, Offer, OwnClaim
from services.gateway.web.kit.forms import FieldError, FormState
from services.gateway.web.monitoring.decide_claims import GrantedClaim, OperatorClaimsView, WaitingClaim, WaitingContest
from services.gateway.web.monitoring.revoke_claim import RevokeView
from services.gateway.web.my_account.contest_employer import ContestView
from shared.i18n import Language, translate
from tests.pages.people import BAKERY, LOGISTICS, WORKSHOP
from tests.pages.training_forms import KEY

CLAIM = "0191f7a0-77aa-7000-8000-0000000000c1"
EMPLOYMENT = "0191f7a0-77aa-7000-8000-0000000000e1"
ASKED = datetime(2024, 9, 16, 8, 12, tzinfo=UTC)
DECIDED = datetime(2024, 9, 17, 14, 40, tzinfo=UTC)

PENDING = OwnClaim(CLAIM, WORKSHOP, "pending", ASKED)
REFUSED = OwnClaim(CLAIM[:-1] + "2", LOGISTICS, "refused", ASKED, DECIDED, "De statuten noemen iemand anders.")
OFFERS = (Offer(BAKERY, registered=True), Offer(WORKSHOP, registered=False))
ANNOUNCED = (
    Announced(EMPLOYMENT, BAKERY, date(2024, 9, 1)),
    Announced(EMPLOYMENT[:-1] + "2", LOGISTICS, date(2023, 3, 1), contested_at=ASKED),
    Announced(EMPLOYMENT[:-1] + "3", WORKSHOP, date(2023, 3, 1), ASKED, DECIDED, "De onderneming annuleerde het."),
)


def pending(_language: Language) -> ClaimView:
    """Nobody could prove it: it waits."""
    return ClaimView(PENDING)


def refused(_language: Language) -> ClaimView:
    """The operator did not agree."""
    return ClaimView(REFUSED)


def granted(_language: Language) -> ClaimView:
    """The operator agreed."""
    return ClaimView(OwnClaim(CLAIM, WORKSHOP, "granted", ASKED, DECIDED, "Uittreksel van de notaris gezien."))


def contest(language: Language) -> ContestView:
    """A message that is too long."""
    error = FieldError(
        "text", translate(language, "This text is too long: at most %(maximum)s characters.", maximum=1000)
    )
    return ContestView(EMPLOYMENT, BAKERY, date(2024, 9, 1), FormState(KEY, {"text": "Ik ken hen niet."}, {}, (error,)))


def queue(_language: Language) -> OperatorClaimsView:
    """Something of everything."""
    held = (
        GrantedClaim(CLAIM, "Dirk Peeters", BAKERY, "granted", DECIDED, by_source=True, said="represents"),
        GrantedClaim(
            CLAIM[:-1] + "3", "Hugo Lambert", WORKSHOP, "granted", DECIDED, False, "unknown", proof="Akte gezien."
        ),
        GrantedClaim(
            CLAIM[:-1] + "4",
            "Inge Maes",
            LOGISTICS,
            "revoking",
            DECIDED,
            False,
            "away",
            "Vervalste volmacht.",
            240,
            60,
            1,
        ),
    )
    return OperatorClaimsView(
        waiting=(
            WaitingClaim(CLAIM[:-1] + "5", "Elke Janssens", WORKSHOP, ASKED, "others", ASKED, registered=True),
            WaitingClaim(
                CLAIM[:-1] + "6", "Nadia Operator", LOGISTICS, ASKED, "away", None, registered=False, own=True
            ),
        ),
        waiting_total=2,
        contests=(
            WaitingContest(EMPLOYMENT, "Amina Benali", BAKERY, date(2024, 9, 1), ASKED, "Ik ken dit bedrijf niet."),
        ),
        contests_total=120,
        granted=held,
        granted_total=3,
    )


def nothing(_language: Language) -> OperatorClaimsView:
    """The first day."""
    return OperatorClaimsView((), 0, (), 0, (), 0)


def revoke(_language: Language) -> RevokeView:
    """Nobody else represents it."""
    claim = GrantedClaim(CLAIM, "Dirk Peeters", BAKERY, "granted", DECIDED, by_source=False, said="unknown")
    return RevokeView(claim, everything=True, others=False, rights=3, employments=24, form=FormState(KEY))


def revoke_one_of_two(_language: Language) -> RevokeView:
    """Somebody else does."""
    claim = GrantedClaim(CLAIM, "Dirk Peeters", BAKERY, "granted", DECIDED, by_source=True, said="represents")
    return RevokeView(claim, everything=False, others=True, rights=1, employments=24, form=FormState(KEY))

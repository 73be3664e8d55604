"""If these fail, someone is taken for another person, or a provider with its own names cannot be used."""

from typing import Any

import pytest

from services.gateway.access.identity import ClaimNames, IncompleteIdentityError, Means, identity_of
from services.gateway.access.oidc_settings import OidcSettings

MEANS = OidcSettings(_env_file=None).oidc_means
CLAIMS: dict[str, Any] = {
    "sub": "abc",
    "egovNRN": "85051297104",
    "given_name": "Jan",
    "family_name": "Peeters",
    "locale": "nl-BE",
    "amr": ["eid"],
}


def test_the_federal_providers_claims_are_read() -> None:
    """The names that CSAM uses are the default."""
    identity = identity_of(CLAIMS, ClaimNames(), MEANS, "fr")
    assert (identity.ssin, identity.given_name, identity.locale) == ("85051297104", "Jan", "nl")
    assert identity.means is Means.EID


def test_other_names_are_a_setting() -> None:
    """As another provider's mappers give them."""
    names = ClaimNames(ssin="rrn", given_name="surname", family_name="name", locale="lang")
    claims = {"sub": "x", "rrn": "85.05.12-971.04", "surname": " Jan ", "name": "Peeters", "lang": "FR"}
    identity = identity_of(claims, names, MEANS, "nl")
    assert (identity.ssin, identity.given_name, identity.locale) == ("85051297104", "Jan", "fr")


@pytest.mark.parametrize("claim", ["sub", "egovNRN", "given_name", "family_name"])
@pytest.mark.parametrize("value", [None, "", "  ", 85051297104])
def test_half_an_identity_is_none(claim: str, value: object) -> None:
    """Without number or name nobody is signed in, and the operator is told which claim is wrong."""
    with pytest.raises(IncompleteIdentityError) as refusal:
        identity_of(CLAIMS | {claim: value}, ClaimNames(), MEANS, "nl")
    assert refusal.value.claim == claim


def test_a_wrong_national_number_is_refused_without_being_told() -> None:
    """A number with a wrong checksum opens no account; it does not end up in a log either."""
    with pytest.raises(IncompleteIdentityError) as refusal:
        identity_of(CLAIMS | {"egovNRN": "85051297105"}, ClaimNames(), MEANS, "nl")
    assert "85051297105" not in str(refusal.value)


@pytest.mark.parametrize(
    ("claims", "means"),
    [
        ({"amr": ["pin", "itsme"]}, Means.ITSME),
        ({"amr": None, "acr": "urn:be:fedict:iam:fas:Level500"}, Means.EID),
        ({"amr": "itsme"}, Means.ITSME),
        ({"amr": ["pwd"], "acr": "1"}, Means.OTHER),
        ({"amr": [["eid"]]}, Means.OTHER),
    ],
)
def test_the_digital_key_is_recognised(claims: dict[str, Any], means: Means) -> None:
    """By method, else by level; something unknown is not taken for eID."""
    assert identity_of(CLAIMS | claims, ClaimNames(), MEANS, "nl").means is means


@pytest.mark.parametrize("locale", [None, "it", 5, ""])
def test_an_unknown_language_gives_way_to_the_one_in_use(locale: object) -> None:
    """The reader stays in the language of the page where sign-in began."""
    assert identity_of(CLAIMS | {"locale": locale}, ClaimNames(), MEANS, "de").locale == "de"


def test_an_identity_in_a_log_line_tells_nothing() -> None:
    """National number and name stay out of logs and tracebacks."""
    shown = repr(identity_of(CLAIMS, ClaimNames(), MEANS, "nl"))
    assert not any(secret in shown for secret in ("85051297104", "Jan", "Peeters"))

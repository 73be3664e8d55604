"""If these fail, people cannot sign in, or someone signs in as another person."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt

from deploy.identity_provider.keys import load_or_create
from services.gateway.access.identity import IncompleteIdentityError, Means
from services.gateway.access.identity_provider import IdentityProvider, ProviderUnavailableError
from services.gateway.access.oidc import SignIn, SignInError, Transaction, _at_hash
from services.gateway.access.oidc_settings import OidcSettings
from tests.support.scripted_provider import ISSUER, NOW, ScriptedProvider, SettableClock, new_key

CALLBACK = "http://127.0.0.1:8080/sign-in/callback"
PERSON = {"egovNRN": "85051297104", "given_name": "Jan", "family_name": "Peeters", "locale": "nl", "amr": ["itsme"]}


class Setting:
    """A sign-in against a scripted provider; `claims` is what its identity token will say."""

    def __init__(self, **settings: Any) -> None:
        self.scripted = ScriptedProvider(token_answer=self._answer)
        self.clock = SettableClock()
        http = self.scripted.client()
        provider = IdentityProvider(ISSUER, http, self.clock)
        self.sign_in = SignIn(OidcSettings(_env_file=None, oidc_issuer=ISSUER, **settings), provider, http, self.clock)
        self.claims: Callable[[str], dict[str, Any]] = self.honest
        self.form: dict[str, str] = {}
        self.nonce = ""

    def honest(self, nonce: str) -> dict[str, Any]:
        base = {"iss": ISSUER, "aud": "fla-web", "sub": "jan", "exp": NOW + 300, "iat": NOW, "nonce": nonce}
        return base | PERSON

    def saying(self, **changes: Any) -> None:
        self.claims = lambda nonce: self.honest(nonce) | changes

    def _answer(self, form: dict[str, str]) -> httpx.Response:
        self.form = form
        if form.get("code") != "good":
            return httpx.Response(400, json={"error": "invalid_grant"})
        id_token = self.scripted.signed(self.claims(self.nonce))
        return httpx.Response(200, json={"id_token": id_token, "access_token": "opaque", "token_type": "Bearer"})

    async def begun(self) -> Transaction:
        _, transaction = await self.sign_in.begin("fr")
        self.nonce = transaction.nonce
        return transaction


@pytest.fixture
def setting() -> Setting:
    return Setting()


async def test_the_browser_is_sent_off_with_everything_that_protects_it(setting: Setting) -> None:
    """State, nonce and PKCE, new each time; the verifier itself stays home."""
    url, transaction = await setting.sign_in.begin("fr")
    asked = httpx.URL(url).params
    assert url.startswith(f"{ISSUER}/authorize?")
    assert asked["redirect_uri"] == CALLBACK
    assert (asked["state"], asked["nonce"], asked["ui_locales"]) == (transaction.state, transaction.nonce, "fr")
    assert asked["code_challenge_method"] == "S256"
    assert transaction.verifier not in url
    _, other = await setting.sign_in.begin("fr")
    assert {other.state, other.nonce, other.verifier}.isdisjoint(
        {transaction.state, transaction.nonce, transaction.verifier}
    )


@pytest.mark.parametrize(
    ("required", "means", "asked"),
    [
        ((), None, None),
        ((), Means.EID, "urn:be:fedict:iam:fas:Level500"),
        ((), Means.ITSME, "urn:be:fedict:iam:fas:Level450"),
        (("urn:be:fedict:iam:fas:Level500",), Means.ITSME, "urn:be:fedict:iam:fas:Level500"),
    ],
)
async def test_the_chosen_digital_key_is_asked_for(
    required: tuple[str, ...], means: Means | None, asked: str | None
) -> None:
    """Who chose itsme on our page is taken there, unless something stronger is required."""
    setting = Setting(oidc_required_acr=frozenset(required))
    url, _ = await setting.sign_in.begin("nl", means)
    assert httpx.URL(url).params.get("acr_values") == asked


async def test_an_honest_answer_signs_in(setting: Setting) -> None:
    """The code is exchanged with the verifier, and the claims become an identity."""
    transaction = await setting.begun()
    identity = await setting.sign_in.complete("good", transaction.state, transaction)
    assert (identity.ssin, identity.subject, identity.means) == ("85051297104", "jan", Means.ITSME)
    assert setting.form["code_verifier"] == transaction.verifier
    assert setting.form["redirect_uri"] == CALLBACK


async def test_a_transaction_survives_its_way_through_a_session(setting: Setting) -> None:
    """The gateway may be restarted while someone types a PIN."""
    transaction = await setting.begun()
    assert Transaction.from_json(transaction.as_json()) == transaction


async def test_an_answer_for_another_browser_is_refused(setting: Setting) -> None:
    """Someone else's link must not sign me in as them; the code is not even exchanged."""
    transaction = await setting.begun()
    for state in ("other", "", "é"):
        with pytest.raises(SignInError):
            await setting.sign_in.complete("good", state, transaction)
    assert setting.scripted.count("/token") == 0


async def test_an_answer_that_comes_too_late_is_refused(setting: Setting) -> None:
    """A sign-in page left open overnight starts afresh."""
    transaction = await setting.begun()
    setting.clock.now += 601
    with pytest.raises(SignInError):
        await setting.sign_in.complete("good", transaction.state, transaction)


async def test_an_answer_of_another_issuer_is_refused(setting: Setting) -> None:
    """Mix-up attack (RFC 9207): also when the provider promised its name and the answer lacks it."""
    transaction = await setting.begun()
    with pytest.raises(SignInError):
        await setting.sign_in.complete("good", transaction.state, transaction, issuer="https://other.example")
    promising = Setting()
    promising.scripted.document = {"authorization_response_iss_parameter_supported": True}
    transaction = await promising.begun()
    with pytest.raises(SignInError):
        await promising.sign_in.complete("good", transaction.state, transaction)
    assert await promising.sign_in.complete("good", transaction.state, transaction, issuer=ISSUER)


async def test_a_refused_code_is_a_refused_sign_in(setting: Setting) -> None:
    """An invented or used code."""
    transaction = await setting.begun()
    with pytest.raises(SignInError):
        await setting.sign_in.complete("bad", transaction.state, transaction)


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"iss": None},
        {"aud": "another-client"},
        {"aud": None},
        {"aud": ["fla-web", "other"], "azp": "other"},
        {"exp": NOW - 60},
        {"exp": None},
        {"iat": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
)
async def test_an_identity_token_that_is_not_for_this_sign_in_is_refused(
    setting: Setting, changes: dict[str, Any]
) -> None:
    """Every check of OpenID Connect Core 3.1.3.7."""
    transaction = await setting.begun()
    setting.saying(**changes)
    with pytest.raises(SignInError):
        await setting.sign_in.complete("good", transaction.state, transaction)


async def test_a_forged_identity_token_is_refused(setting: Setting) -> None:
    """The right key name with the wrong key."""
    transaction = await setting.begun()
    forged = setting.scripted.signed(setting.honest(setting.nonce), key=new_key("first"))
    setting.scripted.token_answer = lambda _: httpx.Response(200, json={"id_token": forged, "access_token": "x"})
    with pytest.raises(SignInError):
        await setting.sign_in.complete("good", transaction.state, transaction)


async def test_the_right_hash_of_the_access_token_is_accepted(setting: Setting) -> None:
    """As most providers send it."""
    transaction = await setting.begun()
    setting.saying(at_hash=_at_hash("opaque", "ES256"))
    assert await setting.sign_in.complete("good", transaction.state, transaction)


async def test_too_weak_a_digital_key_is_refused() -> None:
    """An operator may ask for eID or itsme and nothing weaker."""
    level = "urn:be:fedict:iam:fas:Level500"
    setting = Setting(oidc_required_acr=frozenset({level}))
    url, _ = await setting.sign_in.begin("nl")
    assert httpx.URL(url).params["acr_values"] == level
    transaction = await setting.begun()
    setting.saying(acr="urn:be:fedict:iam:fas:Level100")
    with pytest.raises(SignInError):
        await setting.sign_in.complete("good", transaction.state, transaction)
    setting.saying(acr=level)
    assert await setting.sign_in.complete("good", transaction.state, transaction)


@pytest.mark.parametrize("as_jwt", [False, True])
async def test_what_the_identity_token_does_not_tell_is_asked_for(setting: Setting, as_jwt: bool) -> None:
    """The federal provider tells name and number in a signed userinfo only."""
    transaction = await setting.begun()
    setting.saying(egovNRN=None, given_name=None)
    told = {"sub": "jan", "iss": ISSUER} | PERSON
    setting.scripted.userinfo_answer = (
        httpx.Response(
            200, text=setting.scripted.signed(told), headers={"Content-Type": "application/jwt;charset=UTF-8"}
        )
        if as_jwt
        else httpx.Response(200, json=told)
    )
    assert (await setting.sign_in.complete("good", transaction.state, transaction)).ssin == "85051297104"


async def test_userinfo_about_someone_else_is_refused(setting: Setting) -> None:
    """Its subject must be the identity token's (OpenID Connect Core 5.3.2)."""
    transaction = await setting.begun()
    setting.saying(egovNRN=None)
    setting.scripted.userinfo_answer = httpx.Response(200, json={"sub": "tom"} | PERSON)
    with pytest.raises(SignInError):
        await setting.sign_in.complete("good", transaction.state, transaction)


async def test_userinfo_cannot_change_what_the_identity_token_proved(setting: Setting) -> None:
    """Only the missing names are taken from it: not the digital key, not the level."""
    transaction = await setting.begun()
    setting.saying(egovNRN=None, amr=["pwd"])
    setting.scripted.userinfo_answer = httpx.Response(200, json={"sub": "jan", "acr": "eid"} | PERSON)
    identity = await setting.sign_in.complete("good", transaction.state, transaction)
    assert identity.means is Means.OTHER


async def test_someone_without_a_national_number_is_told_apart(setting: Setting) -> None:
    """The page can say that the provider gave too little, instead of a vague failure."""
    transaction = await setting.begun()
    setting.saying(egovNRN=None)
    setting.scripted.userinfo_answer = httpx.Response(200, json={"sub": "jan"})
    with pytest.raises(IncompleteIdentityError):
        await setting.sign_in.complete("good", transaction.state, transaction)


@pytest.mark.parametrize(
    "answer", [httpx.Response(502, json={}), httpx.Response(200, text="<html>"), httpx.Response(200, json=[])]
)
async def test_a_provider_in_trouble_is_told_apart(setting: Setting, answer: httpx.Response) -> None:
    """The person is asked to try later, not suspected."""
    transaction = await setting.begun()
    setting.scripted.token_answer = lambda _: answer
    with pytest.raises(ProviderUnavailableError):
        await setting.sign_in.complete("good", transaction.state, transaction)


async def test_a_provider_that_is_away_is_told_at_the_start(setting: Setting) -> None:
    """Before the browser is sent into nothing."""
    setting.scripted.away = True
    with pytest.raises(ProviderUnavailableError):
        await setting.sign_in.begin("nl")


async def test_the_gateway_can_prove_itself_with_a_key(tmp_path: Path) -> None:
    """As the federal provider asks: a signed assertion for its token endpoint."""
    key = load_or_create(tmp_path / "gateway.jwk")
    setting = Setting(oidc_client_key_file=tmp_path / "gateway.jwk")
    transaction = await setting.begun()
    await setting.sign_in.complete("good", transaction.state, transaction)
    claims = jwt.decode(setting.form["client_assertion"], key, algorithms=["ES256"]).claims
    assert (claims["sub"], claims["aud"]) == ("fla-web", f"{ISSUER}/token")


async def test_signing_out_names_the_client_and_shows_no_token(setting: Setting) -> None:
    """The identity token holds the national number, which has no place in an address."""
    url = await setting.sign_in.end_session_url("nl")
    assert url is not None
    asked = httpx.URL(url).params
    assert asked["post_logout_redirect_uri"] == "http://127.0.0.1:8080/"
    assert "id_token_hint" not in asked
    setting.scripted.document = {"end_session_endpoint": None}
    setting.clock.now += 3601
    assert await setting.sign_in.end_session_url("nl") is None

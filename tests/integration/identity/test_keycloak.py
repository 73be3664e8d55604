"""If these fail, an organisation that has Keycloak cannot put it in the place of the demo identity provider.

A real Keycloak with the realm of `deploy/keycloak`, started once; the browser is httpx, the gateway's code is real.
"""

import html
import re
import socket
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from joserfc.jwk import ECKey

from deploy.keycloak.realm import SOFTWARE, User, realm
from deploy.keycloak.server import running
from deploy.local.settings import LocalSettings
from services.gateway.access.access_tokens import AccessTokens, InvalidTokenError
from services.gateway.access.identity import Means
from services.gateway.access.identity_provider import IdentityProvider
from services.gateway.access.oidc import SignIn, SignInError
from services.gateway.access.oidc_settings import OidcSettings
from shared.access.client_assertion import assertion_fields

pytestmark = [pytest.mark.keycloak, pytest.mark.timeout(600)]

GATEWAY = "http://127.0.0.1:8080"
SOFIE = User("sofie", "a password for a test", "88011797084", "Sofie", "Maes", "nl")


@dataclass(frozen=True)
class Keycloak:
    """The running server's issuer, and the private key of the software that the realm knows."""

    issuer: str
    software_key: ECKey


@dataclass(frozen=True)
class Gateway:
    """The gateway's side, with nothing but the issuer and its own address set."""

    settings: OidcSettings
    provider: IdentityProvider
    sign_in: SignIn
    http: httpx.AsyncClient


@pytest.fixture(scope="module")
def keycloak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keycloak]:
    key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "software"})
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder: Path = tmp_path_factory.mktemp("keycloak")
    content = realm(GATEWAY, dict(key.as_dict(private=False)), [SOFIE])
    with running(content, folder=folder, cache=LocalSettings().cache_dir, port=port) as issuer:
        yield Keycloak(issuer, key)


@pytest.fixture
async def gateway(keycloak: Keycloak) -> AsyncIterator[Gateway]:
    settings = OidcSettings(_env_file=None, oidc_issuer=keycloak.issuer, public_url=GATEWAY)
    async with httpx.AsyncClient(timeout=30) as http:
        provider = IdentityProvider(settings.issuer, http)
        yield Gateway(settings, provider, SignIn(settings, provider, http), http)


async def answer_of(url: str, password: str = SOFIE.password) -> httpx.Response:
    """Open Keycloak's login page and fill in its form. Its cookies are marked secure: to browsers, loopback is."""
    async with httpx.AsyncClient(timeout=30) as browser:
        page = await browser.get(url)
        action = re.search(r'<form[^>]+action="([^"]+)"', page.text)
        assert action is not None, page.text
        cookies = "; ".join(cookie.split(";")[0] for cookie in page.headers.get_list("set-cookie"))
        form = {"username": SOFIE.username, "password": password}
        return await browser.post(html.unescape(action[1]), data=form, headers={"Cookie": cookies})


async def test_someone_signs_in_through_keycloaks_login_form(gateway: Gateway) -> None:
    """The gateway learns name, national number and language, with the code it has for every provider."""
    url, transaction = await gateway.sign_in.begin("fr")
    answer = await answer_of(url)
    target = httpx.URL(answer.headers["location"])
    assert str(target).startswith(f"{GATEWAY}/sign-in/callback?")
    given = target.params
    identity = await gateway.sign_in.complete(given["code"], given["state"], transaction, given.get("iss"))
    assert (identity.ssin, identity.given_name, identity.family_name) == (SOFIE.ssin, "Sofie", "Maes")
    assert (identity.locale, identity.means) == ("nl", Means.OTHER)


async def test_a_code_is_useless_without_the_browsers_verifier(gateway: Gateway) -> None:
    """Keycloak enforces PKCE for our client, and the gateway reports a refused sign-in."""
    url, _ = await gateway.sign_in.begin("nl")
    given = httpx.URL((await answer_of(url)).headers["location"]).params
    _, other = await gateway.sign_in.begin("nl")
    with pytest.raises(SignInError):
        await gateway.sign_in.complete(given["code"], other.state, other, given.get("iss"))


async def test_keycloak_refuses_a_sign_in_without_pkce(gateway: Gateway) -> None:
    """The realm demands it, so that no other program can sign people in under our name without."""
    url, _ = await gateway.sign_in.begin("nl")
    bare = httpx.URL(url).copy_remove_param("code_challenge").copy_remove_param("code_challenge_method")
    refusal = await gateway.http.get(bare)
    assert httpx.URL(refusal.headers["location"]).params["error"] == "invalid_request"


async def test_a_wrong_password_gives_no_code(gateway: Gateway) -> None:
    """The form comes again."""
    url, _ = await gateway.sign_in.begin("nl")
    assert (await answer_of(url, password="wrong")).status_code == 200


async def test_signing_out_leads_back_to_the_gateway(gateway: Gateway) -> None:
    """Keycloak knows the client and the address; with a session it asks first whether to end it."""
    url = await gateway.sign_in.end_session_url("nl")
    assert url is not None
    without_session = await gateway.http.get(url)
    assert without_session.headers["location"] == f"{GATEWAY}/"
    answer = await answer_of((await gateway.sign_in.begin("nl"))[0])
    cookies = "; ".join(cookie.split(";")[0] for cookie in answer.headers.get_list("set-cookie"))
    with_session = await gateway.http.get(url, headers={"Cookie": cookies})
    assert with_session.status_code == 200
    assert 'name="session_code"' in with_session.text


async def test_signing_out_never_leads_to_a_stranger(gateway: Gateway) -> None:
    """Only the registered address is followed."""
    url = await gateway.sign_in.end_session_url("nl")
    elsewhere = httpx.URL(url or "").copy_set_param("post_logout_redirect_uri", "https://evil.example/")
    assert (await gateway.http.get(elsewhere)).status_code == 400


async def token_for_software(gateway: Gateway, key: ECKey, scope: str = "") -> httpx.Response:
    """As `fla token` asks for one."""
    endpoint = (await gateway.provider.endpoints()).token
    form = {"grant_type": "client_credentials", **assertion_fields(SOFTWARE, endpoint, key, time.time())}
    return await gateway.http.post(endpoint, data=form | ({"scope": scope} if scope else {}))


async def test_software_gets_a_token_that_the_api_accepts(gateway: Gateway, keycloak: Keycloak) -> None:
    """Signed assertion in, access token out, verified as every token is: client and scopes are known."""
    answer = await token_for_software(gateway, keycloak.software_key, "scope:fla:batches:write")
    assert answer.status_code == 200, answer.text
    token = await AccessTokens(gateway.provider, gateway.settings).verify(answer.json()["access_token"])
    assert token.client_id == SOFTWARE
    assert token.scopes >= {"scope:fla:trainings:read", "scope:fla:trainings:write", "scope:fla:batches:write"}
    assert "scope:fla:entitlements:write" not in token.scopes
    assert 500 < token.expires - time.time() <= 600


async def test_software_with_another_key_gets_none(gateway: Gateway) -> None:
    """The registered key counts."""
    stranger = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256", "kid": "software"})
    answer = await token_for_software(gateway, stranger)
    assert answer.status_code in {400, 401}


async def test_a_persons_token_does_not_open_the_api(gateway: Gateway) -> None:
    """Someone who signed in cannot use that token as if it were software's."""
    url, transaction = await gateway.sign_in.begin("nl")
    given = httpx.URL((await answer_of(url)).headers["location"]).params
    form = {
        "grant_type": "authorization_code",
        "client_id": gateway.settings.oidc_client_id,
        "redirect_uri": gateway.settings.redirect_uri,
        "code": given["code"],
        "code_verifier": transaction.verifier,
    }
    answer = await gateway.http.post((await gateway.provider.endpoints()).token, data=form)
    tokens = AccessTokens(gateway.provider, gateway.settings)
    for token in (answer.json()["access_token"], answer.json()["id_token"]):
        with pytest.raises(InvalidTokenError):
            await tokens.verify(token)

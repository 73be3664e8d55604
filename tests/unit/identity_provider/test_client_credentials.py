"""If these fail, software cannot get a token, or the wrong software gets one."""

from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from deploy.identity_provider.keys import read_private
from shared.access.client_assertion import ASSERTION_TYPE
from tests.support.demo_identity_provider import ISSUER, Demo

CLIENT = "noordzee-reporting"


def key_of(demo: Demo, client: str = CLIENT) -> ECKey:
    return read_private(demo.settings.state_dir / "clients" / f"{client}.jwk")


def assertion(demo: Demo, key: ECKey, **changes: Any) -> str:
    now = int(demo.clock.now)
    claims = {
        "iss": CLIENT,
        "sub": CLIENT,
        "aud": f"{ISSUER}/token",
        "exp": now + 60,
        "jti": "one",
        "iat": now,
    } | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "ES256"}, claims, key)


async def asked(demo: Demo, signed: str, **changes: str) -> httpx.Response:
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION_TYPE,
        "client_assertion": signed,
    }
    return await demo.browser.post("/token", data=form | changes)


async def test_a_client_gets_a_token_for_what_it_may_do(demo: Demo) -> None:
    """Audience, scopes and ten minutes, in the form that RFC 9068 describes."""
    answer = (await asked(demo, assertion(demo, key_of(demo)))).json()
    keys = KeySet.import_key_set((await demo.browser.get("/jwks")).json())
    token = jwt.decode(answer["access_token"], keys, algorithms=["ES256"])
    assert token.header["typ"] == "at+jwt"
    assert (token.claims["aud"], token.claims["client_id"], token.claims["sub"]) == ("fla-api", CLIENT, CLIENT)
    assert token.claims["exp"] - token.claims["iat"] == answer["expires_in"] == 600
    assert "scope:fla:trainings:read" in token.claims["scope"].split()
    assert not any(scope.endswith(":write") for scope in token.claims["scope"].split())


async def test_a_client_may_ask_for_less(demo: Demo) -> None:
    """A program that only reads trainings need not carry more."""
    answer = (await asked(demo, assertion(demo, key_of(demo)), scope="scope:fla:trainings:read")).json()
    assert answer["scope"] == "scope:fla:trainings:read"


async def test_a_client_cannot_ask_for_more(demo: Demo) -> None:
    """What it was not registered for is refused aloud."""
    answer = await asked(demo, assertion(demo, key_of(demo)), scope="scope:fla:trainings:write")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "noordzee-hr"},
        {"iss": None},
        {"sub": "noordzee-hr"},
        {"sub": None},
        {"sub": "nobody", "iss": "nobody"},
        {"aud": ISSUER + "/"},
        {"aud": "https://elsewhere.example/token"},
        {"aud": None},
        {"exp": 1_800_000_000 - 10},
        {"exp": 1_800_000_000 + 3600},
        {"exp": 10**400},
        {"exp": None},
        {"jti": None},
        {"jti": 5},
        {"nbf": 1_800_000_000 + 60},
    ],
)
async def test_an_assertion_that_is_not_right_is_refused(demo: Demo, changes: dict[str, Any]) -> None:
    """Each claim that RFC 7523 asks for is checked."""
    answer = await asked(demo, assertion(demo, key_of(demo), **changes))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


async def test_another_clients_key_is_refused(demo: Demo) -> None:
    """Every client has its own."""
    answer = await asked(demo, assertion(demo, key_of(demo, "noordzee-hr")))
    assert answer.json()["error"] == "invalid_client"


@pytest.mark.parametrize("signed", ["", "x", "a.b.c", "e30.e30.", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJub29yZHplZS1ociJ9."])
async def test_rubbish_and_unsigned_assertions_are_refused(demo: Demo, signed: str) -> None:
    """`alg: none` proves nothing."""
    assert (await asked(demo, signed)).json()["error"] == "invalid_client"


async def test_an_assertion_is_good_once(demo: Demo) -> None:
    """Whoever overhears it cannot use it again while it lives."""
    signed = assertion(demo, key_of(demo))
    assert (await asked(demo, signed)).status_code == 200
    assert (await asked(demo, signed)).json()["error"] == "invalid_client"
    demo.clock.now += 61
    assert (await asked(demo, signed)).json()["error"] == "invalid_client"


async def test_two_clients_may_use_the_same_identifier(demo: Demo) -> None:
    """One client's choice must not lock another out."""
    assert (await asked(demo, assertion(demo, key_of(demo)))).status_code == 200
    other = assertion(demo, key_of(demo, "noordzee-hr"), iss="noordzee-hr", sub="noordzee-hr")
    assert (await asked(demo, other)).status_code == 200


@pytest.mark.parametrize("changes", [{"client_assertion_type": "jwt"}, {"client_id": "noordzee-hr"}])
async def test_the_form_around_the_assertion_counts_too(demo: Demo, changes: dict[str, str]) -> None:
    """A form that says one client and proves another is refused."""
    assert (await asked(demo, assertion(demo, key_of(demo)), **changes)).json()["error"] == "invalid_client"


async def test_used_identifiers_are_forgotten_when_they_no_longer_matter(demo: Demo) -> None:
    """A provider that runs for weeks does not grow with every token it gave."""
    key = key_of(demo)
    for number in range(200):
        assert (await asked(demo, assertion(demo, key, jti=str(number)))).status_code == 200
        demo.clock.now += 1
    assert len(demo.provider.assertions._seen._seen) < 80

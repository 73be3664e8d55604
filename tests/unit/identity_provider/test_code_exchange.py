"""If these fail, a stolen code opens an account, or the gateway does not learn who signed in."""

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.support.demo_identity_provider import ISSUER, Demo


async def keys(demo: Demo) -> KeySet:
    return KeySet.import_key_set((await demo.browser.get("/jwks")).json())


@pytest.mark.parametrize(("means", "level"), [("eid", 500), ("itsme", 450)])
async def test_the_identity_token_says_who_and_how(demo: Demo, means: str, level: int) -> None:
    """Name, national number and the digital key that was used, for this client and this sign-in only."""
    answer = (await demo.exchanged((await demo.signed_in("sofie", means)).params["code"])).json()
    claims = jwt.decode(answer["id_token"], await keys(demo), algorithms=["ES256"]).claims
    sofie = demo.provider.people.by_key("sofie")
    assert sofie is not None
    assert claims["egovNRN"] == sofie.ssin
    assert (claims["given_name"], claims["family_name"], claims["locale"]) == ("Sofie", "Maes", "nl")
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (ISSUER, "fla-web", "the-nonce")
    assert (claims["amr"], claims["acr"]) == ([means], f"urn:be:fedict:iam:fas:Level{level}")
    assert claims["exp"] - claims["iat"] == 300


async def test_nothing_about_rights_is_in_the_identity_token(demo: Demo) -> None:
    """The provider proves who someone is; roles live in the gateway."""
    answer = (await demo.exchanged((await demo.signed_in("els")).params["code"])).json()
    claims = jwt.decode(answer["id_token"], await keys(demo), algorithms=["ES256"]).claims
    assert not {"roles", "enterprise", "role", "scope"} & claims.keys()


async def test_people_keep_their_subject(demo: Demo) -> None:
    """The subject identifies someone for ever, differs between people and is not their number."""
    subjects = []
    for person in ("els", "els", "tom"):
        answer = (await demo.exchanged((await demo.signed_in(person)).params["code"])).json()
        subjects.append(jwt.decode(answer["id_token"], await keys(demo), algorithms=["ES256"]).claims["sub"])
    assert subjects[0] == subjects[1] != subjects[2]
    assert len(subjects[0]) == 36


async def test_only_what_was_asked_for_is_told(demo: Demo) -> None:
    """Without the scope there is no national number, in the token nor in the userinfo."""
    answer = (await demo.exchanged((await demo.signed_in(scope="openid profile")).params["code"])).json()
    assert "egovNRN" not in jwt.decode(answer["id_token"], await keys(demo), algorithms=["ES256"]).claims
    bearer = {"Authorization": f"Bearer {answer['access_token']}"}
    assert "egovNRN" not in (await demo.browser.get("/userinfo", headers=bearer)).json()


async def test_a_code_is_good_once(demo: Demo) -> None:
    """Whoever finds it in a log comes too late."""
    code = (await demo.signed_in()).params["code"]
    assert (await demo.exchanged(code)).status_code == 200
    again = await demo.exchanged(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


async def test_a_code_is_good_for_a_minute(demo: Demo) -> None:
    """Also if nobody used it."""
    code = (await demo.signed_in()).params["code"]
    demo.clock.now += 60
    assert (await demo.exchanged(code)).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"code_verifier": "another-verifier-that-is-just-as-long-0123456789"}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_grant"),
        ({"redirect_uri": "http://127.0.0.1:8080/"}, "invalid_grant"),
        ({"code": "invented"}, "invalid_grant"),
        ({"client_id": "nobody"}, "invalid_client"),
        ({"client_id": "noordzee-hr"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
async def test_a_code_in_the_wrong_hands_is_worth_nothing(demo: Demo, change: dict[str, str], error: str) -> None:
    """Only the browser's own client, with the verifier that only it knows, can exchange it."""
    code = (await demo.signed_in()).params["code"]
    answer = await demo.exchanged(**({"code": code} | change))
    assert answer.json()["error"] == error
    assert "id_token" not in answer.json()


async def test_a_failed_attempt_spends_the_code(demo: Demo) -> None:
    """No guessing of verifiers."""
    code = (await demo.signed_in()).params["code"]
    await demo.exchanged(code, code_verifier="wrong")
    assert (await demo.exchanged(code)).json()["error"] == "invalid_grant"


async def test_a_parameter_given_twice_is_refused(demo: Demo) -> None:
    """Two readers of one request must not see two different things."""
    response = await demo.browser.post(
        "/token",
        content="grant_type=authorization_code&grant_type=client_credentials",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert response.json()["error"] == "invalid_request"


async def test_userinfo_needs_its_own_token(demo: Demo) -> None:
    """No token, a made-up one and one that has expired open nothing."""
    answer = (await demo.exchanged((await demo.signed_in("jan")).params["code"])).json()
    good = {"Authorization": f"Bearer {answer['access_token']}"}
    assert (await demo.browser.get("/userinfo", headers=good)).json()["family_name"] == "Peeters"

    async def refused(headers: dict[str, str]) -> httpx.Response:
        response = await demo.browser.get("/userinfo", headers=headers)
        assert "invalid_token" in response.headers["www-authenticate"]
        return response

    assert (await refused({})).status_code == 401
    assert (await refused({"Authorization": f"Bearer {answer['id_token']}"})).status_code == 401
    demo.clock.now += 601
    assert (await refused(good)).status_code == 401

"""If these fail, people cannot sign in, or a browser is sent to someone it should never reach."""

import re

import httpx
import pytest

from deploy.identity_provider.texts import LANGUAGES
from tests.support.demo_identity_provider import CALLBACK, ISSUER, Demo


async def test_everyone_is_offered_with_a_role(demo: Demo) -> None:
    """All roles of the product can be tried."""
    body = (await demo.browser.get("/authorize", params=demo.authorization)).text
    offered = set(re.findall(r'name="person" value="(\w+)"', body))
    assert offered == {person.key for people in demo.provider.people.grouped().values() for person in people}
    introductions = {person.introduction for people in demo.provider.people.grouped().values() for person in people}
    assert introductions >= {
        *("legalRepresentative", "accessManager", "employerWrite", "employerRead", "mandatary"),
        *("provider", "sectorFund", "citizen", "inspector", "operator"),
    }


async def test_no_national_number_is_on_the_page(demo: Demo) -> None:
    """The page knows people by a key; a number in a form would travel."""
    body = (await demo.browser.get("/authorize", params=demo.authorization)).text
    assert not re.search(r"\d{11}", body)


@pytest.mark.parametrize(
    ("language", "warning"),
    [
        ("nl", "Dit is een demonstratie."),
        ("fr", "Ceci est une démonstration."),
        ("de", "Dies ist eine Demonstration."),
        ("en", "This is a demonstration."),
    ],
)
async def test_it_says_in_the_readers_language_that_it_is_a_demonstration(
    demo: Demo, language: str, warning: str
) -> None:
    """Nobody may take it for the real thing."""
    response = await demo.browser.get("/authorize", params=demo.authorization | {"ui_locales": f"{language}-BE en"})
    assert f'lang="{language}"' in response.text
    assert warning in response.text


async def test_the_language_switch_keeps_the_request(demo: Demo) -> None:
    """Changing the language must not lose the sign-in under way."""
    body = (await demo.browser.get("/authorize", params=demo.authorization)).text
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="(/authorize[^"]+)"', body)]
    assert len(links) == len(LANGUAGES)
    for link in links:
        assert dict(httpx.URL(link).params).items() >= demo.authorization.items()
        assert (await demo.browser.get(link)).status_code == 200


async def test_a_browser_without_wishes_gets_its_own_language(demo: Demo) -> None:
    """`Accept-Language` decides where the client does not."""
    response = await demo.browser.get(
        "/authorize", params=demo.authorization, headers={"Accept-Language": "it,de-DE;q=0.8"}
    )
    assert 'lang="de"' in response.text


@pytest.mark.parametrize(("level", "means"), [(500, "eid"), (450, "itsme"), (100, "eid")])
async def test_the_digital_key_that_the_client_asks_for_is_preset(demo: Demo, level: int, means: str) -> None:
    """Who chose itsme on the page before need not choose it again."""
    wish = {"acr_values": f"urn:be:fedict:iam:fas:Level{level}"}
    body = (await demo.browser.get("/authorize", params=demo.authorization | wish)).text
    assert re.findall(r'value="(\w+)" checked', body) == [means]


async def test_choosing_someone_leads_back_with_a_code(demo: Demo) -> None:
    """State and issuer come along, so that the client recognises its own sign-in."""
    target = await demo.signed_in()
    assert str(target).startswith(f"{CALLBACK}?")
    assert target.params["state"] == "the-state"
    assert target.params["iss"] == ISSUER
    assert len(target.params["code"]) > 30


@pytest.mark.parametrize(
    "redirect_uri",
    [
        f"{CALLBACK}/",
        f"{CALLBACK}?x=1",
        CALLBACK.upper(),
        "http://localhost:8080/sign-in/callback",
        "https://evil.example/",
        "",
    ],
)
async def test_another_return_address_is_never_followed(demo: Demo, redirect_uri: str) -> None:
    """A code sent to the wrong address is an account given away."""
    for method in ("GET", "POST"):
        response = await demo.browser.request(
            method,
            "/authorize",
            params=demo.authorization | {"redirect_uri": redirect_uri},
            data={"person": "sofie"} if method == "POST" else None,
        )
        assert response.status_code == 400
        assert "location" not in response.headers


async def test_an_unknown_client_is_never_followed(demo: Demo) -> None:
    """Nor is one that is software, which has no people to sign in."""
    for client in ("nobody", "noordzee-hr"):
        response = await demo.browser.get("/authorize", params=demo.authorization | {"client_id": client})
        assert response.status_code == 400


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"state": ""}, "invalid_request"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"prompt": "none"}, "login_required"),
        ({"request": "e30.e30."}, "request_not_supported"),
    ],
)
async def test_a_request_that_is_not_safe_is_sent_back(demo: Demo, change: dict[str, str], error: str) -> None:
    """Without PKCE, state or the right scope there is no code, neither on the page nor by posting the form."""
    for method in ("GET", "POST"):
        response = await demo.browser.request(
            method,
            "/authorize",
            params=demo.authorization | change,
            data={"person": "sofie"} if method == "POST" else None,
        )
        assert response.status_code == 303
        answer = httpx.URL(response.headers["location"]).params
        assert answer["error"] == error
        assert "code" not in answer


async def test_someone_who_is_not_offered_cannot_sign_in(demo: Demo) -> None:
    """The form's value is checked, not trusted."""
    response = await demo.browser.post("/authorize", params=demo.authorization, data={"person": "king"})
    assert response.status_code == 400


async def test_another_site_cannot_post_the_form(demo: Demo) -> None:
    """A page elsewhere must not sign a visitor in as someone of its choice."""
    for origin in ("https://evil.example", "null"):
        response = await demo.browser.post(
            "/authorize", params=demo.authorization, data={"person": "els"}, headers={"Origin": origin}
        )
        assert response.status_code == 400


async def test_the_page_is_neither_framed_nor_stored(demo: Demo) -> None:
    """Nobody may lay an invisible copy over another page."""
    headers = (await demo.browser.get("/authorize", params=demo.authorization)).headers
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"

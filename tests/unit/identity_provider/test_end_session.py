"""If these fail, people who sign out are left nowhere, or are sent to a stranger."""

from tests.support.demo_identity_provider import Demo

HOME = "http://127.0.0.1:8080/"


async def test_signing_out_leads_back_to_the_gateway(demo: Demo) -> None:
    """With the state that the client gave."""
    asked = {"client_id": "fla-web", "post_logout_redirect_uri": HOME, "state": "s"}
    for response in (
        await demo.browser.get("/end_session", params=asked),
        await demo.browser.post("/end_session", data=asked),
    ):
        assert response.status_code == 303
        assert response.headers["location"] == f"{HOME}?state=s"


async def test_signing_out_never_leads_to_a_stranger(demo: Demo) -> None:
    """An open redirect lends our name to anyone."""
    for asked in (
        {"client_id": "fla-web", "post_logout_redirect_uri": "https://evil.example/"},
        {"client_id": "nobody", "post_logout_redirect_uri": HOME},
        {"post_logout_redirect_uri": HOME},
    ):
        response = await demo.browser.get("/end_session", params=asked)
        assert response.status_code == 400
        assert "location" not in response.headers


async def test_without_an_address_it_says_that_one_is_signed_out(demo: Demo) -> None:
    """In the reader's language."""
    response = await demo.browser.get("/end_session", params={"ui_locales": "fr"})
    assert "Vous êtes déconnecté" in response.text

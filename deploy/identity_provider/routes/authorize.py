"""The sign-in page. It keeps no state: the form comes back to the same address, which is checked again."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from deploy.identity_provider.authorization import AuthorizationRequest, checked_request, return_address
from deploy.identity_provider.errors import OAuthError, UntrustedRequestError
from deploy.identity_provider.memory import AuthorizationGrant
from deploy.identity_provider.pages import page
from deploy.identity_provider.people import SignInMeans
from deploy.identity_provider.provider import DemoIdentityProvider


def routes(provider: DemoIdentityProvider) -> APIRouter:
    router = APIRouter()

    def checked(request: Request) -> AuthorizationRequest | Response:
        """Check the request; returns it, or the answer that refuses it."""
        try:
            address = return_address(request.query_params, provider.clients, provider.issuer)
        except UntrustedRequestError as error:
            return page(request, "refused.html", status=400, reason=str(error))
        try:
            return checked_request(request.query_params, address)
        except OAuthError as error:
            return _redirect(address.url(error=error.error, error_description=error.description))

    @router.get("/authorize")
    async def show(request: Request) -> Response:
        asked = checked(request)
        if isinstance(asked, Response):
            return asked
        wish = request.query_params.get("acr_values", "").split()
        preset = next((means for means in SignInMeans if means.acr in wish), SignInMeans.EID)
        return page(request, "sign_in.html", groups=provider.people.grouped(), preset=preset.value)

    @router.post("/authorize")
    async def sign_in(
        request: Request, person: Annotated[str, Form()], means: Annotated[SignInMeans, Form()] = SignInMeans.EID
    ) -> Response:
        asked = checked(request)
        if isinstance(asked, Response):
            return asked
        chosen = provider.people.by_key(person)
        if chosen is None or request.headers.get("origin", provider.issuer) != provider.issuer:
            return page(request, "refused.html", status=400, reason="person")
        grant = AuthorizationGrant(
            client_id=asked.address.client_id,
            redirect_uri=asked.address.redirect_uri,
            challenge=asked.challenge,
            nonce=asked.nonce,
            scopes=asked.scopes,
            person=chosen,
            means=means,
            signed_in_at=int(provider.clock()),
        )
        return _redirect(asked.address.url(code=provider.codes.issue(grant)))

    return router


def _redirect(url: str) -> Response:
    """Redirect with 303: the browser follows with GET, also after a form."""
    headers = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return RedirectResponse(url, status_code=303, headers=headers)

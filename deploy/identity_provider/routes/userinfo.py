"""The userinfo endpoint, for clients that do not read the claims from the identity token."""

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from deploy.identity_provider.provider import DemoIdentityProvider
from deploy.identity_provider.tokens import shown_claims


def routes(provider: DemoIdentityProvider) -> APIRouter:
    router = APIRouter()

    @router.api_route("/userinfo", methods=["GET", "POST"])
    async def userinfo(request: Request) -> JSONResponse:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        known = provider.tokens.userinfo_subject(token.strip()) if scheme.lower() == "bearer" else None
        person = provider.people.by_subject(known[0]) if known else None
        if known is None or person is None:
            challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            return JSONResponse({"error": "invalid_token"}, status_code=401, headers=challenge)
        return JSONResponse(shown_claims(person.claims, known[1]), headers={"Cache-Control": "no-store"})

    return router

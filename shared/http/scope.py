"""For whom an internal question is asked: the scope in its token, checked before anything else."""

from typing import Annotated

from fastapi import Depends, HTTPException, Request

from shared.access.internal_tokens import InternalTokenError, InternalTokens
from shared.access.scope import Role, Scope


def _scope(request: Request) -> Scope:
    tokens: InternalTokens = request.app.state.internal_tokens
    try:
        return tokens.verify_header(request.headers.get("authorization"))
    except InternalTokenError as error:
        raise HTTPException(401, str(error)) from error


Asking = Annotated[Scope, Depends(_scope)]
"""A route parameter of this type is the verified scope; without a valid token the route answers 401."""


def _operator(scope: Asking) -> Scope:
    if not scope.has_role(Role.OPERATOR):
        raise HTTPException(403, "operators only")
    return scope


AskingOperator = Annotated[Scope, Depends(_operator)]

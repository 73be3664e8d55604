"""What an operation takes and answers, said beside its route: `@router.post("", **operation("registerTraining", …))`.

The description is built from this alone, never from what the function is annotated with: answers leave as plain
objects, and the tests hold every one of them against it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from services.gateway.api.description.components import PROBLEMS, headers
from services.gateway.api.description.schemas import named
from services.gateway.api.preferences import CHANGES, SIMULATES

JSON: Final = "application/json"
_ALWAYS: Final = (400, 429, 500, 503)
_WITH_TOKEN: Final = (401, 403)
_WITH_BODY: Final = (413, 415)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is no problem. `model`: of its JSON; `others`: the schema of each other media type."""

    description: str
    model: Any = None
    headers: tuple[str, ...] = ()
    others: Mapping[str, dict[str, Any]] = field(default_factory=dict)

    def described(self) -> dict[str, Any]:
        """Describe it as a response in OpenAPI."""
        content = {kind: {"schema": schema} for kind, schema in self.others.items()}
        if self.model is not None:
            content = {JSON: {"schema": named(self.model)}, **content}
        shown = {"description": self.description, "headers": headers(*self.headers)}
        return shown | ({"content": content} if content else {})


def operation(
    id_: str,
    answers: Mapping[int, Answer],
    *,
    scope: str | tuple[str, ...] = (),
    body: Any = None,
    forms: Mapping[str, dict[str, Any]] | None = None,
    problems: tuple[int, ...] = (),
    example: Any = None,
    changes: bool = False,
    keyed: bool = False,
    submits: bool = False,
    simulates: bool = False,
) -> dict[str, Any]:
    """Make the arguments of a route's decorator.

    `scope`: what the token needs, as `trainings:write`, or one of several; none: open to anyone. `body`: the model of a
    JSON body, and `example` one of it; `forms`: bodies of other media types. `problems`: beside those that any request
    can meet. `changes`: `If-Match` has a meaning; `keyed`: `Idempotency-Key` has; `submits`: takes declarations, with
    both `Idempotency-Key` and `Prefer`; `simulates`: `Fla-Mode: simulation` is possible.
    """
    parameters = ["AcceptLanguage", "FlaModeOrSimulation" if simulates else "FlaMode"]
    if submits:
        parameters = ["Prefer", *parameters]
    if submits or keyed:
        parameters = ["IdempotencyKey", *parameters]
    if changes:
        parameters = ["IfMatch", *parameters]
    contents = {JSON: {"schema": named(body)}} if body is not None else {}
    if example is not None:
        contents[JSON]["example"] = example
    contents |= {kind: {"schema": schema} for kind, schema in (forms or {}).items()}
    statuses = {*_ALWAYS, *problems, *(_WITH_TOKEN if scope else ()), *(_WITH_BODY if contents else ())}
    described: dict[str, Any] = {
        "parameters": [{"$ref": f"#/components/parameters/{name}"} for name in parameters],
        "responses": {str(status): answer.described() for status, answer in answers.items()}
        | {str(status): {"$ref": f"#/components/responses/{PROBLEMS[status][0]}"} for status in sorted(statuses)},
        "security": [{"accessToken": [f"scope:fla:{one}"]} for one in ([scope] if isinstance(scope, str) else scope)],
        CHANGES: changes,
        SIMULATES: simulates,
    }
    if contents:
        described["requestBody"] = {"required": True, "content": contents}
    return {
        "operation_id": id_,
        "summary": _summary(id_),
        "response_model": None,
        "response_description": next(iter(answers.values())).description,
        "status_code": next(iter(answers)),
        "openapi_extra": described,
    }


def _summary(id_: str) -> str:
    """Write an operation's id as its summary: `registerTraining` -> `Register training`."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in id_)
    return words[0].upper() + words[1:]

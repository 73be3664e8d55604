"""Submitting declarations over the API: one or many in a body, answered as completely as the client waited for."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

import orjson
from fastapi import Request
from fastapi.responses import JSONResponse

from services.gateway.api.caller import Caller
from services.gateway.api.idempotency_key import idempotency_key
from services.gateway.api.preferences import preferences_of
from services.gateway.api.problems import ProblemError, bad_request, issue, language_of
from services.gateway.intake import submission_outcomes
from services.gateway.intake.declared import DeclarationKind, Declared, Sender
from services.gateway.intake.idempotency import KeyReusedError
from services.gateway.intake.submission_outcomes import SubmissionState
from services.gateway.intake.submission_writer import SubmissionReceipt
from services.gateway.intake.submission_writer import SubmissionRequest as Submission
from services.gateway.intake.validation import path_of
from services.gateway.limits import LARGEST_JSON_BODY, MOST_ISSUES, MOST_ITEMS, MOST_VALUES
from services.gateway.wiring import gateway_of
from shared.anomalies import anomaly
from shared.contracts.vocabulary import Anomaly
from shared.i18n import Language

_CONFLICTS = {"versionConflict": 412, "referenceAlreadyUsed": 409}


async def read_object(request: Request) -> tuple[dict[str, Any], bytes]:
    """Read the JSON object in the body, and the body's bytes."""
    kind = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if kind != "application/json" and not kind.endswith("+json"):
        raise ProblemError(415, "unsupportedMediaType", "Send application/json")
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise ProblemError(415, "unsupportedMediaType", "Send the body as it is, without Content-Encoding")
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > LARGEST_JSON_BODY:
        raise _too_large()
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > LARGEST_JSON_BODY:
            raise _too_large()
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad_request([_schema_violation(f"The body is not JSON: {error.msg} (position {error.pos})")]) from error
    if not isinstance(content, dict):
        raise bad_request([_schema_violation("The body must be a JSON object")])
    if twice := fields_given_twice(body):
        raise bad_request([issue(anomaly("givenTwice", path_of(place)), language_of(request)) for place in twice])
    if has_more_values(content, MOST_VALUES):
        raise ProblemError(
            413, "payloadTooLarge", f"At most {MOST_VALUES} fields and list items; send larger sets as an XML batch"
        )
    return content, body


Place = tuple[int | str, ...]


class _Ambiguous(dict[str, Any]):
    """An object of which some fields were given more than once."""

    twice: list[str]


def fields_given_twice(body: bytes) -> list[Place]:
    """List the places of fields that this JSON text gives more than once: which value is meant nobody knows."""
    ambiguous = False

    def looked_at(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal ambiguous
        content = dict(pairs)
        if len(content) == len(pairs):
            return content
        ambiguous = True
        told = _Ambiguous(content)
        told.twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
        return told

    content = None
    with suppress(ValueError, RecursionError):
        content = json.loads(body, object_pairs_hook=looked_at)
    return list(islice(_ambiguous_in(content, ()), MOST_ISSUES)) if ambiguous else []


def _ambiguous_in(value: Any, where: Place) -> Iterator[Place]:
    if isinstance(value, _Ambiguous):
        yield from ((*where, name) for name in value.twice)
    named = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, inner in named:
        if isinstance(inner, dict | list):
            yield from _ambiguous_in(inner, (*where, name))


def has_more_values(content: Any, most: int) -> bool:
    """Tell whether a JSON value holds more fields and list items than this, however deep; stops as soon as it does."""
    left, waiting = most, [content]
    while waiting:
        value = waiting.pop()
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        left -= len(inner)
        if left < 0:
            return True
        waiting.extend(one for one in inner if isinstance(one, dict | list))
    return False


def _too_large() -> ProblemError:
    return ProblemError(413, "payloadTooLarge", f"At most {LARGEST_JSON_BODY} bytes; send larger sets as an XML batch")


def _schema_violation(detail: str) -> dict[str, Any]:
    return {"type": "urn:problem-type:belgif:input-validation:schemaViolation", "in": "body", "detail": detail}


async def submit_one(
    request: Request,
    caller: Caller,
    kind: DeclarationKind,
    fields: dict[str, Any],
    body: bytes,
    *,
    location: str,
    sender: Sender | None = None,
    person: str | None = None,
) -> JSONResponse:
    """Submit one declaration: 201 when decided in time, 202 when accepted and under way, a problem when refused.

    `location`: where the subject can be read, with `{id}`. `person`: the id of whom it is about, where that is known
    from a thing that was looked up.
    """
    declared = [Declared(1, kind, fields, person)]
    receipt = await _submit(request, sender or caller.sender, "single", declared, body)
    language = language_of(request)
    if receipt.submission is None:
        raise _refused(receipt.refused[0].anomalies, language, fields)
    answer: dict[str, Any] = {"submissionId": receipt.submission, "status": "pending"}
    if receipt.subject is not None:
        answer = {"id": receipt.subject, **answer}
    asked = preferences_of(request)
    headers = {"Location": f"/api/v1/submissions/{receipt.submission}", **asked.headers}
    under_way = JSONResponse(answer, 202, headers=headers | {"Retry-After": "1"})
    if not asked.wait and not receipt.replayed:
        # Nothing can be decided yet: a look at the database would double what a registration costs.
        return under_way
    state = await submission_outcomes.wait_for(gateway_of(request).engine, receipt.submission, asked.wait)
    if state is None or not state.completed:
        return under_way
    answer["status"] = status_of(state)
    if state.refused:
        raise _refused(state.items[0].anomalies, language, fields)
    issues = [issue(found, language, fields=fields) for item in state.items for found in item.anomalies]
    if issues:
        answer = {**answer, "issues": issues}
    return JSONResponse(answer, 201, headers=headers | {"Location": location.format(id=receipt.subject)})


async def submit_many(
    request: Request, caller: Caller, kind: DeclarationKind, content: dict[str, Any], body: bytes
) -> JSONResponse:
    """Submit up to 1,000 declarations: an outcome per item, at once or at the submission's address."""
    items = content.get("items")
    unknown = sorted(set(content) - {"items"})
    if unknown or not isinstance(items, list) or not items or not all(isinstance(item, dict) for item in items):
        raise bad_request([_schema_violation('The body must be {"items": [ … ]} with 1 to 1,000 objects')])
    if len(items) > MOST_ITEMS:
        raise ProblemError(413, "payloadTooLarge", f"At most {MOST_ITEMS} items; send more as an XML batch")
    declared = [Declared(line, kind, fields) for line, fields in enumerate(items, 1)]
    receipt = await _submit(request, caller.sender, "bulk", declared, body)
    assert receipt.submission is not None
    asked = preferences_of(request)
    state = await submission_outcomes.wait_for(gateway_of(request).engine, receipt.submission, asked.wait)
    if state is None:
        state = submission_outcomes.undecided(receipt.submission, "bulk", "api", caller.organisation, len(items))
    headers = {"Location": f"/api/v1/submissions/{receipt.submission}", **asked.headers}
    if not state.completed:
        headers["Retry-After"] = "1"
    return JSONResponse(described(state, language_of(request), items), 200 if state.completed else 202, headers=headers)


async def _submit(
    request: Request, sender: Sender, kind: Any, declared: Sequence[Declared], body: bytes
) -> SubmissionReceipt:
    key = idempotency_key(request)
    digest = hashlib.sha256(f"{request.method} {request.url.path}\n".encode() + body).digest() if key else None
    try:
        return await gateway_of(request).writer.submit(Submission(sender, "api", kind, declared, key, digest))
    except KeyReusedError as error:
        raise ProblemError(
            409, "conflict", "This Idempotency-Key was used before with another request; use a new key"
        ) from error


def _refused(anomalies: Sequence[Any], language: Language, fields: dict[str, Any]) -> ProblemError:
    issues = [issue(found, language, fields=fields) for found in anomalies]
    conflict = next((_CONFLICTS[found["code"]] for found in anomalies if found["code"] in _CONFLICTS), None)
    if conflict is not None:
        return ProblemError(
            conflict,
            "preconditionFailed" if conflict == 412 else "conflict",
            issues[0]["detail"],
            issues=issues,
        )
    return bad_request(issues)


def status_of(state: SubmissionState) -> str:
    """Tell the status of one declaration: `accepted`, `acceptedWithWarnings`, `unchanged`, `refused` or `pending`."""
    if not state.completed:
        return "pending"
    if state.refused:
        return "refused"
    if state.warned:
        return "acceptedWithWarnings"
    return "unchanged" if state.unchanged and not state.accepted else "accepted"


def _shared_out(of_items: Sequence[Sequence[Anomaly]]) -> list[list[Anomaly]]:
    """Choose what is told of each item, so that no answer grows with what is wrong."""
    left, told = MOST_ISSUES, []
    for found in of_items:
        more = min(left, max(len(found) - 1, 0))
        left -= more
        shown = list(found[: 1 + more])
        if len(shown) < len(found):
            shown.append(_rest(found[len(shown) :]))
        told.append(shown)
    return told


def _rest(found: Sequence[Anomaly]) -> Anomaly:
    """Count anomalies that are not told; what counts others already stands for as many."""
    counted = (int(one["params"]["count"]) if one["code"] == "moreIssues" else 1 for one in found)
    return anomaly("moreIssues", count=sum(counted))


def described(
    state: SubmissionState, language: Language, sent: Sequence[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Describe a submission for its sender: counts, and every item that was not plainly accepted.

    `sent`: the items as they were sent, while they are at hand: what is stored tells no values. Each item tells its
    first issue; beside these MOST_ISSUES are told in all, and of the rest the number.
    """
    told = _shared_out([item.anomalies for item in state.items])
    body: dict[str, Any] = {
        "self": f"/api/v1/submissions/{state.id}",
        "id": state.id,
        "channel": state.channel,
        "receivedAt": state.received_at.isoformat(),
        "status": "completed" if state.completed else "processing",
        "accepted": state.accepted,
        "acceptedWithWarnings": state.warned,
        "unchanged": state.unchanged,
        "refused": state.refused,
        "items": [
            {
                "line": item.line,
                "status": item.status,
                "issues": [issue(found, language, fields=sent[item.line - 1] if sent else None) for found in anomalies],
            }
            | ({"reference": item.reference} if item.reference else {})
            for item, anomalies in zip(state.items, told, strict=True)
        ],
    }
    if state.declared is not None:
        body["declared"] = state.declared
    if state.subject and state.kind == "single":
        body["subject"] = state.subject
    return body

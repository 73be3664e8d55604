"""How a service's answer is written: JSON of a struct of `shared/contracts/answers`."""

import msgspec
from fastapi import Response

from shared.contracts.answers.parts import Answer


def answer(content: Answer, status_code: int = 200) -> Response:
    """Encode an answer as JSON, with decimals as text, so that nobody makes a float of them."""
    return Response(msgspec.json.encode(content), status_code, media_type="application/json")

"""A file as the API shows it."""

from dataclasses import replace
from typing import Any

from services.gateway.batch.answers.json_answers import batch_json
from services.gateway.batch.state import BatchState
from shared.i18n import Language
from tests.support.batch_answers import DONE, REJECTED


def test_no_answer_of_the_api_holds_a_null() -> None:
    nothing_yet: dict[str, Any] = dict.fromkeys(
        ("acknowledged_at", "declared", "kinds", "finished_at", "file_name", "sender_reference")
    )
    for batch in (DONE, REJECTED, replace(DONE, state=BatchState.WAITING, **nothing_yet)):
        assert "None" not in repr(batch_json(batch, Language.ENGLISH))

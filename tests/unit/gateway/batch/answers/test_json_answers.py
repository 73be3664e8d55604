"""A file as the API shows it."""

from dataclasses import replace

from services.gateway.batch.answers.json_answers import batch_json
from services.gateway.batch.state import State
from shared.i18n import Language
from tests.support.batch_answers import DONE, REJECTED


def test_no_answer_of_the_api_holds_a_null() -> None:
    for batch in (DONE, REJECTED, replace(DONE, state=State.WAITING, acknowledged_at=None, declared=None, kinds=None,
                                          finished_at=None, file_name=None, sender_reference=None)):  # fmt: skip
        assert "None" not in repr(batch_json(batch, Language.ENGLISH))

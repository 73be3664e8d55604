"""The notification: valid to its published schema whatever a sender calls things, and never held as a whole."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from lxml import etree

from services.gateway.batch.answers.notification import notification
from services.gateway.batch.answers.outcomes import DeclarationOutcome
from services.gateway.batch.xml.parse import SCHEMA_FILE
from shared.i18n import Language
from tests.support.batch_answers import DONE, NASTY, OUTCOMES, in_pages

NOTIFICATION = etree.XMLSchema(etree.parse(SCHEMA_FILE.with_name("fla-notification-1.xsd")))
GOLDEN = Path(__file__).parent / "golden"


async def written(language: Language) -> bytes:
    return b"".join([piece async for piece in notification(DONE, in_pages(OUTCOMES[:1], OUTCOMES[1:]), language)])


@pytest.mark.parametrize("language", list(Language))
async def test_notifications_are_valid(language: Language) -> None:
    document = etree.fromstring(await written(language))
    assert NOTIFICATION.validate(document), NOTIFICATION.error_log
    last = document.findall("{*}declaration")[-1]
    assert [one.findtext("{*}code") for one in last] == ["referenceAlreadyUsed", "invalidSsin"]
    assert NASTY in (last.findtext("{*}anomaly/{*}text") or "")


async def test_the_notification_stays_as_senders_software_knows_it() -> None:
    """Lost: every sender's parser, to a change that nobody meant. A new shape is a new schema, beside this one."""
    assert await written(Language.ENGLISH) == (GOLDEN / "notification.xml").read_bytes()


async def test_a_page_leaves_before_the_next_is_asked_for() -> None:
    """Lost: the gateway's memory, to the report of a file with a million lines."""
    asked = 0

    async def pages() -> AsyncIterator[Sequence[DeclarationOutcome]]:
        nonlocal asked
        for asked in range(1, 4):
            yield [DeclarationOutcome(asked, f"R{asked}", None, "accepted", [])]

    seen = [(asked, piece) async for piece in notification(DONE, pages(), Language.ENGLISH)]
    assert [so_far for so_far, _ in seen] == [0, 1, 2, 3, 3]
    assert [b'reference="R%d"' % at in piece for at, (_, piece) in enumerate(seen)] == [False, True, True, True, False]

"""Whatever is wrong with a file, its sender learns it at once: the search for its reasons never fails, nor tells more.

Lost otherwise: a morning, for who sends a file with one strange element and hears that the operator must help.
"""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from services.gateway.batch.rejection import FileRejectedError
from services.gateway.batch.xml import parse_declarations as parsing
from services.gateway.batch.xml import schema_violations
from services.gateway.batch.xml.parse_declarations import parse_declarations
from services.gateway.batch.xml.parse_in_subprocess import RejectedFile, parse_in_subprocess
from shared.numbers import holds_national_number
from tests.support.batch_xml import CANCELLATION, NAMESPACE, SSIN, batch, put, rejection_of, training

PUNCTUATED = f"{SSIN[:2]}.{SSIN[2:4]}.{SSIN[4:6]}-{SSIN[6:9]}.{SSIN[9:]}"
STRANGE = [
    '<x:y xmlns:x="urn:x">1</x:y>',
    '<y xmlns="urn:x">1</y>',
    '<y xmlns="">1</y>',
    '<x:y xmlns:x="urn:x"><x:y xmlns:x="urn:z"/><y/><x:title/></x:y>',
    f'<b:title xmlns:b="{NAMESPACE}">1</b:title>',
    '<title xmlns:x="urn:x" x:a="1">a</title>',
    '<title xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="x:y" xmlns:x="urn:x">a</title>',
    '<title xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>',
    '<title xml:space="preserve" xml:id="a"> </title>',
    f'<x:y xmlns:x="Expected is ( {SSIN}, {SSIN} ).">1</x:y>',
    f"<y xmlns=\"}} of the set {{'{SSIN}'}}.\">1</y>",
    f"<_{SSIN}/>",
    f"<_{PUNCTUATED} a{PUNCTUATED}='{SSIN}'/>",
    f"<terms><n{SSIN}/></terms>",
    "<é/>",
    "<a.b-c/>",
    "<provider><provider><provider/></provider></provider>",
    "<![CDATA[x]]>",
    "&lt;",
    "text",
]
PIECES = [
    *STRANGE,
    "<?p i?>",
    "<!-- c -->",
    "<header/>",
    "<batch/>",
    "</header>",
    "<trainingRegistration>",
    "<",
    ">",
    '"',
    "&#x85;",
    SSIN,
]


@pytest.mark.parametrize("strange", STRANGE)
@pytest.mark.parametrize("place", ["in a declaration", "as one", "in the header", "in a group"])
def test_what_does_not_belong_there_is_named_with_its_line(tmp_path: Path, strange: str, place: str) -> None:
    content = {
        "in a declaration": lambda: batch(training(extra=strange)),
        "as one": lambda: batch(training(), strange),
        "in the header": lambda: batch(training()).replace(b"</header>", f"{strange}</header>".encode()),
        "in a group": lambda: batch(training(extra=f"<provider><name>x</name>{strange}</provider>")),
    }[place]()
    rejection = checked(put(tmp_path, content))
    assert rejection is not None
    assert rejection.anomaly["code"] == "schemaInvalid"
    assert rejection.violations
    assert all(violation.line for violation in rejection.violations)


@settings(max_examples=400)
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 30), st.sampled_from(PIECES)), min_size=1, max_size=4))
def test_any_damage_has_a_verdict_and_tells_no_national_number(cuts: list[tuple[int, int, str]]) -> None:
    """Cut out some bytes, put something else there, several times: like a file edited by hand."""
    content = batch(training("R1"), CANCELLATION.format(reference="R2"), training(extra="<terms/>"))
    for at, length, piece in cuts:
        start = at % len(content)
        content = content[:start] + piece.encode() + content[start + length :]
    with tempfile.TemporaryDirectory() as folder:
        checked(put(Path(folder), content))


def checked(folder: Path) -> FileRejectedError | None:
    """The rejection of the file, which must have been searched to the end and tell nobody's number."""
    try:
        parse_declarations(folder, lambda _: None)
    except FileRejectedError as rejection:
        assert rejection.search_failed is None
        for told in texts(rejection.as_json()):
            assert not holds_national_number(told), told
        return rejection
    return None


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for pair in value.items() for one in pair for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("failing", ["_left_out", "_node_at", "_reference", "_errors", "_children", "_root_violations"])
@pytest.mark.parametrize("failure", [etree.XPathEvalError("x"), RuntimeError(SSIN), MemoryError(), AssertionError()])
def test_a_search_that_fails_leaves_the_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str, failure: Exception
) -> None:
    def fail(*_: object) -> Any:
        raise failure

    monkeypatch.setattr(schema_violations, failing, fail)
    rejection = rejection_of(tmp_path, batch(training(extra="<foo/>")))
    assert rejection["code"] == "schemaInvalid"
    assert SSIN not in repr(rejection)
    if failing in ("_left_out", "_node_at", "_reference"):
        assert rejection["violations"][-1]["line"] == 3, "its declaration is found all the same"


async def test_a_search_that_ends_its_process_leaves_the_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kernel does when memory runs out: the process says nothing more."""
    put(tmp_path, batch(training(extra="<foo/>")))
    started = asyncio.create_subprocess_exec

    async def start(executable: str, *_: str, **options: Any) -> Any:
        program = (
            "import os, sys, pathlib\n"
            f"import {parsing.__name__} as parsing\n"
            "parsing.with_violations = lambda *_: os._exit(9)\n"
            "from services.gateway.batch.xml.parse_process import main\n"
            "main(pathlib.Path(sys.argv[1]))\n"
        )
        return await started(executable, "-c", program, str(tmp_path), **options)

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    with pytest.raises(RejectedFile) as caught:
        await parse_in_subprocess(tmp_path, lambda _: None)
    assert caught.value.rejection == {"code": "schemaInvalid"}

"""Whatever is logged, by us or by a library, by mistake or in an exception: no national number stands in the line."""

import io
import json
import logging
import sys
from typing import Any

import pytest
import structlog

from shared.observability.logging import configure_logging

NUMBER, BIS = "85073003328", "85473003317"
WRITTEN = [NUMBER, "85.07.30-033.28", "85 07 30 033 28", "85/07/30-033.28"]


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The logs as a service writes them, and a way to read them."""
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdout", out)
    before = logging.getLogger().handlers[:]
    configure_logging("INFO")
    yield lambda: [json.loads(line) for line in out.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = before


@pytest.mark.parametrize("number", WRITTEN)
def test_neither_the_event_nor_a_value_nor_anything_inside_it(lines: Any, number: str) -> None:
    structlog.get_logger().info(
        f"looked up {number}", who=number, deep={"of": [{"x": (number, 1)}]}, **{number: "name"}
    )
    [line] = lines()
    text = json.dumps(line, ensure_ascii=False)
    assert NUMBER not in "".join(sign for sign in text.replace(line["timestamp"], "") if sign.isdigit())
    assert line["event"] == "looked up …"


def test_a_number_that_is_no_text(lines: Any) -> None:
    structlog.get_logger().info("numbers", ssin=int(NUMBER), bytes_=f"of {NUMBER}".encode(), count=12345678901234)
    [line] = lines()
    assert NUMBER not in json.dumps(line)
    assert line["count"] == 12345678901234


def test_an_exception_and_its_cause(lines: Any) -> None:
    try:
        try:
            raise KeyError(NUMBER)
        except KeyError as error:
            raise ValueError(f"nobody has {WRITTEN[1]}") from error
    except ValueError:
        structlog.get_logger().exception("failed")
    [line] = lines()
    assert NUMBER not in line["exception"] and WRITTEN[1] not in line["exception"]
    assert "ValueError: nobody has …" in line["exception"]


def test_a_library_s_line_too(lines: Any) -> None:
    logging.getLogger("asyncpg").warning("value %s is too long", NUMBER)
    try:
        raise RuntimeError(NUMBER)
    except RuntimeError:
        logging.getLogger("uvicorn.error").exception("in the application")
    for line in lines():
        assert NUMBER not in json.dumps(line)


def test_a_bis_number_is_one_too(lines: Any) -> None:
    structlog.get_logger().warning("someone", who=f"{BIS[:6]}-{BIS[6:]}")
    assert [line["who"] for line in lines()] == ["…"]


def test_what_is_none_stays(lines: Any) -> None:
    kept = {"id": "018f2c33-8a7e-7c3a-9f3a-5a3f1c2b4d5e", "enterprise": "1999010345", "wrong": "85073003329", "ms": 1.5}
    structlog.get_logger().info("kept", **kept)
    [line] = lines()
    assert {name: line[name] for name in kept} == kept

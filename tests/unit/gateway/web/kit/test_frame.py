"""Switching language or page keeps the reader where he or she was."""

from types import SimpleNamespace

import pytest
from fastapi import Request

from services.gateway.web.kit.day_rounding import DayRounding
from services.gateway.web.kit.forms import FieldError, FormState
from services.gateway.web.kit.frame import Area
from services.gateway.web.kit.visitor import Visitor
from shared.i18n import Language
from tests.pages.people import employer, reader, visitor
from tests.support.gateway_pages import gateway_stub


def test_the_language_switch_keeps_the_page_and_its_query() -> None:
    frame = visitor(Language.DUTCH, "/arrangements", jointCommittee="305.02.09", size="20", lang="nl")
    assert frame.in_language(Language.FRENCH) == "/arrangements?jointCommittee=305.02.09&size=20&lang=fr"


def test_a_query_parameter_is_replaced_added_or_taken_away() -> None:
    frame = visitor(Language.DUTCH, "/x", page="3", sort="name")
    assert frame.with_query(page=4) == "/x?sort=name&page=4"
    assert frame.with_query(page=None, sort=None) == "/x"
    assert visitor(Language.DUTCH, "/x").with_query(q="a&b é") == "/x?q=a%26b+%C3%A9"


def test_only_who_may_register_gets_the_buttons() -> None:
    assert employer(Language.DUTCH, "/", Area.DASHBOARD).can_write
    assert not reader(Language.DUTCH, "/", Area.DASHBOARD).can_write
    assert not visitor(Language.DUTCH, "/").can_write


@pytest.mark.parametrize("rounding", DayRounding)
def test_every_page_rounds_as_the_installation_is_set(rounding: DayRounding) -> None:
    app = SimpleNamespace(state=SimpleNamespace(gateway=gateway_stub(day_rounding=rounding)))
    request = Request({"type": "http", "path": "/", "query_string": b"", "headers": [], "app": app})
    assert Visitor(Language.DUTCH).frame(request).rounding is rounding


def test_a_form_shows_the_first_error_of_each_field() -> None:
    form = FormState("key", {"title": "x"}, errors=(FieldError("title", "one"), FieldError("title", "two")))
    assert form.error("title") == "one"
    assert form.error("startDate") is None
    assert (form.value("title"), form.value("startDate")) == ("x", "")

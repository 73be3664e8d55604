"""Every page, in every state and language, holds what a reader, a browser and a strict security policy need."""

import re
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

import pytest
from lxml import html
from pydantic import TypeAdapter, ValidationError

from services.gateway.intake.models import Line
from services.gateway.web.credit.credit import UnknownMonths
from services.gateway.web.employees.employee import EmployeeView
from services.gateway.web.employees.employment_form import EmploymentFormView
from services.gateway.web.kit.day_rounding import DayRounding
from services.gateway.web.kit.rendering import TEMPLATE_DIRECTORY, render_fragment, render_page, static_url
from services.gateway.web.trainings.register_training import NewTrainingView
from services.gateway.web.trainings.trainings import SORTS as TRAINING_SORTS
from shared.i18n import Language
from tests.pages.catalogue import SAMPLES, Sample

BY_NAME = {sample.name: sample for sample in SAMPLES}
EVERY = list(product(BY_NAME, Language))
# The last is asked only where nobody knows the joint committee that was typed.
SENT_WITH_EVERY_FORM = {"csrf_token", "submission_key", "action", "confirmedCommittees"}
PEOPLE = {"employees", "employeeSearch"}


@cache
def _source(name: str, language: Language) -> str:
    sample = BY_NAME[name]
    return render_page(sample.frame(language), sample.view(language))


@cache
def _page(name: str, language: Language) -> Any:
    return html.fromstring(_source(name, language))


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_a_page_says_its_language_and_what_it_is(name: str, language: Language) -> None:
    page = _page(name, language)
    assert page.get("lang") == language.value
    assert len(page.xpath("//h1")) == 1
    assert len(page.xpath("//main")) == 1
    title, heading = page.xpath("string(//title)"), " ".join(page.xpath("string(//h1)").split())
    assert title.endswith(" – Federal Learning Account")
    assert len(title) > len(" – Federal Learning Account")
    assert heading


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_nothing_on_a_page_breaks_the_security_policy(name: str, language: Language) -> None:
    page = _page(name, language)
    assert page.xpath("//*[@style]") == []
    assert page.xpath("//style") == []
    assert page.xpath("//script[not(@src)]") == []
    assert page.xpath("//*[starts-with(@*, 'javascript:')]") == []
    assert [
        a for element in page.iter() if isinstance(element.tag, str) for a in element.attrib if a.startswith("on")
    ] == []
    for address in page.xpath("//script/@src | //link/@href | //img/@src"):
        assert address.startswith("/static/")


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_ids_are_unique_and_what_refers_to_them_finds_them(name: str, language: Language) -> None:
    page = _page(name, language)
    ids = Counter(page.xpath("//@id"))
    assert [identifier for identifier, times in ids.items() if times > 1] == []
    wanted = {
        one
        for text in page.xpath("//@aria-describedby | //@aria-labelledby | //@for | //@list")
        for one in text.split()
    }
    wanted |= {address[1:] for address in page.xpath("//a/@href") if address.startswith("#")}
    assert wanted - set(ids) == set()


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_field_has_a_label_and_every_table_a_caption(name: str, language: Language) -> None:
    page = _page(name, language)
    labelled = set(page.xpath("//label/@for"))
    fields = page.xpath("//input[not(@type='hidden')] | //select | //textarea | //progress")
    assert [field.get("name") for field in fields if field.get("id") not in labelled] == []
    for table in page.xpath("//table"):
        assert table.xpath("caption or ancestor::figure/figcaption")
        assert table.xpath("thead//th[not(@scope)] | tbody//th[not(@scope)]") == []


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_every_form_that_is_posted_can_be_trusted(name: str, language: Language) -> None:
    for form in _page(name, language).xpath("//form[@method='post']"):
        assert form.xpath(".//input[@name='csrf_token']/@value")
        if form.get("novalidate") is not None:
            assert form.xpath(".//input[@name='submission_key']/@value")


def _fields_of(sample: Sample) -> set[str] | None:
    view = sample.view(Language.ENGLISH)
    if isinstance(view, EmploymentFormView):
        return set(view.change_fields if view.employment else view.new_fields)
    if isinstance(view, NewTrainingView) and view.doubles:
        return set(view.asking_fields)
    fields = getattr(view, "fields", None)
    return set(fields) if fields else None


@pytest.mark.parametrize("name", [name for name, sample in BY_NAME.items() if _fields_of(sample)])
def test_a_form_sends_exactly_the_fields_its_view_promises(name: str) -> None:
    sent = set(_page(name, Language.ENGLISH).xpath("//main//form//@name"))
    assert sent - SENT_WITH_EVERY_FORM == _fields_of(BY_NAME[name])


@pytest.mark.parametrize("name", BY_NAME)
def test_the_language_switch_offers_the_other_three_on_the_same_page(name: str) -> None:
    path = BY_NAME[name].frame(Language.FRENCH).path
    offered = _page(name, Language.FRENCH).xpath("//nav[@class='language-switch']//a/@href")
    assert [address.split("?")[0] for address in offered] == [path] * 3
    assert [address[-2:] for address in offered] == ["nl", "de", "en"]


@pytest.mark.parametrize("name", BY_NAME)
def test_no_english_is_left_in_another_language(name: str) -> None:
    """The words of the frame are on every page: they tell whether the page was really translated."""
    text = _page(name, Language.DUTCH).text_content()
    for english in ("Skip to the content", "Sign out", "Sign in", "Dashboard of", "You act for", "days"):
        assert english not in text


@pytest.mark.parametrize(
    "name", [name for name, sample in BY_NAME.items() if hasattr(sample.view(Language.DUTCH), "fragment")]
)
def test_a_fragment_stands_on_the_page_it_replaces_a_part_of(name: str) -> None:
    sample = BY_NAME[name]
    fragment = render_fragment(sample.frame(Language.DUTCH), sample.view(Language.DUTCH))  # type: ignore[arg-type]
    assert "<html" not in fragment
    ids = set(html.fragment_fromstring(fragment, create_parent="div").xpath(".//@id"))
    assert ids - {"updated"} <= set(_page(name, Language.DUTCH).xpath("//@id"))


def test_who_may_only_read_gets_no_button_that_changes_something() -> None:
    text = _page("employee-reader", Language.ENGLISH).text_content()
    assert "Register a training" not in text
    assert "Change the employment" not in text


def test_content_is_escaped() -> None:
    assert "Zonen NV" in _source("dashboard", Language.ENGLISH)
    assert "Broeck & Zonen" not in _source("dashboard", Language.ENGLISH)


def test_a_changed_static_file_gets_another_address() -> None:
    assert re.fullmatch(r"/static/css/tokens\.css\?v=[0-9a-f]{12}", static_url("css/tokens.css"))
    assert static_url("css/tokens.css") != static_url("css/forms.css")


def test_every_page_template_has_a_sample() -> None:
    shown = {sample.view(Language.ENGLISH).template for sample in SAMPLES}
    templates = {path.relative_to(TEMPLATE_DIRECTORY).as_posix(): path for path in TEMPLATE_DIRECTORY.glob("*/*.html")}
    pages = {name for name, path in templates.items() if '{% extends "kit/layout.html" %}' in path.read_text("utf-8")}
    assert len(pages) > 25
    assert shown == pages


@pytest.mark.parametrize(
    ("rest", "balance", "told"),
    [
        ("undecided", "2.75", "is undecided"),
        ("openCredit", "2.75", "stays open as credit"),
        ("lost", "2.75", None),  # a line of the ledger says that
        ("undecided", "-0.5", None),
        (None, "2.75", None),
    ],
)
def test_what_is_left_at_the_end_of_a_contract_has_a_fate(rest: str | None, balance: str, told: str | None) -> None:
    sample = BY_NAME["employee"]
    view = sample.view(Language.ENGLISH)
    assert isinstance(view, EmployeeView) and view.year is not None
    credit = replace(view.year.credit, balance=Decimal(balance))
    page = render_page(
        sample.frame(Language.ENGLISH), replace(view, year=replace(view.year, credit=credit, rest_at_end=rest))
    )
    said = [words for words in ("is undecided", "stays open as credit") if words in page]
    assert said == ([told] if told else [])


@pytest.mark.parametrize(
    ("unknown_year", "sentence"),
    [(2025, "Those months grant nothing for now."), (2024, "more may be carried over than can be counted now.")],
)
def test_an_incomplete_year_says_whether_it_is_its_own_months(unknown_year: int, sentence: str) -> None:
    sample = BY_NAME["employee"]
    view = sample.view(Language.ENGLISH)
    assert isinstance(view, EmployeeView) and view.year is not None
    year = replace(
        view.year,
        credit=replace(view.year.credit, incomplete=True),
        unknown=(UnknownMonths(unknown_year, 1, 12, "sizeUnknown"),),
    )
    page = render_page(sample.frame(Language.ENGLISH), replace(view, year=year))
    assert sentence in page
    assert f"January to December {unknown_year}: No size of the enterprise is known for this date." in page


def test_a_list_is_sorted_only_by_what_its_service_can_sort_by() -> None:
    """A heading that sorts by something else without a word is worse than one that does not sort."""
    headings = _page("trainings", Language.ENGLISH).xpath("//thead//a/@href")
    offered = {re.search(r"sort=-?(\w+)", address).group(1) for address in headings}  # type: ignore[union-attr]
    assert offered == set(TRAINING_SORTS)


def test_a_title_as_long_as_the_form_lets_it_be_is_accepted() -> None:
    longest = int(_page("training-new", Language.ENGLISH).xpath("//input[@name='title']/@maxlength")[0])
    assert TypeAdapter(Line).validate_python("x" * longest)
    with pytest.raises(ValidationError):
        TypeAdapter(Line).validate_python("x" * (longest + 1))


def test_what_is_drawn_above_the_right_is_explained_beside_it() -> None:
    legends = _page("me", Language.ENGLISH).xpath("//ul[@class='legend']")
    above, within = (" ".join(legend.text_content().split()) for legend in legends)
    assert "above the right" not in within
    assert above == "Used 0.5 days Reserved 0 days Of which above the right 0.5 days Left \u22120.5 days"
    swatches = legends[0].xpath(".//rect/@class")
    assert swatches == ["swatch-used", "swatch-reserved", "swatch-over"], "nothing is left that could be drawn"


@pytest.mark.parametrize("name", ["dashboard", "employees", "enterprises", "employee", "me"])
def test_rounding_is_shown_and_nothing_else(name: str) -> None:
    """Headline figures are rounded with the exact one as a tooltip; why-lines and their sum stay exact."""
    sample = BY_NAME[name]
    frame = sample.frame(Language.DUTCH)
    exact = html.fromstring(render_page(frame, sample.view(Language.DUTCH)))
    source = render_page(replace(frame, rounding=DayRounding.UP_TO_HALF_DAY), sample.view(Language.DUTCH))
    assert "&lt;span" not in source
    rounded = html.fromstring(source)
    assert rounded.xpath("//main//span[@title]")
    why = "string(//ol[@class='why'])"
    assert rounded.xpath(why) == exact.xpath(why)


def test_only_what_is_about_a_person_is_not_given_back_by_the_browser() -> None:
    """A field with `autocomplete="off"` is empty after "back": a form of ten fields would have to be typed again."""
    forgotten = {
        field
        for name in BY_NAME
        for field in _page(name, Language.ENGLISH).xpath("//main//input[@autocomplete='off']/@name")
    }
    assert forgotten == {"ssin", "givenName", "familyName", "employeeSearch", "reason"}

"""What the pages do in a browser: with scripts, without them, and from the keyboard."""

from collections.abc import Callable

from playwright.sync_api import expect

from shared.contracts.answers.dashboard import Summary
from tests.browser.conftest import Visit
from tests.pages.recorded_answers import YEAR, recorded

Open = Callable[..., Visit]
DASHBOARD = "/enterprises/0403170701?lang=en"
NEW_TRAINING = "/enterprises/0403170701/trainings/new?lang=en"


def test_a_group_is_ticked_in_two_moves(visit: Open) -> None:
    page = visit(NEW_TRAINING).page
    page.get_by_label("Look for a name").fill("celine")
    expect(page.locator(".picker-list .choice:visible")).to_have_count(1)
    expect(page.locator(".picker-list .choice:visible")).to_contain_text("Céline Dupont-Vandermeersch")
    page.get_by_role("button", name="Select all shown").click()
    expect(page.locator(".picker-status")).to_have_text("1 ticked, 1 shown")
    page.get_by_label("Look for a name").fill("")
    page.get_by_role("button", name="Select all shown").click()
    expect(page.locator(".picker-status")).to_have_text("12 ticked, 12 shown")
    page.get_by_role("button", name="Select none").click()
    expect(page.locator("input[name=employees]:checked")).to_have_count(0)


def test_enter_in_the_search_does_not_send_the_form(visit: Open) -> None:
    page = visit(NEW_TRAINING).page
    page.get_by_label("Title of the training").fill("Coaching")
    page.get_by_label("Look for a name").fill("elke")
    page.get_by_label("Look for a name").press("Enter")
    expect(page.get_by_label("Title of the training")).to_have_value("Coaching")


def test_enter_in_a_text_field_registers_and_does_not_search(visit: Open) -> None:
    page = visit("/preview/training-new-errors?lang=en").page
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_label("Title of the training").press("Enter")
    assert "action=send" in (sent.value.post_data or "")


def test_searching_a_long_list_asks_the_server_and_keeps_the_form(visit: Open) -> None:
    page = visit("/preview/training-new-errors?lang=en").page
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_label("Look for a name").press_sequentially("ami")
    assert "action=search" in (sent.value.post_data or "")
    assert "employeeSearch=ami" in (sent.value.post_data or "")
    expect(page.get_by_label("Title of the training")).to_have_value("Hygiëne en HACCP in de bakkerij")


def test_the_last_day_follows_the_first_until_it_is_typed(visit: Open) -> None:
    page = visit(NEW_TRAINING).page
    first, last = page.get_by_label("First day"), page.get_by_label("Last day")
    first.fill("2024-06-16")
    expect(last).to_have_value("2024-06-16")
    last.fill("2024-06-19")
    first.fill("2024-06-15")
    expect(last).to_have_value("2024-06-19")


def test_a_form_with_errors_begins_at_their_list_and_leads_to_each(visit: Open) -> None:
    page = visit("/preview/training-new-errors?lang=en").page
    assert page.title().startswith("Error: ")
    expect(page.locator(".error-summary")).to_be_focused()
    page.get_by_role("link", name="The last day lies before the first day.").click()
    expect(page.get_by_label("Last day")).to_be_focused()


def test_the_first_tab_leads_past_the_navigation(visit: Open) -> None:
    page = visit(DASHBOARD).page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_another_language_keeps_the_page(visit: Open) -> None:
    page = visit("/arrangements?lang=en").page
    page.get_by_role("link", name="Français").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Quel régime s’applique\u202f?")
    page.get_by_role("link", name="Aide").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_a_chart_draws_the_numbers_of_its_table(visit: Open) -> None:
    page = visit(DASHBOARD).page
    page.wait_for_selector("#over-time[data-drawn] canvas")
    drawn = page.evaluate(
        "Chart.getChart(document.querySelector('#over-time canvas')).data.datasets.map(series => series.data)"
    )
    told = page.eval_on_selector_all(
        "#over-time tbody tr",
        "rows => rows.map(row => [...row.querySelectorAll('td')].map(cell => +cell.dataset.value))",
    )
    assert len(told) == 12
    assert drawn == [list(series) for series in zip(*told, strict=True)]
    assert round(sum(map(sum, drawn)) * 60) == recorded("summary", Summary).completed.minutes
    assert f"Most in January {YEAR}" in (page.locator("#over-time .chart-drawing").get_attribute("aria-label") or "")


def test_the_dashboard_follows_by_itself_and_keeps_what_is_open(visit: Open) -> None:
    visited = visit(DASHBOARD)
    page = visited.page
    page.wait_for_selector("#over-time[data-drawn] canvas")
    page.locator("#by-kind-numbers summary").click()
    page.evaluate("document.querySelector('#over-time').dataset.old = 'yes'")
    page.wait_for_selector("#over-time:not([data-old])[data-drawn] canvas")
    expect(page.locator("#updated")).to_have_text("Updated at 14:34:56")
    assert page.locator("#by-kind-numbers").get_attribute("open") is not None
    assert page.locator("#over-time-numbers").get_attribute("open") is None
    assert visited.complaints == []


def test_colours_of_a_chart_follow_the_reader(visit: Open) -> None:
    page = visit(DASHBOARD).page
    page.wait_for_selector("#over-time[data-drawn] canvas")
    colour = "Chart.getChart(document.querySelector('#over-time canvas')).data.datasets[0].backgroundColor"
    light = page.evaluate(colour)
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    assert page.evaluate(colour) != light


def test_a_running_file_is_followed_until_it_is_done(visit: Open) -> None:
    """The preview's address of the file shows it done: the part that asks again is replaced by one that does not."""
    page = visit("/preview/batch-running?lang=en").page
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "41232")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "1000")
    expect(page.locator("#batch[hx-get]")).to_have_count(0)
    expect(page.get_by_role("status").last).to_contain_text("The file is done: 989 accepted")


def test_typing_in_the_operators_page_is_not_interrupted(visit: Open) -> None:
    page = visit("/operator?lang=en").page
    page.get_by_label("Reason to drop it").fill("sent twice by mistake")
    page.wait_for_timeout(5600)
    expect(page.get_by_label("Reason to drop it")).to_have_value("sent twice by mistake")


def test_without_scripts_every_number_and_every_form_is_there(visit: Open) -> None:
    page = visit(DASHBOARD, java_script_enabled=False).page
    expect(page.locator("#over-time tbody tr").first).to_be_visible()
    expect(page.locator(".chart-drawing").first).to_be_hidden()
    page.goto(NEW_TRAINING)
    expect(page.get_by_role("button", name="Select all shown")).to_be_hidden()
    expect(page.get_by_role("button", name="Search")).to_be_visible()
    page.get_by_text("More about this training").click()
    expect(page.get_by_label("Place")).to_be_visible()
    page.get_by_role("button", name="Register").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Register a training")


def test_fields_beside_each_other_line_up(visit: Open) -> None:
    page = visit("/arrangements?lang=en").page
    number, date = (page.get_by_label(label, exact=True).bounding_box() for label in ("Number of workers", "On"))
    assert number is not None
    assert date is not None
    assert (number["y"], number["height"]) == (date["y"], date["height"])


def test_what_changed_while_the_stream_was_broken_is_looked_up_when_it_is_back(visit: Open) -> None:
    """A change that nobody listened to is not told again: without this the figures stay old until the next one."""
    page = visit(DASHBOARD).page
    page.route("**/changes", lambda route: route.abort())
    page.reload()
    page.wait_for_selector("#over-time[data-drawn] canvas")
    with page.expect_request(lambda request: "hx-request" in request.headers, timeout=5_000):
        page.evaluate("htmx.trigger(document.querySelector('[sse-connect]'), 'htmx:sseOpen', {})")


def test_a_session_that_ended_leaves_no_sign_in_in_the_middle_of_a_page(visit: Open) -> None:
    page = visit("/operator?lang=en").page
    page.route("**/operator", lambda route: route.fulfill(status=401, headers={"HX-Redirect": "/sign-in?expired=true"}))
    page.wait_for_url("**/sign-in?expired=true", timeout=8_000)

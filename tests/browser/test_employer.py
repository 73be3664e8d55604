"""An employer's day in a real browser on the running product: sign in, register, watch, correct, send a file.

What a user loses when these fail: the web channel itself.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from deploy.checkout import ROOT
from tests.support.batch_files import Plan, write_batch
from tests.support.running_stack import RunningStack

ENTERPRISE = "/enterprises/1999010345"
SCREENSHOT = ROOT / "docs" / "images" / "dashboard.png"
SOON = 15_000


def sign_in(page: Page, stack: RunningStack, name: str) -> None:
    page.goto(f"{stack.gateway}/sign-in/start")
    page.get_by_role("button", name=name).first.click()
    page.wait_for_url(f"{stack.gateway}/**")


@pytest.fixture
def employer(browser: Browser, stack: RunningStack) -> Iterator[Page]:
    """A page of someone who registers for the demo employer; whatever the browser complains about fails the test."""
    context = browser.new_context(base_url=stack.gateway, locale="nl-BE", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    sign_in(page, stack, "Sofie Maes")
    yield page
    context.close()
    assert complaints == []


def fill_training(page: Page, title: str) -> None:
    page.fill("[name=title]", title)
    page.fill("[name=startDate]", "2024-06-16")
    page.fill("[name=endDate]", "2024-06-19")
    page.fill("[name=durationHours]", "15")
    page.fill("[name=durationMinutes]", "12")


def hire(page: Page, start: str, working_time: str) -> None:
    page.goto(f"{ENTERPRISE}/employees/new")
    for name, text in {
        "ssin": "93.05.18-223.61",
        "givenName": "Nieuwe",
        "familyName": "Werknemer",
        "startDate": start,
        "jointCommittee": "200",
        "workingTime": working_time,
    }.items():
        page.fill(f"[name={name}]", text)
    page.locator("main form button.button").last.click()


def test_a_training_registered_by_form_appears_on_the_open_dashboard(employer: Page) -> None:
    dashboard = employer.context.new_page()
    dashboard.goto(ENTERPRISE)
    employer.goto(f"{ENTERPRISE}/trainings/new")
    fill_training(employer, "naam opleiding (live)")
    employer.locator("input[name=employees]").nth(0).check()
    employer.locator("input[name=employees]").nth(1).check()
    employer.get_by_role("button", name="Registreren").click()
    expect(employer.get_by_role("status").first).to_contain_text("2")
    # Nobody touches the dashboard: server-sent events bring the news.
    expect(dashboard.get_by_text("naam opleiding (live)").first).to_be_visible(timeout=SOON)


def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(employer: Page) -> None:
    employer.goto(f"{ENTERPRISE}/trainings/new")
    fill_training(employer, "Fout")
    employer.fill("[name=endDate]", "2024-06-01")
    employer.get_by_role("button", name="Registreren").click()
    summary = employer.get_by_role("alert")
    expect(summary).to_contain_text("De einddatum valt voor de begindatum")
    expect(summary).to_contain_text("Kies minstens één werknemer")
    expect(employer.locator("[name=title]")).to_have_value("Fout")
    assert Axe().run(employer).violations_count == 0


def test_a_training_is_corrected_and_cancelled_with_its_history(employer: Page) -> None:
    employer.goto(f"{ENTERPRISE}/trainings/new")
    fill_training(employer, "Tikfuot")
    employer.locator("input[name=employees]").nth(2).check()
    employer.get_by_role("button", name="Registreren").click()
    employer.wait_for_url("**/trainings/*-*")
    address = employer.url.split("?")[0]
    employer.goto(f"{address}/correct")
    employer.fill("[name=title]", "Tikfout")
    employer.fill("[name=reason]", "Verkeerd getypt")
    employer.locator("main form button.button").last.click()
    expect(employer.get_by_text("Verkeerd getypt")).to_be_visible()
    employer.goto(f"{address}/cancel")
    employer.fill("[name=reason]", "Niet doorgegaan")
    employer.locator("main form button.button").last.click()
    for text in ("Niet doorgegaan", "Verkeerd getypt", "Tikfuot"):
        expect(employer.get_by_text(text).first).to_be_visible()


def test_the_same_form_sent_twice_registers_once(employer: Page) -> None:
    employer.goto(f"{ENTERPRISE}/trainings/new")
    fill_training(employer, "Dubbelklik")
    employer.locator("input[name=employees]").nth(3).check()
    with employer.expect_navigation():
        employer.evaluate(
            "() => { const f = document.querySelector('main form[method=post]');"
            " const d = new FormData(f); fetch(f.action, {method: 'POST', body: d}).then(() => f.submit()); }"
        )
    employer.goto(f"{ENTERPRISE}/trainings?q=Dubbelklik")
    expect(employer.get_by_role("link", name="Dubbelklik")).to_have_count(1)


def test_the_same_training_again_is_asked_about_and_can_be_confirmed_by_keyboard(employer: Page) -> None:
    """Registered once by form, then once more: the form comes back with its question, and says what was typed."""
    for _ in range(2):
        employer.goto(f"{ENTERPRISE}/trainings/new")
        fill_training(employer, "Nog eens")
        employer.locator("input[name=employees]").nth(5).check()
        employer.get_by_role("button", name="Registreren").click()
        employer.wait_for_load_state()
    expect(employer.get_by_role("alert")).to_contain_text("Toch registreren?")
    expect(employer.locator("[name=title]")).to_have_value("Nog eens")
    expect(employer.locator("#doubles a")).to_have_count(1)
    assert Axe().run(employer).violations_count == 0
    employer.get_by_role("alert").get_by_role("link").click()
    expect(employer.locator("[name=again]")).to_be_focused()
    employer.keyboard.press("Space")
    expect(employer.locator("[name=again]")).to_be_checked()
    employer.keyboard.press("Enter")
    employer.wait_for_url("**/trainings/*-*")
    expect(employer.get_by_role("status").first).to_contain_text("De opleiding is geregistreerd")
    expect(employer.get_by_text("één keer aangerekend")).to_have_count(0)
    expect(employer.get_by_role("heading", level=1)).to_contain_text("Nog eens")


def test_a_session_that_ends_in_the_middle_of_a_form_costs_no_typing(browser: Browser, stack: RunningStack) -> None:
    context = browser.new_context(base_url=stack.gateway, locale="nl-BE")
    page = context.new_page()
    sign_in(page, stack, "Sofie Maes")
    page.goto(f"{ENTERPRISE}/trainings/new")
    fill_training(page, "Over de tijd")
    page.locator("input[name=employees]").nth(4).check()
    context.clear_cookies()
    page.get_by_role("button", name="Registreren").click()
    expect(page.get_by_role("heading", name="Dit formulier stond te lang open")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    with context.expect_page() as opened:
        page.get_by_role("link", name="Opnieuw aanmelden in een nieuw tabblad").click()
    opened.value.get_by_role("link", name="Aanmelden met eID").click()
    opened.value.get_by_role("button", name="Sofie Maes").first.click()
    opened.value.wait_for_url(f"{stack.gateway}/enterprises/**")
    page.get_by_role("button", name="Verdergaan").click()
    page.get_by_role("button", name="Nogmaals versturen").click()
    page.wait_for_url("**/trainings/*-*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Over de tijd")
    context.close()


def test_an_employee_and_several_entitlements(employer: Page) -> None:
    hire(employer, start="2026-03-29", working_time="50")
    expect(employer.get_by_role("heading", name="Nieuwe Werknemer")).to_be_visible()
    # Ten started months, half time: 4 days x 50 % x 10/12.
    expect(employer.locator("body")).to_contain_text("1,666667", timeout=SOON)
    employer.goto(f"{ENTERPRISE}/entitlements/new")
    employer.fill("[name=days]", "9,5")
    employer.fill("[name=reason]", "Bedrijfsakkoord")
    employer.locator("input[name=employees]").nth(0).check()
    employer.locator("input[name=employees]").nth(1).check()
    employer.get_by_role("button", name="Registreren").click()
    expect(employer.get_by_text("Er is nog niets geregistreerd")).to_be_visible()
    assert Axe().run(employer).violations_count == 0
    employer.get_by_role("button", name="Registreren voor 2 werknemers").click()
    expect(employer.get_by_role("status").first).to_contain_text("2")


def test_a_wrong_figure_and_a_wrong_employment_are_taken_back(employer: Page) -> None:
    hire(employer, start="2026-10-01", working_time="10")
    expect(employer.locator("body")).to_contain_text("Arbeidstijd", timeout=SOON)
    address = employer.url.split("?")[0]
    employer.get_by_role("link", name="Het opleidingsrecht wijzigen").click()
    employer.fill("[name=days]", "70")
    employer.fill("[name=reason]", "Zeven, verkeerd getypt")
    employer.get_by_role("button", name="Registreren").click()
    employer.get_by_role("button", name="Registreren voor 1 werknemer").click()
    expect(employer.get_by_text("Zeven, verkeerd getypt").first).to_be_visible(timeout=SOON)
    employer.get_by_role("link", name="Dit cijfer terugnemen").click()
    assert Axe().run(employer).violations_count == 0
    employer.fill("[name=reason]", "Vergissing")
    employer.get_by_role("button", name="Het cijfer terugnemen").click()
    expect(employer.get_by_text("Teruggenomen", exact=True)).to_be_visible(timeout=SOON)
    assert Axe().run(employer).violations_count == 0
    employer.goto(f"{address}/cancel")
    employer.fill("[name=reason]", "Nooit begonnen")
    employer.get_by_role("button", name="De tewerkstelling annuleren").click()
    expect(employer.get_by_role("status").first).to_contain_text("geannuleerd")


def test_quarters_and_a_figure_for_everybody(employer: Page) -> None:
    employer.goto(f"{ENTERPRISE}/facts")
    employer.get_by_text("Een kwartaal aangegeven aan de sociale zekerheid").click()
    employer.fill("[name='quarters.year']", "2019")
    employer.select_option("[name='quarters.quarter']", "4")
    employer.fill("[name='quarters.fullTimeEquivalents']", "24,25")
    employer.get_by_role("button", name="Wijzigen").click()
    expect(employer.get_by_text("Deze waarde moet tussen 2020 en 2100 liggen").first).to_be_visible()
    employer.fill("[name='quarters.year']", "2021")
    employer.fill("[name='quarters.heads']", "30")
    employer.get_by_role("button", name="Wijzigen").click()
    expect(employer.get_by_text("kwartaal 4 van 2021")).to_be_visible(timeout=SOON)
    assert Axe().run(employer).violations_count == 0
    employer.get_by_role("link", name="Een cijfer voor iedereen registreren").click()
    expect(employer.locator("#picker")).to_be_hidden()
    employer.fill("[name=days]", "8")
    employer.fill("[name=reason]", "Bedrijfsakkoord voor iedereen")
    employer.get_by_role("button", name="Registreren").click()
    expect(employer.get_by_text("Het is voor iedereen die in die jaren in dienst is")).to_be_visible()
    assert Axe().run(employer).violations_count == 0
    employer.get_by_role("button", name="Registreren voor iedereen").click()
    expect(employer.get_by_text("Bedrijfsakkoord voor iedereen")).to_be_visible(timeout=SOON)
    employer.get_by_role("link", name="Dit cijfer terugnemen").click()
    expect(employer.get_by_text("Iedereen", exact=True)).to_be_visible()
    assert Axe().run(employer).violations_count == 0
    employer.fill("[name=reason]", "Toch niet")
    employer.get_by_role("button", name="Het cijfer terugnemen").click()
    expect(employer.get_by_text("Teruggenomen", exact=True)).to_be_visible(timeout=SOON)


def test_a_file_is_sent_and_followed_to_its_end(employer: Page, tmp_path: Path) -> None:
    plan = Plan(
        "1999010345",
        ("1999010345",),
        trainings=40,
        people=10,
        faults=2,
        employments=True,
        series="WEB",
        first_person=5000,
    )
    written = write_batch(tmp_path / "opleidingen.xml", plan)
    employer.goto("/batches/new")
    employer.set_input_files("[name=file]", written.path)
    employer.locator("main form button.button").last.click()
    employer.wait_for_url("**/batches/*-*")
    expect(employer.locator("#batch")).to_contain_text("invalidSsin", timeout=60_000)
    expect(employer.get_by_role("link", name="Het volledige verslag downloaden")).to_be_visible(timeout=60_000)
    broken = tmp_path / "kapot.xml"
    broken.write_text("dit is geen XML")
    employer.goto("/batches/new")
    employer.set_input_files("[name=file]", broken)
    employer.locator("main form button.button").last.click()
    expect(employer.get_by_text("Het bestand is in zijn geheel geweigerd")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize(
    "path",
    ["", "/employees", "/trainings", "/trainings/new", "/entitlements/new", "/employees/new", "/facts"],
)
def test_the_pages_are_accessible_with_real_content(employer: Page, path: str) -> None:
    employer.goto(ENTERPRISE + path)
    results = Axe().run(employer)
    assert results.violations_count == 0, results.generate_report()


def test_a_reader_sees_no_way_to_write_and_gets_none(browser: Browser, stack: RunningStack) -> None:
    context = browser.new_context(base_url=stack.gateway, locale="nl-BE")
    page = context.new_page()
    sign_in(page, stack, "Pieter Wouters")
    page.goto(ENTERPRISE)
    expect(page.get_by_role("link", name="Een opleiding registreren")).to_have_count(0)
    answer = page.goto(f"{ENTERPRISE}/trainings/new")
    assert answer is not None
    assert answer.status == 403
    other = page.goto("/enterprises/1999010444")
    assert other is not None
    assert other.status == 403
    context.close()


@pytest.mark.parametrize(
    ("name", "path", "heading"),
    [
        ("Jan Peeters", "/me", "Mijn opleidingsrekening"),
        ("Koen De Backer", "/me", "Opleidingsverstrekker: "),
        ("Marie-Claire Simon", "/me", "Sectorfonds: "),
        ("David Martin", "/operator", "Beheer"),
        ("Julie Dubois", "/enterprises", "Ondernemingen waarvoor u handelt"),
        ("Hilde Janssens", ENTERPRISE, "Noordzee Logistiek NV"),
    ],
)
def test_each_role_has_its_own_page(browser: Browser, stack: RunningStack, name: str, path: str, heading: str) -> None:
    context = browser.new_context(base_url=stack.gateway, locale="nl-BE")
    page = context.new_page()
    sign_in(page, stack, name)
    page.goto(path)
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    assert Axe().run(page).violations_count == 0
    context.close()


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_the_public_look_up_answers_in_every_language(browser: Browser, stack: RunningStack, language: str) -> None:
    page = browser.new_page()
    page.goto(f"{stack.gateway}/arrangements?jointCommittee=200&size=25&date=2026-01-01&lang={language}")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator(".big-answer")).to_contain_text("4")
    page.close()


def test_the_dashboard_can_be_shown(employer: Page) -> None:
    """The picture of the README is made here: FLA_SCREENSHOTS=1 writes it."""
    employer.goto(f"{ENTERPRISE}?lang=en&year=2026")
    expect(employer.locator("canvas").first).to_be_visible()
    employer.wait_for_timeout(800)
    picture = employer.screenshot(full_page=True)
    assert len(picture) > 50_000
    if os.environ.get("FLA_SCREENSHOTS"):
        SCREENSHOT.parent.mkdir(parents=True, exist_ok=True)
        SCREENSHOT.write_bytes(picture)


def test_the_employees_own_account_is_fresh_too(browser: Browser, stack: RunningStack, employer: Page) -> None:
    context = browser.new_context(base_url=stack.gateway, locale="nl-BE")
    account = context.new_page()
    sign_in(account, stack, "Jan Peeters")
    account.goto("/me")
    employer.goto(f"{ENTERPRISE}/trainings/new")
    fill_training(employer, "Verrassing voor Jan")
    employer.get_by_label("Jan Peeters").check()
    employer.get_by_role("button", name="Registreren").click()
    employer.wait_for_url("**/trainings/*-*")
    expect(account.get_by_text("Verrassing voor Jan")).to_be_visible(timeout=SOON)
    context.close()

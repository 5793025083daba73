"""The frame in a real Chromium: it stays true by itself, says when it cannot, obeys the keyboard, and works without scripts."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.house import Watched
from tests.browser.looking import context_of, patient

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

COUNT_SWAPS = """document.addEventListener('noc:swap', event => {
    window.swapped = (window.swapped || []).concat(event.detail.map(one => one.id));
})"""


@pytest.fixture
def other(chromium: Browser, cookies: list[dict[str, str]]) -> Iterator[Page]:
    """Somebody else's."""
    context = context_of(chromium, cookies)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(chromium: Browser, house: Watched, cookies: list[dict[str, str]]) -> Iterator[Page]:
    context = context_of(chromium, cookies)
    yield context.new_page()
    context.close()


def test_given_an_open_page_then_it_stays_true_and_what_was_chosen_stays_chosen(page: Page, house: Watched) -> None:
    page.goto(f"{house.url}/sites")
    page.evaluate(COUNT_SWAPS)
    page.keyboard.press("j")
    page.keyboard.press("j")
    swapped(page)
    expect(page.locator("tr.chosen")).to_be_focused()
    assert page.evaluate("[...document.querySelectorAll('main tbody tr')].indexOf(document.activeElement)") == 1


def test_given_a_field_that_is_being_filled_in_then_the_page_waits(page: Page, other: Page, house: Watched) -> None:
    page.goto(f"{house.url}/sites")
    page.evaluate(COUNT_SWAPS)
    page.locator("main input[name=q]").first.focus()
    page.evaluate("document.activeElement.type = 'text'")
    page.evaluate("window.swapped = null")  # news may have come before the field was entered
    other.goto(f"{house.url}/sites")
    for _ in range(2):  # what made the other one anew twice has come to this one, too
        other.evaluate(COUNT_SWAPS)
        swapped(other)
    assert page.evaluate("window.swapped") is None


def swapped(page: Page) -> None:
    page.evaluate("window.swapped = []")
    page.wait_for_function("() => window.swapped.includes('fresh')")


def test_given_the_web_is_restarted_then_the_page_says_since_when_it_is_not_live_and_recovers(
    page: Page, house: Watched
) -> None:
    page.goto(f"{house.url}/sites")
    page.evaluate(COUNT_SWAPS)
    swapped(page)
    house.stop_web()
    try:
        expect(page.locator(".not-live")).to_contain_text("not live since")
    finally:
        house.start_web()  # others need it
    expect(page.locator(".not-live")).to_have_count(0)
    assert page.url.endswith("/sites")


def test_given_the_keyboard_then_everything_is_reached(page: Page, house: Watched) -> None:
    page.goto(house.url)
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/sites")
    page.keyboard.press("j")
    first = page.locator("tr.chosen a").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{first}")


def test_given_letters_in_the_search_then_suggestions_and_the_chosen_one_opens(page: Page, house: Watched) -> None:
    page.goto(house.url)
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("chamwino")
    expect(page.locator("#found [role=option]").first).to_contain_text("Chamwino")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#found [aria-selected=true]")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/sites/lga-chamwino")


def test_given_no_javascript_then_search_language_and_colours_work(
    chromium: Browser, house: Watched, cookies: list[dict[str, str]]
) -> None:
    context = patient(chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}))
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(house.url)
    page.locator("#search").fill("lga-chamwino")
    page.locator("#search").press("Enter")
    page.wait_for_url("**/sites/lga-chamwino")
    page.get_by_role("button", name="Kiswahili").click()
    expect(page.locator("html")).to_have_attribute("lang", "sw")
    page.get_by_role("button", name="mwanga").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    assert page.url.endswith("/sites/lga-chamwino")
    context.close()

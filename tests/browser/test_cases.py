"""Incidents by the keyboard in a real browser: nothing that was typed is lost, the page goes on being true."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.house import Watched
from tests.browser.looking import context_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def page(faulted: Watched, chromium: Browser, cookies: list[dict[str, str]]) -> Iterator[Page]:
    context = context_of(chromium, cookies)
    one = context.new_page()
    one.goto(f"{faulted.url}/incidents")
    yield one
    context.close()


def test_given_the_keyboard_alone_then_a_note_is_written(page: Page) -> None:
    page.keyboard.press("j")
    number = page.locator("tr.chosen").get_attribute("data-number")
    page.keyboard.press("n")
    page.wait_for_url(f"**/incidents/{number}#note")
    page.keyboard.type("written by a keyboard <b>alone</b>")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("written by a keyboard <b>alone</b>").last.wait_for()
    assert page.url.endswith(f"/incidents/{number}")


def test_given_an_act_that_is_refused_then_what_was_typed_stands_and_the_address_is_the_incidents(
    page: Page,
) -> None:
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/incidents/*")
    address = page.url
    page.keyboard.press("w")
    page.keyboard.press("Control+a")
    page.keyboard.type("TTCL-1")
    page.keyboard.press("Tab")
    page.keyboard.type("yesterday 10:00")
    page.keyboard.press("Enter")
    page.locator("#refused").wait_for()
    assert "must lie ahead" in page.locator("#refused").inner_text()
    assert page.locator("input[name=ticket]").input_value() == "TTCL-1"
    page.wait_for_url(address)

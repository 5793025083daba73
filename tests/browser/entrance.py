"""The first visit, as a newcomer makes it: the link from the terminal, a name, a password twice."""

from typing import Any

from playwright.sync_api import Browser

from tests.browser.house import ADMIN, PASSWORD, Watched, setup_address
from tests.browser.looking import patient


def log_in(browser: Browser, house: Watched) -> list[Any]:
    context = patient(browser.new_context())
    page = context.new_page()
    page.goto(setup_address(house))
    page.fill("input[name=name]", ADMIN)
    for field in page.query_selector_all("input[type=password]"):
        field.fill(PASSWORD)
    page.click("main form button")
    page.wait_for_url(lambda url: "/setup" not in url)
    found = context.cookies()
    context.close()
    return list(found)

"""While an open page renews itself nobody loses a click, the chosen row or the place where they read."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.house import Watched
from tests.browser.looking import context_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
# the next answer has the rows of the table the other way round, with one more before them
TURNED = """html => {
    const page = new DOMParser().parseFromString(html, 'text/html'), body = page.querySelector('main tbody');
    body.replaceChildren(...[...body.children].reverse());
    body.prepend(body.firstElementChild.cloneNode(true));
    return '<!doctype html>' + page.documentElement.outerHTML;
}"""
REFRESH = "dispatchEvent(new Event('online'))"  # as when the network is back: the page is asked for at once
PRESSED = """([x, y]) => [document.elementFromPoint(x, y).closest('a').getAttribute('href'), window.turned || 0]"""
READ = """() => {
    const row = document.elementFromPoint(innerWidth / 2, 120).closest('tr');
    return [row.dataset.href, row.getBoundingClientRect().top];
}"""
TURNS = "document.addEventListener('noc:swap', () => { window.turned = (window.turned || 0) + 1; })"


@pytest.fixture
def page(chromium: Browser, house: Watched, cookies: list[dict[str, str]]) -> Iterator[Page]:
    """A list whose order is another with every answer after the first."""
    context = context_of(chromium, cookies)
    one = context.new_page()
    one.goto(f"{house.url}/sites")
    other = context.new_page()

    def turn(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=other.evaluate(TURNED, answer.text()))

    one.route("**/sites", turn)
    one.evaluate(TURNS)
    yield one
    context.close()


def test_given_a_press_then_the_page_waits_for_the_release_and_the_click_goes_where_it_was_meant(page: Page) -> None:
    box = page.locator("main tbody tr a").nth(3).bounding_box()
    assert box
    point = [box["x"] + 5, box["y"] + 5]
    page.mouse.move(*point)
    page.mouse.down()
    wanted, turned = page.evaluate(PRESSED, point)
    page.evaluate(REFRESH)
    page.wait_for_timeout(1500)  # as long as a slow hand holds a button
    assert page.evaluate("window.turned || 0") == turned
    page.mouse.up()
    page.wait_for_url("**/sites/*")
    assert urlsplit(page.url).path == wanted


def test_given_a_chosen_row_that_moved_then_it_is_the_chosen_one_where_it_stands_now(page: Page) -> None:
    for _ in range(3):
        page.keyboard.press("j")
    chosen = page.locator("tr.chosen").get_attribute("data-href")
    page.evaluate(f"window.turned = 0; {REFRESH}")
    page.wait_for_function("() => window.turned")
    assert page.locator("tr.chosen").get_attribute("data-href") == chosen
    assert page.evaluate("document.activeElement.dataset.href") == chosen


def test_given_a_list_that_grew_above_what_is_read_then_that_stays_where_it_is(page: Page) -> None:
    page.evaluate("scrollTo(0, 900)")
    read, top = page.evaluate(READ)
    page.evaluate(f"window.turned = 0; {REFRESH}")
    page.wait_for_function("() => window.turned")
    now = page.evaluate("read => document.querySelector(`tr[data-href='${read}']`).getBoundingClientRect().top", read)
    assert abs(now - top) < 2

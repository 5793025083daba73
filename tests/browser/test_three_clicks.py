"""From the wallboard to the packet and the poll that caused an incident: three activations at most, by mouse or keys."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.browser.faults import ROUTER, SPEAKER, Shown
from tests.browser.house import Watched
from tests.browser.looking import context_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
MOST = 3


class Walk:
    """A walk over pages that counts what was activated on the way."""

    def __init__(self, page: Page, *, keys: bool) -> None:
        self.page = page
        self.activated = 0
        self._keys = keys

    def go(self, link: Locator, key: str, address: str) -> None:
        """Follow `link`: with the mouse, or by the keyboard alone, where `key` does what a click does."""
        link.wait_for()
        if not self._keys:
            link.click()
        elif key == "Enter":
            self._reach(link)
            self.page.keyboard.press("Enter")
        else:
            self.page.keyboard.press(key)
        self.activated += 1
        self.page.wait_for_url(re.compile(address))
        assert self.activated <= MOST

    def _reach(self, link: Locator) -> None:
        """`j` goes through the incidents of the wallboard."""
        wanted = link.get_attribute("href")
        for _ in range(20):
            self.page.keyboard.press("j")
            if self.page.evaluate("document.activeElement.getAttribute('href')") == wanted:
                return
        raise AssertionError(f"the keyboard does not reach {wanted}")


@pytest.fixture(params=["wall", "desk", "phone"])
def context(
    request: pytest.FixtureRequest, faulted: Watched, chromium: Browser, cookies: list[dict[str, str]]
) -> Iterator[BrowserContext]:
    one = context_of(chromium, cookies, size=request.param)
    yield one
    one.close()


@pytest.fixture(params=["mouse", "keys"])
def walk(request: pytest.FixtureRequest, faulted: Watched, context: BrowserContext) -> Walk:
    page = context.new_page()
    page.goto(f"{faulted.url}/wall")
    return Walk(page, keys=request.param == "keys")


def test_given_an_incident_on_the_wall_then_its_packet_is_three_activations_away(walk: Walk, shown: Shown) -> None:
    page, number = walk.page, shown.numbers[0]
    walk.go(page.locator(f"#faults a[href='/incidents/{number}']"), "Enter", f"/incidents/{number}$")
    walk.go(page.locator("#why .heard a").first, "h", r"/notices/\d+$")
    said = page.inner_text("main")
    assert "%LINK-3-UPDOWN" in said and "changed state to down" in said and SPEAKER in said
    assert re.search(r"\d\d:\d\d:\d\d EAT", said), "when, to the second"
    assert re.search(r"127\.\d+\.\d+\.\d+", said), "from where"


def test_given_an_incident_on_the_wall_then_the_polls_that_failed_are_three_activations_away(
    walk: Walk, shown: Shown
) -> None:
    page, number = walk.page, shown.numbers[1]
    walk.go(page.locator(f"#faults a[href='/incidents/{number}']"), "Enter", f"/incidents/{number}$")
    walk.go(page.locator("#why a[data-press=p]"), "p", rf"/devices/{ROUTER}\?from=[^#]*#polls$")
    row = page.locator("#polled tbody tr").first
    row.wait_for()
    assert re.search(r"\d\d:\d\d:\d\d", row.inner_text()), "when, to the second"
    assert page.locator("#polls").bounding_box()["y"] < page.viewport_size["height"]  # type: ignore[index]


def test_given_a_screen_that_may_not_enter_then_whoever_logs_in_there_comes_to_the_incident(
    faulted: Watched, chromium: Browser, shown: Shown
) -> None:
    address = re.search(r"http\S+", faulted.noc("display", "add", "corridor", "--language", "en").stdout)
    assert address
    page = chromium.new_page()
    try:
        page.goto(address[0])
        page.locator(f"#faults a[href='/incidents/{shown.numbers[0]}']").click()
        page.get_by_role("link", name="Log in").click()
        assert page.url.endswith(f"/login?next=%2Fincidents%2F{shown.numbers[0]}")
    finally:
        page.close()

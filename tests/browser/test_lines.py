"""What keeps pages live in a real Chromium: one line for all windows, which is handed on, and missed when it falls silent."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.house import Watched
from tests.browser.looking import context_of
from tests.browser.proxy import Proxy, proxy
from tests.patience import HANGS_S, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TABS = 8  # browsers keep six connections to a server
WITHIN_MS = 1000 * HANGS_S
LIVE = "/live"
HIDDEN = """Object.defineProperty(document, 'hidden', {get: () => true, configurable: true});
    document.dispatchEvent(new Event('visibilitychange'))"""
IMPATIENT = "document.addEventListener('readystatechange', () => { document.body.dataset.silentS = 3; })"
NO_WORKER = "delete window.SharedWorker"
BROKEN_WORKER = """window.SharedWorker = class {
    port = new MessageChannel().port1;
    constructor() { setTimeout(() => this.onerror && this.onerror(), 1); }
}"""


@pytest.fixture
def way(house: Watched) -> Iterator[Proxy]:
    with proxy(house.url) as found:
        yield found


@pytest.fixture
def context(chromium: Browser, cookies: list[dict[str, str]]) -> Iterator[BrowserContext]:
    found = context_of(chromium, cookies)
    yield found
    found.close()


@pytest.fixture
def plan(house: Watched) -> Callable[[str], str]:
    """Plans work of that name, which open pages of planned work then show."""

    def planned(name: str) -> str:
        house.noc("maintenance", "add", "--device", "lga-kondoa-tc-r1", "--for", "1h", "--reason", name)
        return name

    return planned


def opened(context: BrowserContext, url: str) -> Page:
    page = context.new_page()
    page.goto(f"{url}/windows")
    return page


def shows(page: Page, text: str) -> None:
    expect(page.get_by_text(text).first).to_be_visible(timeout=WITHIN_MS)


def test_given_eight_windows_then_all_are_live_by_one_line_and_it_is_handed_on(
    context: BrowserContext, way: Proxy, plan: Callable[[str], str]
) -> None:
    pages = [opened(context, way.url) for _ in range(TABS)]
    wait_until("the line stands", lambda: way.answering(LIVE), 20)
    text = plan("eight windows")
    for page in pages:
        shows(page, text)
    assert way.answering(LIVE) == 1

    pages.pop(0).close()
    context.new_cdp_session(pages[0]).send("Page.setWebLifecycleState", {"state": "frozen"})
    text = plan("the first is closed and the second frozen")
    for page in pages[1:]:
        shows(page, text)
    assert way.answering(LIVE) == 1

    for page in pages[1:]:
        page.evaluate(HIDDEN)
    pages[0].close()
    wait_until("hidden windows keep no line", lambda: not way.answering(LIVE), 60)


@pytest.mark.parametrize("without", [NO_WORKER, BROKEN_WORKER])
def test_given_nothing_to_share_a_line_by_then_each_window_has_its_own(
    context: BrowserContext, way: Proxy, plan: Callable[[str], str], without: str
) -> None:
    context.add_init_script(without)
    pages = [opened(context, way.url) for _ in range(2)]
    wait_until("each has its line", lambda: way.answering(LIVE) == 2, 20)
    text = plan(f"nothing to share {len(without)}")
    for page in pages:
        shows(page, text)


def test_given_a_line_that_stays_open_and_falls_silent_then_the_page_says_so_and_comes_back(
    context: BrowserContext, way: Proxy, plan: Callable[[str], str]
) -> None:
    context.add_init_script(IMPATIENT)
    page = opened(context, way.url)
    shows(page, plan("before the silence"))
    expect(page.locator(".not-live")).to_have_count(0, timeout=WITHIN_MS)

    way.flowing.clear()
    expect(page.locator(".not-live")).to_contain_text("not live since", timeout=WITHIN_MS)
    expect(page.locator("html")).to_have_class(re.compile(r"\blost\b"))
    text = plan("during the silence")

    way.flowing.set()
    shows(page, text)
    expect(page.locator(".not-live")).to_have_count(0, timeout=WITHIN_MS)

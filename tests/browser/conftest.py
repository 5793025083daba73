"""A real Chromium and a whole house, once for all tests of the browser."""

import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.browser.entrance import log_in
from tests.browser.faults import PACKET, SPEAKER, Shown, play
from tests.browser.house import Watched, watched
from tests.browser.looking import context_of
from tests.browser.witness import pictures
from tests.noc.stage import has_loopback_net
from tests.patience import HANGS_S

playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = shutil.which("chromium")
OPEN = pytest.StashKey[tuple["playwright.Browser", Path]]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What was open when a test failed."""
    report = yield
    browser, place = item.config.stash.get(OPEN, (None, Path()))
    if report.failed and browser is not None and browser.is_connected():
        report.sections += pictures(browser, place, item.nodeid)
    return report


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    if not has_loopback_net():
        pytest.skip("needs all of 127/8")
    with watched(tmp_path_factory.mktemp("house") / "net") as one:
        yield one


@pytest.fixture(scope="session")
def chromium(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator["playwright.Browser"]:
    if CHROMIUM is None:
        pytest.skip("Debian's chromium is not installed")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], timeout=HANGS_S * 1000
        )
        playwright.expect.set_options(timeout=HANGS_S * 1000)
        pytestconfig.stash[OPEN] = browser, tmp_path_factory.getbasetemp() / "pictures"
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def cookies(house: Watched, chromium: "playwright.Browser") -> list[dict[str, str]]:
    """Of the administrator whom the link from the terminal makes."""
    return log_in(chromium, house)


@pytest.fixture(scope="session")
def shown(house: Watched, chromium: "playwright.Browser", cookies: list[dict[str, str]]) -> Shown:
    """Both faults have happened, in front of an open wallboard."""
    context = context_of(chromium, cookies, size="wall")
    page = context.new_page()
    page.goto(f"{house.url}/wall")
    page.wait_for_function("() => document.querySelector('#fresh time[data-age]')")
    house.hear(PACKET, SPEAKER)
    found = play(house, page)
    context.close()
    return found


@pytest.fixture(scope="session")
def faulted(house: Watched, shown: Shown) -> Watched:
    """The house after both faults."""
    assert len(shown.numbers) >= 2
    return house

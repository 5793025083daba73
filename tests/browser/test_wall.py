"""Two faults watched on the wallboard: one incident each, with the right root, in time."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.browser.faults import CABLE, ROUTER, Shown, numbers_on
from tests.browser.house import Watched
from tests.browser.looking import Looked, context_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


STARVED_S = 1.0
FRESH = """before => { const time = document.querySelector('#fresh time[data-age]');
    return time && time.dateTime > before ? time.dateTime : null; }"""


@pytest.fixture
def context(chromium: Browser, cookies: list[dict[str, str]]) -> Iterator[BrowserContext]:
    """Of a wallboard; closed after the test, so that a picture can be taken of what failed."""
    found = context_of(chromium, cookies, size="wall")
    yield found
    found.close()


def test_given_two_faults_then_the_wallboard_shows_one_incident_each_with_its_root(
    shown: Shown,
) -> None:
    cable, router = shown.numbers
    assert any(CABLE in key or "eassy" in key for key in shown.roots[cable])
    assert shown.roots[router] == [ROUTER]
    if shown.kept_back_s < STARVED_S:  # else the lab itself was down now and then, and that was told, too
        assert list(shown.roots) == [cable, router]
    print(f"on the wall after {shown.after_s[0]:.1f} s and {shown.after_s[1]:.1f} s")


def test_given_the_wall_after_the_faults_then_its_counts_add_up_and_nothing_of_it_scrolls(
    context: BrowserContext, faulted: Watched
) -> None:
    looked = Looked(context.new_page(), faulted.url)
    looked.listen()
    looked.visit("/wall")
    looked.judge(fits_height=True)
    assert not looked.wrong
    states = faulted.json("site", "status")["sites"]
    members = [one for one in states if one["labels"]["kind"] in ("mda", "lga")]
    assert str(len(members)) in looked.page.inner_text("body")


def test_given_a_restart_of_the_web_then_an_open_wallboard_goes_on(context: BrowserContext, faulted: Watched) -> None:
    page = context.new_page()
    page.goto(f"{faulted.url}/wall")
    before = page.wait_for_function(FRESH, arg="").json_value()
    assert numbers_on(page)
    faulted.restart_web()
    after = page.wait_for_function(FRESH, arg=before).json_value()
    page.wait_for_function(FRESH, arg=after)  # and the next news, too, come to it by themselves
    assert "w-lost" not in (page.get_attribute("body", "class") or "")
    assert numbers_on(page)

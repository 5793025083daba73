"""Two faults watched on the wallboard: one incident each, with the right root, in time."""

import pytest
from playwright.sync_api import Browser

from tests.browser.faults import CABLE, ROUTER, Shown, numbers_on
from tests.browser.house import Watched
from tests.browser.looking import Looked, context_of

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_given_two_faults_then_the_wallboard_shows_one_incident_each_with_its_root(
    shown: Shown,
) -> None:
    cable, router = shown.numbers
    assert any(CABLE in key or "eassy" in key for key in shown.roots[cable])
    assert shown.roots[router] == [ROUTER]
    assert list(shown.roots) == [cable, router]
    print(f"on the wall after {shown.after_s[0]:.1f} s and {shown.after_s[1]:.1f} s")


def test_given_the_wall_after_the_faults_then_its_counts_add_up_and_nothing_of_it_scrolls(
    chromium: Browser, faulted: Watched, cookies: list[dict[str, str]]
) -> None:
    context = context_of(chromium, cookies, size="wall")
    try:
        looked = Looked(context.new_page(), faulted.url)
        looked.listen()
        looked.visit("/wall")
        looked.judge(fits_height=True)
        assert not looked.wrong
        states = faulted.json("site", "status")["sites"]
        members = [one for one in states if one["labels"]["kind"] in ("mda", "lga")]
        assert str(len(members)) in looked.page.inner_text("body")
    finally:
        context.close()


def test_given_a_restart_of_the_web_then_an_open_wallboard_goes_on(
    chromium: Browser, faulted: Watched, cookies: list[dict[str, str]]
) -> None:
    context = context_of(chromium, cookies, size="wall")
    try:
        page = context.new_page()
        page.goto(f"{faulted.url}/wall")
        page.wait_for_timeout(500)
        assert numbers_on(page)
        faulted.restart_web()
        page.wait_for_timeout(30_000)  # longer than a wallboard waits before it says that nothing comes
        assert "w-lost" not in (page.get_attribute("body", "class") or "")
        assert numbers_on(page)
    finally:
        context.close()

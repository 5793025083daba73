"""The charts of a link in a real Chromium: zoom, move, back, keys, files of what is seen, and that nothing complains."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.house import Watched
from tests.browser.looking import Looked, context_of, patient

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
LINK = "/links/up-seacom-1"
EAT = ZoneInfo("Africa/Dar_es_Salaam")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def looked(chromium: Browser, faulted: Watched, cookies: list[dict[str, str]]) -> Iterator[Looked]:
    context = context_of(chromium, cookies)
    found = Looked(context.new_page(), faulted.url)
    found.listen()
    found.visit(LINK)
    drawn(found.page)
    yield found
    context.close()


def drawn(page: Page) -> None:
    """Every panel is drawn and what was asked for is there."""
    page.wait_for_function(
        "() => document.querySelectorAll('.charts .u-over').length >= 3"
        " && document.querySelector('.charts').getAttribute('aria-busy') === 'false'"
    )


def range_of(page: Page) -> tuple[str, str]:
    query = parse_qs(urlsplit(page.url).query)
    return query.get("from", [""])[0], query.get("to", [""])[0]


def box_of(page: Page) -> dict[str, float]:
    box = page.locator(".u-over").first.bounding_box()
    assert box is not None
    return dict(box)


def drag(page: Page, low: float, high: float) -> None:
    """From one share of the plot's width to another."""
    box = box_of(page)
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + low * box["width"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + high * box["width"], middle, steps=5)
    page.mouse.up()


def test_given_a_drag_then_the_range_in_the_address_is_what_was_dragged_over_and_back_is_the_day(
    looked: Looked,
) -> None:
    page = looked.page
    drag(page, 0.25, 0.5)
    page.wait_for_url(re.compile(r"from="))
    drawn(page)
    start, end = range_of(page)
    assert start < end
    page.get_by_role("button", name="back", exact=True).click()
    page.wait_for_url(lambda url: "from=" not in url)
    drawn(page)
    assert page.locator("[data-range='24h'][aria-current]").count() == 1
    assert not looked.wrong


def test_given_a_drag_with_shift_then_the_range_moves_and_is_as_long(looked: Looked) -> None:
    page = looked.page
    drag(page, 0.4, 0.6)
    page.wait_for_url(re.compile(r"from="))
    drawn(page)
    before = range_of(page)
    page.keyboard.down("Shift")
    drag(page, 0.3, 0.7)
    page.keyboard.up("Shift")
    page.wait_for_url(lambda url: range_of_address(url) != before)
    drawn(page)
    assert range_of(page)[0] < before[0]
    assert not looked.wrong


def range_of_address(url: str) -> tuple[str, str]:
    query = parse_qs(urlsplit(url).query)
    return query.get("from", [""])[0], query.get("to", [""])[0]


def test_given_the_keyboard_then_values_are_read_and_the_range_narrows(looked: Looked) -> None:
    page = looked.page
    plot = page.locator("[data-plot]").first
    plot.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    said = page.locator("[data-reading]").first
    assert re.search(r"\d{2}:\d{2} EAT .*in .*b/s.*out .*b/s", said.inner_text().replace("\n", " "))
    assert page.locator("[data-reading]").nth(1).inner_text(), "the other panels read the same instant"
    page.keyboard.press("+")
    page.wait_for_url(re.compile(r"from="))
    drawn(page)
    assert not looked.wrong


def test_given_the_address_of_what_is_seen_then_it_shows_the_same_again(looked: Looked) -> None:
    page = looked.page
    drag(page, 0.25, 0.5)
    page.wait_for_url(re.compile(r"from="))
    drawn(page)
    asked = range_of(page)
    page.reload()
    drawn(page)
    assert range_of(page) == asked
    assert page.input_value("input[name=from]") == asked[0][:16].replace("T", " ")


def test_given_what_is_seen_then_it_is_saved_as_numbers_and_as_a_picture(looked: Looked, tmp_path: Path) -> None:
    page = looked.page
    drag(page, 0.25, 0.5)
    page.wait_for_url(re.compile(r"from="))
    drawn(page)
    start, end = range_of(page)
    with page.expect_download() as numbers:
        page.get_by_role("link", name="CSV").click()
    numbers.value.save_as(tmp_path / "seen.csv")
    text = (tmp_path / "seen.csv").read_text(encoding="utf-8-sig")
    assert f"# range,{start},{end}" in text
    assert "Africa/Dar_es_Salaam" in text
    with page.expect_download() as picture:
        page.get_by_role("button", name="PNG").click()
    picture.value.save_as(tmp_path / "seen.png")
    assert (tmp_path / "seen.png").read_bytes().startswith(PNG)
    assert (tmp_path / "seen.png").stat().st_size > 5000
    assert not looked.wrong


def test_given_a_phone_then_every_range_is_drawn_without_scrolling_sideways(
    chromium: Browser, faulted: Watched, cookies: list[dict[str, str]]
) -> None:
    context = context_of(chromium, cookies, size="phone", theme="light", language="sw")
    found = Looked(context.new_page(), faulted.url)
    found.listen()
    for word in ("1h", "7d", "1y", "10y"):
        found.visit(f"{LINK}?range={word}&lang=sw")
        drawn(found.page)
        found.judge()
    assert not found.wrong
    context.close()


@pytest.fixture
def phone(chromium: Browser, faulted: Watched, cookies: list[dict[str, str]]) -> Iterator[Looked]:
    context = context_of(chromium, cookies, size="phone", touch=True)
    found = Looked(context.new_page(), faulted.url)
    found.listen()
    found.visit(LINK)
    drawn(found.page)
    found.page.locator(".u-over").first.scroll_into_view_if_needed()
    yield found
    context.close()


def fingers(page: Page, *ways: tuple[float, float], down: float = 0.0) -> None:
    """Each from one share of the plot's width to another at the same time, and `down` so many pixels."""
    box, wire = box_of(page), page.context.new_cdp_session(page)
    for part in range(6):
        points = [
            {
                "id": number,
                "x": box["x"] + (low + (high - low) * part / 5) * box["width"],
                "y": box["y"] + box["height"] / 2 + down * part / 5,
            }
            for number, (low, high) in enumerate(ways)
        ]
        wire.send("Input.dispatchTouchEvent", {"type": "touchMove" if part else "touchStart", "touchPoints": points})
    wire.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def length_s(page: Page) -> float:
    start, end = (datetime.fromisoformat(one) for one in range_of(page))
    return (end - start).total_seconds()


def test_given_one_finger_sideways_then_the_range_moves_and_up_and_down_the_page_scrolls(phone: Looked) -> None:
    page = phone.page
    fingers(page, (0.3, 0.8))
    page.wait_for_url(re.compile(r"from="))
    drawn(page)
    assert abs(length_s(page) - 86400) <= 120
    moved = datetime.fromisoformat(range_of(page)[1]) - datetime.now(EAT).replace(tzinfo=None)
    assert -0.6 * 86400 < moved.total_seconds() < -0.4 * 86400, "half a day earlier, as the finger went"
    before = range_of(page)
    fingers(page, (0.5, 0.52), down=-150)
    page.wait_for_function("() => scrollY > 0")
    assert range_of(page) == before, "the page was scrolled, the charts stayed"
    assert not phone.wrong


def test_given_two_fingers_then_what_they_hold_stays_under_them_and_a_tap_reads(phone: Looked) -> None:
    page = phone.page
    fingers(page, (0.4, 0.1), (0.6, 0.9))
    page.wait_for_url(re.compile(r"from="))
    drawn(page)
    assert abs(length_s(page) - 86400 / 4) <= 600, "four times as far apart"
    page.get_by_role("button", name="back", exact=True).tap()
    page.locator("[data-range='24h'][aria-current]").wait_for()
    page.locator(".u-over").first.tap()
    page.locator("[data-reading]").first.filter(has_text="b/s").wait_for()
    assert not phone.wrong


def test_given_no_scripts_then_numbers_and_ranges_are_there(
    chromium: Browser, faulted: Watched, cookies: list[dict[str, str]]
) -> None:
    context = patient(chromium.new_context(java_script_enabled=False))
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(faulted.url + LINK)
    page.get_by_text("in numbers").click()
    assert page.locator(".charts-tables tbody tr").count() >= 24
    page.locator("[data-range='7d']").click()
    assert "range=7d" in page.url
    assert not page.locator(".chart").first.is_visible()
    context.close()

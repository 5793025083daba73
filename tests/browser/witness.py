"""What a browser has open when a test fails: its address, its words, and a picture of it, kept beside the test's files."""

import re
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Error, Page

WORDS, PICTURE_MS = 1500, 10_000
_NO_NAME: Final = re.compile(r"[^\w-]+")


def pictures(browser: Browser, place: Path, test: str) -> list[tuple[str, str]]:
    """Headline and text of every page that is open; its picture is in `place`. What cannot be had is said instead."""
    place.mkdir(parents=True, exist_ok=True)
    name = _NO_NAME.sub("-", test).strip("-")[-120:]
    pages = [page for context in browser.contexts for page in context.pages]
    return [_told(page, place / f"{name}-{number}.png") for number, page in enumerate(pages, 1)]


def _told(page: Page, picture: Path) -> tuple[str, str]:
    try:
        page.screenshot(path=picture, timeout=PICTURE_MS)
        words = " ".join(page.inner_text("body", timeout=PICTURE_MS).split())
    except Error as error:
        return f"page {page.url}", f"no picture: {error.message[:300]}"
    return f"page {page.url}", f"{picture}\n{words[:WORDS]}"

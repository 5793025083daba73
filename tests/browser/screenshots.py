"""The pictures of README and docs: a lab of 149 sites with a month behind it, EASSy cut, Mbeya's router dead.

python -m tests.browser.screenshots docs/pictures [PART...]     # PART: only pictures whose name holds one of these
"""

import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any, Final, NamedTuple

from playwright.sync_api import Browser, sync_playwright

from tests.browser.entrance import log_in
from tests.browser.faults import play
from tests.browser.house import Watched, watched
from tests.browser.looking import context_of


class Picture(NamedTuple):
    """`name` of the file; `whole`: all of the page, not the first screen alone."""

    name: str
    address: str
    size: str = "desk"
    theme: str = "dark"
    language: str = "en"
    whole: bool = False


PICTURES: Final = (
    Picture("wall", "/wall", "wall"),
    Picture("wall-sw-light", "/wall", "wall", "light", "sw"),
    Picture("link", "/links/up-seacom-1"),
    Picture("incident", "/incidents/2"),
    Picture("iru", "/iru"),
)


def take(browser: Browser, house: Watched, cookies: list[Any], picture: Picture, folder: Path) -> None:
    context = context_of(browser, cookies, size=picture.size, theme=picture.theme, language=picture.language)
    page = context.new_page()
    page.goto(f"{house.url}{picture.address}?lang={picture.language}")
    page.wait_for_timeout(1500)
    page.screenshot(path=folder / f"{picture.name}.png", full_page=picture.whole)
    context.close()


def main(words: list[str]) -> int:
    folder, parts = Path(words[0]), words[1:]
    folder.mkdir(parents=True, exist_ok=True)
    chosen = [one for one in PICTURES if not parts or any(part in one.name for part in parts)]
    place = Path(tempfile.mkdtemp(prefix="noc-pictures-"))
    try:
        with watched(place / "net") as house, sync_playwright() as running:
            browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            cookies = log_in(browser, house)
            context = context_of(browser, cookies, size="wall")
            wall = context.new_page()
            wall.goto(f"{house.url}/wall")
            play(house, wall)
            context.close()
            for picture in chosen:
                take(browser, house, cookies, picture, folder)
                print(folder / f"{picture.name}.png")
            browser.close()
    finally:
        shutil.rmtree(place, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

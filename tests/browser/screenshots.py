"""The pictures of README and docs: a lab of 149 sites with a month behind it, EASSy cut, Mbeya's router dead.

python -m tests.browser.screenshots docs/pictures [PART...]     # PART: only pictures whose name holds one of these
"""

import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from PIL import Image
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
    Picture("wall-phone", "/wall", "phone"),
    Picture("start", "/"),
    Picture("search", "/search?q=mbeya"),
    Picture("regions", "/regions"),
    Picture("region", "/regions/Mbeya"),
    Picture("sites", "/sites"),
    Picture("site", "/sites/lga-mbeya-cc"),
    Picture("devices", "/devices?q=state%21%3Dup"),
    Picture("device", "/devices/dod-pe-1"),
    Picture("interface", "/devices/dar-edge-1/interfaces/xe-0/0/0"),
    Picture("links", "/links"),
    Picture("link", "/links/up-seacom-1?range=7d"),
    Picture("link-phone", "/links/up-seacom-1", "phone", "light", "sw"),
    Picture("circuits", "/circuits"),
    Picture("circuit", "/circuits/iru-eassy-1"),
    Picture("providers", "/providers"),
    Picture("provider", "/providers/eassy"),
    Picture("incidents", "/incidents"),
    Picture("incident", "/incidents/2"),
    Picture("windows", "/windows"),
    Picture("window", "/windows/1"),
    Picture("silences", "/silences"),
    Picture("maintenance", "/maintenance"),
    Picture("oncall", "/oncall", "desk", "light", "sw"),
    Picture("notices", "/notices"),
    Picture("notice", "/notices/1"),
    Picture("services", "/services"),
    Picture("service", "/services/gms"),
    Picture("iru", "/iru"),
    Picture("contract", "/iru/eassy-iru"),
    Picture("iru-ledger", "/iru/ledger"),
    Picture("iru-requests", "/iru/requests"),
    Picture("iru-request", "/iru/requests/1"),
    Picture("iru-request-new", "/iru/requests/new"),
    Picture("what-if", "/iru/what-if?lose=eassy"),
    Picture("reports", "/reports"),
    Picture("report", "/reports/sla/2026-10"),
    Picture("noc", "/noc"),
    Picture("inventory", "/inventory"),
    Picture("api", "/api"),
    Picture("login", "/login"),
    Picture("account", "/account"),
    Picture("accounts", "/accounts"),
    Picture("account-of", "/accounts/asha"),
    Picture("tokens", "/tokens"),
    Picture("displays", "/displays"),
    Picture("audit", "/audit"),
)
COLOURS: Final = 96  # of a picture: flat surfaces need no more, and it is a fifth of the size


def take(browser: Browser, house: Watched, cookies: list[Any], picture: Picture, folder: Path) -> None:
    context = context_of(browser, cookies, size=picture.size, theme=picture.theme, language=picture.language)
    page = context.new_page()
    mark = "&" if "?" in picture.address else "?"
    page.goto(f"{house.url}{picture.address}{mark}lang={picture.language}")
    page.wait_for_timeout(2000)
    taken = Image.open(BytesIO(page.screenshot(full_page=picture.whole)))
    taken.convert("RGB").quantize(COLOURS).save(folder / f"{picture.name}.png", optimize=True)
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

"""Two faults in the lab, one after the other, as a wallboard shows them: EASSy is cut, then Mbeya's regional router dies."""

import time
from dataclasses import dataclass, field

from playwright.sync_api import Page

from tests.browser.house import Watched
from tests.patience import wait_until
from tests.stalls import stalls

CABLE, ROUTER = "up-eassy-1", "mbe-pe-1"
SPEAKER = "dar-edge-2"  # what the cable ends on, and what it says as the cable goes
PACKET = f"<187>Nov 22 12:00:00 {SPEAKER} %LINK-3-UPDOWN: xe-0/0/0, changed state to down"


@dataclass
class Shown:
    """What the wallboard showed: incident numbers in the order they came, and how long each took, seconds.

    `roots`: of every incident that there was then, the keys of its roots.
    """

    numbers: list[int] = field(default_factory=list)
    after_s: list[float] = field(default_factory=list)
    roots: dict[int, list[str]] = field(default_factory=dict)
    kept_back_s: float = 0.0  # the longest time in which the machine let nobody run: the lab answers nobody meanwhile


def numbers_on(wall: Page) -> list[int]:
    """The open incidents that stand on the wallboard, as it is, without loading it again."""
    links = wall.eval_on_selector_all("a[href*='/incidents/']", "all => all.map(one => one.getAttribute('href'))")
    found = [link.partition("/incidents/")[2].partition("?")[0] for link in links]
    return sorted({int(number) for number in found if number.isdigit()})


def play(house: Watched, wall: Page) -> Shown:
    """Both faults; the second when the first has been told."""
    shown = Shown()
    with stalls() as kept_back:
        for words in (("link_down", CABLE), ("device_down", ROUTER)):
            number, after_s = _play(house, wall, words)
            shown.numbers += number
            shown.after_s.append(after_s)
    shown.roots, shown.kept_back_s = _roots(house), kept_back.worst_s()
    return shown


def _play(house: Watched, wall: Page, words: tuple[str, ...]) -> tuple[list[int], float]:
    before, key = set(numbers_on(wall)), words[-1]
    began = time.monotonic()
    house.noc("lab", "do", *words)

    def told() -> list[int]:
        new = set(numbers_on(wall)) - before
        return [number for number, roots in _roots(house).items() if number in new and _of(key, roots)] if new else []

    new = wait_until(f"{' '.join(words)} on the wall", told, 60)
    return sorted(new), time.monotonic() - began


def _of(key: str, roots: list[str]) -> bool:
    return any(key in root or (key == CABLE and "eassy" in root) for root in roots)


def _roots(house: Watched) -> dict[int, list[str]]:
    """Number -> keys of the roots, of every incident in the order they came."""
    told = sorted(house.json("incident", "list")["incidents"], key=lambda one: int(one["number"]))
    return {one["number"]: [root["key"] for root in one["roots"]] for one in told}

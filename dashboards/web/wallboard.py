"""The wallboard as it is drawn once for all displays of a language: its parts as text, and as the bytes that are sent."""

import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Collection, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, fields
from typing import Any, Final

from dashboards.page import sound
from dashboards.wall.map import Tile
from dashboards.wall.memory import Memory
from dashboards.wall.view import Wall, wall_of
from dashboards.wall.words import channels, failures, left, spark_path
from dashboards.web import marks
from dashboards.web.frame import Stationery
from dashboards.web.house import House
from dashboards.web.live import BEAT, RETRY, Hub, event, lasting
from dashboards.web.refusal import Away
from dashboards.web.sight.sight import Sight
from dashboards.web.sources.pulse import Versions
from dashboards.web.viewer import RIGHTS, Role, Viewer
from inventory.status import DaemonMark

PARTS: Final = tuple(one.name for one in fields(Wall))
AGED: Final = frozenset({"fresh", "faults", "gauges", "banner"})  # texts that grow old though nothing changed
AGAIN_S: Final = 10.0
IDLE_S: Final = 5.0  # without a display that listens, a text may be so old
TRIES: Final = 4
TRY_S: Final = 0.15
ONLOOKER: Final = Viewer("wall", Role.DISPLAY, RIGHTS[Role.DISPLAY])


@dataclass(frozen=True, slots=True)
class Part:
    """`serial`: of the drawing in which it last changed."""

    content: Any
    text: str
    serial: int


@dataclass(frozen=True)
class Drawing:
    """All parts as they were drawn together. `sent`: what goes to those who have seen an earlier one, by its serial."""

    serial: int
    parts: Mapping[str, Part]
    sent: dict[int, bytes] = field(default_factory=dict)


class Wallboard:
    """Of one language. Drawn by one thread at a time; those who listen hold nothing but a serial number."""

    def __init__(self, house: House, stationery: Stationery, hub: Hub, language: str) -> None:
        self._house, self._hub, self._language = house, hub, language
        self._templates = stationery.templates(language)
        self._build = stationery.assets.build
        gettext = stationery.languages[language].gettext
        severities = {**marks.severities(gettext), "unknown": gettext("unknown")}
        words = {
            "states": marks.states(gettext),
            "marks": severities,
            "failures": failures(gettext),
            "channels": channels(gettext),
        }
        self._tiles: dict[tuple[str, str], tuple[Tile, str]] = {}
        self._around: dict[str, Any] = {"language": language, "words": words, "left": left, "spark": spark_path}
        self._around["tile_drawn"] = self._tile
        self._memory = Memory()
        self._turn = threading.Lock()
        self._born = f"{round(house.clock() * 1000):x}"
        self._versions: Versions | None = None
        self._mark: DaemonMark | None = None
        self._drawn_at = 0.0
        self._task: asyncio.Task[None] | None = None
        self._bell: asyncio.Future[None] | None = None
        self._rung = 0
        self.listeners = 0
        self.drawing = Drawing(0, {})

    def page(self) -> tuple[str, Mapping[str, Any]]:
        """(seen, parts as markup): drawn again if anything may be new. Blocks. Raises Away where there is no inventory."""
        versions = self._house.pulse.look()
        with self._turn:
            old = self._house.clock() - self._drawn_at
            if versions != self._versions or not 0 <= old < IDLE_S:
                self._draw(versions, every=True)
            drawing = self.drawing
        return self._word(drawing), {name: sound(part.text) for name, part in drawing.parts.items()}

    async def follow(self, seen: str = "") -> AsyncGenerator[bytes, None]:
        """Events of /wall/live: "wall" with the parts that changed, the newest only; "beat" when none did for a while."""
        self.listeners += 1
        try:
            yield RETRY + event("build", self._build)
            last, loop = self._last(seen), asyncio.get_running_loop()
            until = loop.time() + lasting()
            while not self._hub.ending.is_set() and (left := until - loop.time()) > 0:
                if self._task is None or self._task.done():
                    self._task = asyncio.create_task(self._drawing())
                drawing = self.drawing
                if drawing.serial > last:
                    news, last = self._since(drawing, last), drawing.serial
                    yield news  # while it is being taken there may be newer ones
                elif not (await asyncio.wait([self._next()], timeout=min(left, AGAIN_S)))[0]:
                    yield BEAT
        finally:
            self.listeners -= 1

    def _last(self, seen: str) -> int:
        born, _, serial = seen.partition(".")
        ours = born == self._born and serial.isdecimal() and len(serial) < 12
        return min(int(serial), self.drawing.serial) if ours else 0

    def _word(self, drawing: Drawing) -> str:
        """What whoever shows this drawing has seen: it hears of what is newer only."""
        return f"{self._born}.{drawing.serial}"

    async def _drawing(self) -> None:
        """As long as anybody listens: a change is drawn once, and everybody is woken."""
        async with aclosing(self._hub.follow(lasts_s=float("inf"), again_s=AGAIN_S)) as following:
            async for versions in following:
                if not self.listeners:
                    return
                for _ in range(TRIES):
                    whole = await asyncio.to_thread(self._drawn, versions)
                    if self.drawing.serial != self._rung:  # whoever drew it
                        self._rung = self.drawing.serial
                        self._ring()
                    if whole:
                        break
                    await asyncio.sleep(TRY_S)
        self._ring()

    def _next(self) -> asyncio.Future[None]:
        if self._bell is None or self._bell.done():
            self._bell = asyncio.get_running_loop().create_future()
        return self._bell

    def _ring(self) -> None:
        if self._bell is not None and not self._bell.done():
            self._bell.set_result(None)

    def _drawn(self, versions: Versions) -> bool:
        """Whether what the daemon wrote is in it: while somebody else reads that, the state before is told."""
        with self._turn:
            before = self._mark, self._versions
            try:
                self._draw(versions, every=False)
            except Away:
                return True  # no inventory: what is shown grows old, and says so
            same = before[1] is not None and before[1].status == versions.status
            return same or self._mark is None or self._mark != before[0]

    def _draw(self, versions: Versions, *, every: bool) -> None:
        """Under the turn. `every`: also texts in which an age stands, though nothing changed."""
        sight = Sight(self._house, ONLOOKER)
        scene = sight.wall.scene(self._language, self._memory)
        self._mark, wall = scene.mark, wall_of(scene)
        self._forget({(one.plot.region, one.plot.code) for one in wall.map.tiles})
        now, before = sight.now, self.drawing
        serial = before.serial + 1
        parts = {name: self._part(name, getattr(wall, name), now, serial, every=every) for name in PARTS}
        changed = any(part.serial == serial for part in parts.values())
        self.drawing = Drawing(serial if changed else before.serial, parts)
        self._versions, self._drawn_at = versions, now

    def _part(self, name: str, content: Any, now: float, serial: int, *, every: bool) -> Part:
        old = self.drawing.parts.get(name)
        if old is not None and old.content == content:
            if not every or name not in AGED:
                return old
            serial = old.serial
        text = self._templates.render(f"wall/{name}.html", {**self._around, "part": content, "now": now})
        return Part(content, text, serial)

    def _tile(self, tile: Tile) -> str:
        """A region in which nothing changed is not drawn again."""
        place = tile.plot.region, tile.plot.code
        kept = self._tiles.get(place)
        if kept is None or kept[0] != tile:
            text = self._templates.render("wall/tile.html", {**self._around, "tile": tile})
            self._tiles[place] = kept = tile, sound(text)
        return kept[1]

    def _forget(self, shown: Collection[tuple[str, str]]) -> None:
        """Tiles of regions that are in the inventory no longer."""
        for place in [one for one in self._tiles if one not in shown]:
            del self._tiles[place]

    def _since(self, drawing: Drawing, last: int) -> bytes:
        """The parts that are newer, as one event; the same bytes for all to whom the same ones are news.

        What somebody says to have seen is theirs to choose: only as many are kept as there are parts.
        """
        last = max((part.serial for part in drawing.parts.values() if part.serial <= last), default=0)
        found = drawing.sent.get(last)
        if found is None:
            fresh = {name: part.text for name, part in drawing.parts.items() if part.serial > last}
            data = json.dumps(fresh, ensure_ascii=False, separators=(",", ":"))
            found = drawing.sent[last] = f"id: {self._word(drawing)}\nevent: wall\ndata: {data}\n\n".encode()
        return found


def wallboards(house: House, stationery: Stationery, hub: Hub) -> Mapping[str, Wallboard]:
    return {language: Wallboard(house, stationery, hub, language) for language in stationery.languages}

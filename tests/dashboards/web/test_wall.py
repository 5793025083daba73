"""The wallboard: the page as a display sees it, and its stream over a real socket of a real server."""

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from dashboards.wall.map import Tile
from dashboards.web.app import build
from dashboards.web.house import House
from dashboards.web.live import Hub
from dashboards.web.refusal import Away
from dashboards.web.sources.pulse import Versions
from dashboards.web.wallboard import PARTS
from inventory.status import DaemonMark
from tests.dashboards.web.api.front import Front, opened
from tests.dashboards.web.visits import Visits
from tests.patience import HANGS_S

WAIT_S = HANGS_S


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with opened(tmp_path_factory.mktemp("wall")) as found:
        yield found


class Said:
    """A pulse and a status that change when told to."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.version = 1
        self.changed: dict[str, str] = {}
        self.gone = False

    def look(self) -> Versions:
        return Versions(f"s.{self.version}", "c.1")

    def picture(self) -> Any:
        if self.gone:
            raise Away("no store")
        found = self._house.status.picture()
        sites = {
            key: replace(row, state=self.changed.get(key, row.state), at=time.time())
            for key, row in found.sites.items()
        }
        mark = DaemonMark(at=time.time(), started=0.0, pid=1, version="0")
        return replace(found, version=self.version, mark=mark, rows={**found.rows, "site": sites})

    def change(self, **states: str) -> None:
        self.changed |= {key.replace("_", "-"): state for key, state in states.items()}
        self.version += 1

    def __getattr__(self, name: str) -> Any:
        return getattr(self._house.status, name)


def said(front: Front) -> tuple[Said, Any]:
    source = Said(front.house)
    return source, build(replace(front.house, status=source, pulse=source))


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[tuple[httpx.AsyncClient, uvicorn.Server]]:
    config = uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False, lifespan="off")
    server = uvicorn.Server(config)
    config.load()
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    main = asyncio.create_task(server.main_loop())
    try:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{port}", cookies={"noc_session": "wall"}, timeout=WAIT_S
        ) as client:
            yield client, server
    finally:
        app.state.hub.ending.set()
        server.should_exit = True
        await main
        await server.shutdown()


class Stream:
    """Events of one connection, one after the other."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()
        self.last_id = ""

    async def next(self, *wanted: str) -> tuple[str, str]:
        name = data = ""
        async with asyncio.timeout(WAIT_S):
            async for line in self._lines:
                field, _, value = line.partition(": ")
                if field == "id":
                    self.last_id = value
                elif field == "event":
                    name = value
                elif field == "data":
                    data = value
                elif not line and name:
                    if not wanted or name in wanted:
                        return name, data
                    name = data = ""
        raise EOFError

    async def until(self, part: str) -> dict[str, str]:
        """The next parts with that one among them: figures that are computed beside come whenever they are ready."""
        while part not in (parts := json.loads((await self.next("wall"))[1])):
            pass
        return dict(parts)


def test_given_a_display_then_it_opens_the_wall_and_nothing_of_it_is_missing(visits: Visits) -> None:
    answer = visits.get("/wall", "wall")
    assert answer.status_code == 200
    for part in PARTS:
        assert f'id="{part}"' in answer.text
    counted = [int(found) for found in re.findall(r"<b>(\d+)</b>", answer.text.split('id="duty"')[0])]
    assert counted[0] == 3 == sum(counted[1:])
    assert 'http-equiv="refresh"' in answer.text and "style=" not in answer.text
    assert visits.get("/wall/live", "").status_code in (303, 401)
    assert visits.get("/wall", "own").status_code == 403


def test_given_the_wall_then_it_is_painted_once_when_its_last_part_is_there(visits: Visits) -> None:
    page = visits.get("/wall", "wall").text
    [awaited] = re.findall(r'<link rel="expect" href="#(\w+)" blocking="render">', page)
    places = {name: page.index(f'id="{name}"') for name in PARTS}
    assert max(places, key=places.__getitem__) == awaited


def test_given_one_site_that_fails_then_the_other_tiles_are_as_they_were_drawn(front: Front) -> None:
    app = build(front.house)
    board = app.state.wallboards["en"]
    board.page()
    before = board.drawing.parts["map"].content.tiles
    key = next(spot.key for tile in before for spot in tile.plot.spots)
    drawn = [board._tile(tile) for tile in before]
    changed = [replace(tile, states=("down", *tile.states[1:])) if _first(tile) == key else tile for tile in before]
    after = [board._tile(tile) for tile in changed]
    assert [old is new for old, new in zip(drawn, after, strict=True)] == [_first(tile) != key for tile in before]
    assert '<path class="down"' in next(new for old, new in zip(drawn, after, strict=True) if old is not new)


def _first(tile: Tile) -> str:
    return tile.plot.spots[0].key if tile.plot.spots else ""


def test_given_swahili_and_light_then_the_wall_is(visits: Visits) -> None:
    answer = visits.get("/wall?lang=sw", "wall", cookies={"noc_theme": "light"})
    assert 'lang="sw"' in answer.text and 'data-theme="light"' in answer.text
    assert "vituo" in answer.text and "matukio" in answer.text


def test_given_links_of_the_wall_then_each_page_is_there(visits: Visits) -> None:
    text = visits.get("/wall", "read").text
    found = {address.replace("&amp;", "&") for address in re.findall(r'href="(/[^"]*)"', text)}
    assert any(address.startswith("/regions/") for address in found) and any("/incidents/" in one for one in found)
    some = {address.split("/")[1].partition("?")[0]: address for address in sorted(found) if "static" not in address}
    assert {address: visits.get(address).status_code for address in some.values()} == dict.fromkeys(some.values(), 200)


def test_rule_22_given_a_silent_daemon_then_the_wall_says_so_and_claims_nothing(visits: Visits) -> None:
    text = visits.later(3 * 86_400).get("/wall", "wall").text
    assert "all that is shown is old" in text
    assert re.search(r"<b>3</b>\s*<svg[^>]*>.*?unknown", text) and re.search(r"<b>0</b>\s*up", text)


def test_given_no_store_and_no_ledger_then_the_wall_stands_and_says_both(front: Front) -> None:
    source, _ = said(front)
    source.gone = True

    class Locked:
        def __getattr__(self, name: str) -> Any:
            def away(*_: object) -> Any:
                raise Away("locked")

            return away

    text = Visits(front).otherwise(status=source, cases=Locked()).get("/wall", "wall").text
    assert "metric store cannot be read" in text and "ledger cannot be read" in text
    assert "no open incidents" not in text


def test_given_nothing_new_then_two_pages_are_the_same_drawing(front: Front) -> None:
    source, app = said(front)
    visits = Visits(front, app)
    first, second = (re.findall(r'data-seen="([^"]+)"', visits.get("/wall", "wall").text) for _ in range(2))
    assert first == second
    source.change(lga_chamwino="unreachable")
    assert re.findall(r'data-seen="([^"]+)"', visits.get("/wall", "wall").text) != first


def test_given_a_change_then_every_display_hears_of_the_parts_that_changed(front: Front) -> None:
    source, app = said(front)

    async def run() -> None:
        async with served(app) as (client, _):
            page = await client.get("/wall")
            seen = re.findall(r'data-seen="([^"]+)"', page.text)[0]
            async with (
                client.stream("GET", f"/wall/live?seen={seen}") as late,
                client.stream("GET", "/wall/live") as fresh,
            ):
                streams = Stream(late), Stream(fresh)
                assert late.headers["content-type"].startswith("text/event-stream")
                assert set(json.loads((await streams[1].next("wall"))[1])) == set(PARTS)
                source.change(lga_chamwino="unreachable")
                for stream in streams:
                    parts = await stream.until("map")
                    assert "counts" in parts and "faults" not in parts
                    assert "unreachable" in parts["map"]
                assert streams[0].last_id == streams[1].last_id
                known = streams[0].last_id
            source.change(lga_chamwino="down")
            async with client.stream("GET", f"/wall/live?seen={seen}", headers={"last-event-id": known}) as again:
                parts = await Stream(again).until("map")
                assert "counts" in parts and "faults" not in parts

    asyncio.run(run())


def test_given_whatever_somebody_says_to_have_seen_then_no_more_is_kept_than_there_are_parts(front: Front) -> None:
    board = build(front.house).state.wallboards["en"]
    board.page()
    parts = {
        name: replace(part, serial=1 + place % 3) for place, (name, part) in enumerate(board.drawing.parts.items())
    }
    drawing = replace(board.drawing, serial=5000, parts=parts, sent={})
    told = {board._since(drawing, last) for last in range(5000)}
    assert len(drawing.sent) == 4 == len(told)
    assert set(json.loads(board._since(drawing, 0).split(b"data: ")[1])) == set(PARTS)


@pytest.mark.parametrize("seen", ["", "x", "1.2.3", "zz.99999999999999999999", "\u00b2.\u00b2", "a" * 4000])
def test_given_a_word_that_is_none_then_the_whole_wall_is_sent(front: Front, seen: str) -> None:
    board = build(front.house).state.wallboards["en"]

    async def run() -> None:
        board.page()
        following = board.follow(seen)
        heard = b""
        while b"event: wall" not in heard:
            heard += await asyncio.wait_for(anext(following), WAIT_S)
        assert set(json.loads(heard.split(b"data: ")[-1])) == set(PARTS)
        await following.aclose()
        assert board.listeners == 0

    asyncio.run(run())


def test_given_a_display_that_reads_nothing_then_the_others_are_not_held_up_and_it_gets_the_newest(
    front: Front,
) -> None:
    source, app = said(front)
    board = app.state.wallboards["en"]

    async def run() -> None:
        quick, slow = board.follow(), board.follow()
        for one in (quick, slow):
            while b"event: wall" not in await asyncio.wait_for(anext(one), WAIT_S):
                pass
        for state in ("unreachable", "down", "unreachable", "down"):
            source.change(lga_chamwino=state)
            news = b""
            while f": {state}".encode() not in news:
                news = await asyncio.wait_for(anext(quick), WAIT_S)
        missed = await asyncio.wait_for(anext(slow), WAIT_S)
        assert b": down" in missed and f"{board.drawing.serial}\n".encode() in missed
        for one in (quick, slow):
            await one.aclose()

    asyncio.run(run())


def test_given_the_topics_then_a_page_hears_what_stands_and_then_what_is_new(front: Front) -> None:
    source, app = said(front)

    async def run() -> None:
        async with served(app) as (client, _):
            client.cookies["noc_session"] = "read"
            async with client.stream("GET", "/live") as opened_stream:
                stream = Stream(opened_stream)
                assert await stream.next() == ("status", "s.1")
                assert await stream.next() == ("cases", "c.1")
                source.change()
                assert await stream.next() == ("status", "s.2")
                app.state.hub.ending.set()
                with pytest.raises(EOFError):
                    await stream.next()
            assert app.state.hub.listeners == 0
            client.cookies["noc_session"] = "wall"
            assert (await client.get("/live")).status_code == 403

    asyncio.run(run())


def test_given_nobody_listens_then_nobody_looks(front: Front) -> None:
    class Counted:
        looks = 0

        def look(self) -> Versions:
            self.looks += 1
            return Versions(str(self.looks))

    async def run() -> None:
        counted = Counted()
        hub = Hub(counted, look_s=0.01)
        following = hub.follow()
        assert (await anext(following)).status
        assert (await anext(following)).status != "1"
        await following.aclose()
        await asyncio.sleep(0.1)
        looked = counted.looks
        await asyncio.sleep(0.1)
        assert counted.looks == looked and hub.listeners == 0

    asyncio.run(run())


def test_given_a_store_then_the_figures_beside_come_by_themselves_and_are_kept(front: Front) -> None:
    until = time.monotonic() + WAIT_S
    while (found := front.house.wall.beside()) is None:
        assert time.monotonic() < until
        time.sleep(0.02)
    assert found.until % 300 == 0 and time.time() - found.until < 700
    course = found.courses[next(iter(front.inventory.links))]
    assert len(course) == 24
    link = next(iter(front.inventory.links.values()))
    assert [value for value in course if value is not None][-1] == pytest.approx(5e6 / link.in_bps, abs=2e-3)
    assert front.house.wall.beside() is not None


def test_given_assets_of_the_wall_then_nothing_in_them_comes_from_elsewhere() -> None:
    folder = Path(__file__).parents[3] / "dashboards" / "static"
    for name in ("wall.css", "wall.js"):
        assert not re.search(r"https?://|@import|url\(", (folder / name).read_text())

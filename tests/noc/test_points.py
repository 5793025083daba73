"""Measuring points on interfaces and on counters are one batch; the lab's VLANs and class counters end to end."""

import asyncio

import numpy as np
import pytest

from collectors.contract import Reading, Value
from collectors.interfaces import Interfaces
from collectors.points import Points
from collectors.rates import RateMeter
from collectors.snmp import ber
from collectors.snmp.message import value
from inventory.batch import Batch
from inventory.model import Inventory, MeasuringPoint
from inventory.sample_network import ATTACHED_TO, generate
from noc.lab.scenario import checked
from noc.lab.view import View
from noc.lab.world import World
from noc.points import PointFigures
from tests.collectors.box import Box, Clock, target

TRA = MeasuringPoint("tra-iru", "tra", "edge-1", "irb.1")
NBS = MeasuringPoint("nbs-iru", "nbs", "edge-1", "irb.2", faces="upstream")
CLASS = MeasuringPoint("class", "nbs", "edge-2", in_oid="1.3.6.1.9.1", out_oid="1.3.6.1.9.2")
POINTS = {one.key: one for one in (TRA, NBS, CLASS)}
START = 1_780_290_000.0


def interface(*rates: tuple[str, float, float]) -> Batch:
    values = np.array([[one[1] for one in rates], [one[2] for one in rates]])
    return Batch("interface", "edge-1", 100, tuple(one[0] for one in rates), ("in_bps", "out_bps"), values)


def test_given_interfaces_then_in_is_towards_the_institution_whichever_way_they_face() -> None:
    figures = PointFigures(Inventory(points=POINTS))
    figures.feed(interface(("lo0", 9, 9), ("irb.1", 1.0, 5.0), ("irb.2", 4.0, 2.0)), 100)
    figures.feed_counted(
        Batch("point", "edge-2", 100, ("class",), ("in_bps", "out_bps"), np.array([[7.0], [8.0]])), 100
    )
    batch = figures.close(120, 90)
    assert (batch.measurement, batch.scope, batch.rows) == ("point", "", ("tra-iru", "nbs-iru", "class"))
    assert batch.of("in_bps").tolist() == [5.0, 4.0, 7.0] and batch.of("out_bps").tolist() == [1.0, 2.0, 8.0]


def test_given_nothing_new_then_it_is_unknown_and_never_zero() -> None:
    figures = PointFigures(Inventory(points=POINTS))
    figures.feed(interface(("irb.1", 1.0, 5.0), ("irb.2", np.nan, np.nan)), 100)
    assert np.isnan(figures.close(160, 130).values).all()
    assert np.isnan(figures.close(120, 90).of("in_bps")).tolist() == [False, True, True]


def test_given_a_reload_then_points_that_stand_go_on_and_others_do_not() -> None:
    before = PointFigures(Inventory(points=POINTS))
    before.feed(interface(("irb.1", 1.0, 5.0), ("irb.2", 4.0, 2.0)), 100)
    moved = MeasuringPoint("nbs-iru", "nbs", "edge-1", "irb.9")
    after = PointFigures(Inventory(points={"tra-iru": TRA, "nbs-iru": moved}))
    after.take_over(before)
    assert np.isnan(after.close(120, 90).of("in_bps")).tolist() == [False, True]


def _dotted(encoded: bytes) -> str:
    return ".".join(map(str, ber.oid_arcs(encoded[ber.read(encoded, 0)[1] :])))


def _plain(encoded: bytes) -> Value:
    tag, start, end = ber.read(encoded, 0)
    return value(tag, encoded[start:end])


class Lab:
    """The sample network, and its routers asked by our own collectors."""

    def __init__(self) -> None:
        self.inventory = generate(40)
        self.world = World(self.inventory, attached_to=ATTACHED_TO, start=START)
        self.figures = PointFigures(self.inventory)
        self.meter = RateMeter(30.0)
        self.clock = Clock(START)
        self.boxes = {key: Box(lambda key=key: self._objects(key)) for key in ("dar-edge-1", "dar-edge-2")}  # type: ignore[misc]
        self.interfaces = Interfaces(lambda device: self.boxes[device.key], self.clock)
        self.points = Points(lambda device: self.boxes[device.key], self.clock)
        self.points.set_points(self.inventory.points.values())

    def _objects(self, device: str) -> dict[str, Value]:
        """Everything the router has now, as a session would hand it over."""
        self.world.advance(self.clock.now)
        router = self.world.routers[device]
        view, layout = View(router, self.clock.now), self.world.layout(router, 0, self.clock.now)
        cells = [layout.cells[number] for number in layout.under((1, 3, 6, 1))]
        return {_dotted(cell.oid): _plain(cell.value(view, cell.row)) for cell in cells}

    def happens(self, do: str, **on: object) -> None:
        """A second from now."""
        made, wrong = checked({"do": do, "at": self.clock.now + 1 - START, **on}, self.world, START, "scenario")
        assert made is not None, wrong
        self.world.add(made)

    def poll(self, after_s: float = 30.0) -> None:
        self.clock.now += after_s
        due = int(self.clock.now)
        said = asyncio.run(self.interfaces.collect(target("dar-edge-1"), due))
        for batch in self.meter.feed([one for one in said if isinstance(one, Reading)]):
            if batch.measurement == "interface":
                self.figures.feed(batch, self.clock.now)
        for batch in asyncio.run(self.points.collect(target("dar-edge-2", collector="points"), due)):
            self.figures.feed_counted(batch, self.clock.now)

    def close(self) -> dict[str, tuple[float, float]]:
        batch = self.figures.close(int(self.clock.now), self.clock.now - 30)
        return {row: tuple(batch.values[:, place].tolist()) for place, row in enumerate(batch.rows)}


@pytest.fixture(scope="module")
def lab() -> Lab:
    return Lab()


def test_given_the_lab_then_every_point_of_the_sample_carries_a_part_of_its_institutions_traffic(lab: Lab) -> None:
    lab.poll()
    lab.poll()
    measured = lab.close()
    assert set(measured) == set(lab.inventory.points) and len(measured) >= 3
    for key, (into, out) in measured.items():
        assert 50_000 < out < into < 60e6, key
    institution = lab.inventory.points["university-udom-iru"]
    assert institution.in_oid and 1e6 < measured[institution.key][0] < 25e6


def test_given_an_institution_whose_lines_are_full_then_its_point_shows_it_and_cut_off_it_shows_nothing(
    lab: Lab,
) -> None:
    point = next(one for one in lab.inventory.points.values() if one.interface and lab.world._built.uses.lines[one.key])
    links = lab.world._built.uses.lines[point.key]
    lab.poll()
    before = lab.close()[point.key][0]
    for link in links:
        lab.happens("traffic", link=link, level=1.0, direction="in")
    lab.poll()
    lab.poll()
    assert lab.close()[point.key][0] > 1.2 * before
    for link in links:
        lab.happens("link_down", link=link)
    lab.poll()
    lab.poll()
    assert lab.close()[point.key] == (0.0, 0.0)

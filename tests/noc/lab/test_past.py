"""The past of the lab: traffic as its lines carried it, states as the world was, and a store that is fit for a daemon."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from inventory.batch import Batch
from inventory.calendar import DAY_S
from inventory.sample_network import ATTACHED_TO, generate
from inventory.skeleton import write_sample
from noc.config import load
from noc.lab.actions import Act
from noc.lab.doors import LabError
from noc.lab.history import Wanted, give_past
from noc.lab.mishaps import drawn
from noc.lab.past import Past
from noc.lab.setting import configured_setting
from noc.lab.world import World
from noc.store.reader import MetricReader
from tests.noc.lab.network import START, small_network


def played(*acts: Act, hours: float = 6.0, growth: float = 0.0) -> tuple[World, list[Batch]]:
    world = World(small_network(), attached_to="c1", start=START, acts=acts)
    batches = [batch for day in Past(world, until=START + hours * 3600, growth=growth).days() for batch in day]
    return world, batches


def only(batches: list[Batch], measurement: str) -> list[Batch]:
    return [batch for batch in batches if batch.measurement == measurement]


def test_given_no_mishap_then_links_carry_what_their_counters_counted() -> None:
    world, batches = played()
    links = only(batches, "link")
    row = links[0].rows.index("s1-a")
    into, _ = world.lines["s1-a"]
    for before, after in pairwise(links):
        bits = (into.carried(after.at * 1000).bits - into.carried(before.at * 1000).bits) / 1e6
        assert after.of("in_bps")[row] * (after.at - before.at) == pytest.approx(bits, rel=1e-6)
    assert np.diff([batch.at for batch in links]).tolist() == [300] * (len(links) - 1)


def test_given_measuring_points_then_their_past_is_what_flowed_there() -> None:
    inventory = generate(12)
    world = World(inventory, attached_to=ATTACHED_TO, start=START)
    batches = [batch for day in Past(world, until=START + 3600, growth=0.0).days() for batch in day]
    points = only(batches, "point")
    assert len(points) == len(only(batches, "link")) and points[0].rows == tuple(inventory.points)
    key = points[0].rows[0]
    for way, name in enumerate(("in_bps", "out_bps")):
        flow = world.points[key][way]
        bits = (flow.carried(points[1].at * 1000).bits - flow.carried(points[0].at * 1000).bits) / 1e6
        assert points[1].of(name)[0] * 300 == pytest.approx(bits, rel=1e-6)


def test_given_a_cut_link_then_it_carries_nothing_and_what_hangs_on_it_is_unreachable_meanwhile() -> None:
    cut, mended = START + 4000, START + 9000
    _, batches = played(Act(cut, "link_down", {"link": "s1-a"}, {"one_sided": False}, lasts_s=mended - cut))
    told = [
        batch for batch in batches if batch.measurement.endswith("_state") and batch.scope in ("s1-a", "s1-r1", "s1")
    ]
    assert [(batch.measurement, batch.at, batch.of("state")[0]) for batch in told] == [
        ("device_state", cut, 3.0), ("link_state", cut, 4.0), ("site_state", cut, 3.0),
        ("device_state", mended, 0.0), ("link_state", mended, 0.0), ("site_state", mended, 0.0),
    ]  # fmt: skip
    for batch in only(batches, "link"):
        dark = cut + 300 <= batch.at <= mended
        assert (batch.of("in_bps")[batch.rows.index("s1-a")] == 0.0) == dark
    for batch in only(batches, "liveness"):
        assert np.isnan(batch.of("rtt_ms")[batch.rows.index("s1-r1")]) == (cut <= batch.at < mended)


def test_given_growth_then_the_past_carried_less() -> None:
    _, grown = played(hours=14 * 24, growth=0.5)
    _, steady = played(hours=14 * 24)
    pairs = zip(only(grown, "link"), only(steady, "link"), strict=True)
    ratios = [after.of("in_bps") / before.of("in_bps") for after, before in pairs]
    assert (ratios[0] < 0.93).all() and (ratios[-1] > 0.999).all()


def test_given_a_seed_then_mishaps_are_its_own_and_end_before_the_past_does() -> None:
    network = small_network()
    end = START + 90 * DAY_S
    acts = drawn(network, START, end, 3)
    assert acts == drawn(network, START, end, 3) != drawn(network, START, end, 4)
    assert acts and all(act.at > START and act.at + (act.lasts_s or 0) < end for act in acts)


def test_given_a_new_store_then_it_gets_a_past_and_one_with_days_of_its_own_none(tmp_path: Path) -> None:
    write_sample(tmp_path, sites=4)
    config = load(tmp_path / "noc.toml")
    setting, seen = configured_setting(tmp_path / "noc.toml"), list[int]()
    assert give_past(config, setting, Wanted(3), now=START, told=seen.append) > 0
    with MetricReader(config.metrics_file) as reader:
        link = next(iter(setting.inventory.links))
        series = reader.read("link", "", link, ("in_bps",), start=int(START - 3 * DAY_S), end=int(START), step=300)
        assert len(series.at) >= 3 * 288 - 1
    assert seen == sorted(seen) and len(seen) >= 3
    with pytest.raises(LabError, match=r"holds \d days already"):
        give_past(config, setting, Wanted(3), now=START + 60, told=seen.append)

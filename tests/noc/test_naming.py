"""What an interface carries becomes what a link carries: in is what the served end receives, else what the other sends."""

from dataclasses import replace

import numpy as np

from alerts.board import Board
from inventory.batch import Batch
from inventory.model import Circuit, Device, End, Inventory, Link, Name, Provider, Site
from inventory.topology import Topology
from noc.naming import LinkFigures

QUANTITIES = (
    *("in_bps", "out_bps", "in_pps", "out_pps", "in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps"),
    *("oper_status", "admin_status", "span_s", "flags"),
)
NETWORK = Inventory(
    regions={"Dodoma": Name("Dodoma")},
    sites={key: Site(key, Name(key), "lga", "Dodoma") for key in ("core", "council")},
    devices={"core-1": Device("core-1", "core", "127.0.0.1"), "cpe-1": Device("cpe-1", "council", "127.0.0.2")},
    providers={"ttcl": Provider("ttcl", Name("TTCL"))},
    circuits={"c1": Circuit("c1", "ttcl", "T-1")},
    links={
        "council-a": Link(
            "council-a", End("core-1", "ge-0"), End("cpe-1", "wan"), "access", "ttcl", "c1", 10_000_000, 5_000_000
        )
    },
)


def board() -> Board:
    return Board(NETWORK, Topology(NETWORK, "core-1"), gateway="core-1")


def interface(device: str, row: str, in_bps: float, out_bps: float) -> Batch:
    values = [in_bps, out_bps, 1.0, 1.0, 0.5, 0.25, 0.0, 2.0, 1, 1, 30.0, 0]
    return Batch("interface", device, 1000, ("lo0", row), QUANTITIES, np.array([[np.nan, value] for value in values]))


def figures(one: Board) -> dict[str, float | str]:
    [row] = [row for row in one.rows() if row.kind == "link"]
    return dict(row.figures)


def test_given_the_b_end_then_its_in_is_the_links_in() -> None:
    seen = board()
    LinkFigures(seen, NETWORK).feed(interface("cpe-1", "wan", 4e6, 1e6), 1000.0)
    found = figures(seen)
    assert found["in_bps"] == 4e6 and found["in_ratio"] == 0.4 and found["out_ratio"] == 0.2
    assert found["errors_ps"] == 0.75 and found["discards_ps"] == 2.0


def test_given_only_the_a_end_then_it_is_reversed() -> None:
    seen = board()
    LinkFigures(seen, NETWORK).feed(interface("core-1", "ge-0", 1e6, 4e6), 1000.0)
    assert (figures(seen)["in_bps"], figures(seen)["out_bps"]) == (4e6, 1e6)


def test_given_a_fresh_b_then_a_does_not_replace_it_and_an_old_one_it_does() -> None:
    seen = board()
    links = LinkFigures(seen, NETWORK)
    links.feed(interface("cpe-1", "wan", 4e6, 1e6), 1000.0)
    links.feed(interface("core-1", "ge-0", 2e6, 3e6), 1030.0)
    assert figures(seen)["in_bps"] == 4e6
    links.feed(interface("core-1", "ge-0", 2e6, 3e6), 1100.0)
    assert figures(seen)["in_bps"] == 3e6


def test_given_unknown_rates_then_nothing_is_said_and_the_batch_of_all_links_has_a_gap() -> None:
    seen = board()
    links = LinkFigures(seen, NETWORK)
    links.feed(interface("cpe-1", "wan", np.nan, np.nan), 1000.0)
    assert "in_bps" not in figures(seen)
    assert np.isnan(links.close(1030, 1000.0).values).all()


def test_given_measured_links_then_their_batch_holds_rates_and_use_once() -> None:
    links = LinkFigures(board(), NETWORK)
    links.feed(interface("cpe-1", "wan", 4e6, 1e6), 1010.0)
    batch = links.close(1030, 1000.0)
    assert batch.rows == ("council-a",) and batch.of("in_bps")[0] == 4e6
    assert batch.of("in_util_ratio")[0] == 0.4 and batch.of("out_util_ratio")[0] == 0.2
    assert np.isnan(links.close(1060, 1030.0).of("in_bps")[0])


def test_given_the_speed_of_a_lag_then_each_end_of_its_link_has_its_own() -> None:
    links = LinkFigures(board(), NETWORK)
    one = Batch("aggregate", "cpe-1", 1000, ("wan", "bond7"), ("speed_bps",), np.array([[2e9, 1e9]]))
    links.feed_speeds(one, 1010.0)
    batch = links.close(1030, 1000.0)
    assert batch.of("b_speed_bps")[0] == 2e9 and np.isnan(batch.of("a_speed_bps")[0])
    assert np.isnan(links.close(1060, 1030.0).of("b_speed_bps")[0]), "an old one is none"


def test_given_a_far_end_that_is_not_ours_then_in_is_what_our_port_receives() -> None:
    cable = Link("up-c1", End("core-1", "wan"), End("external"), "upstream", "ttcl", "c1", 10_000_000, 10_000_000)
    network = replace(NETWORK, links={"up-c1": cable})
    seen = Board(network, Topology(network, "core-1"), gateway="core-1")
    LinkFigures(seen, network).feed(interface("core-1", "wan", 8e6, 2e6), 1000.0)
    assert (figures(seen)["in_bps"], figures(seen)["out_bps"]) == (8e6, 2e6)

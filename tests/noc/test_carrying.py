"""What a circuit carries: of cables, exchanges and what contracts name; under its own key, whatever port it is on."""

from dataclasses import replace
from datetime import date

import numpy as np

from inventory.batch import Batch
from inventory.model import EXTERNAL, Circuit, Contract, End, Inventory, Link
from noc.carrying import QUANTITIES, CircuitTraffic
from noc.naming import QUANTITIES as LINK

M = 1_000_000
CIRCUITS = {
    "iru-1": Circuit("iru-1", "seacom", "S/1", "iru", 100 * M, 50 * M),
    "tix-1": Circuit("tix-1", "tispa", "T/1", "exchange"),
    "hired": Circuit("hired", "ttcl", "H/1", "leased", 10 * M, 10 * M),
    "plain": Circuit("plain", "ttcl", "P/1", "leased", 10 * M, 10 * M),
}
CONTRACT = Contract("c", "ttcl", "H", ("hired",), 10 * M, 10 * M, date(2026, 1, 1))


def link(key: str, circuit: str) -> Link:
    return Link(key, End("edge", key), End(EXTERNAL), "upstream", "x", circuit, 200 * M, 200 * M)


def network(*links: Link, contracts: dict[str, Contract] | None = None) -> Inventory:
    return Inventory(circuits=CIRCUITS, links={one.key: one for one in links}, contracts=contracts or {})


def batch(**figures: tuple[float, float]) -> Batch:
    values = np.full((len(LINK), len(figures)), np.nan)
    for column, pair in enumerate(figures.values()):
        values[:2, column] = pair
        values[LINK.index("in_discards_ps"), column] = 3.0
        values[LINK.index("out_discards_ps"), column] = 0.0
    return Batch("link", "", 1000, tuple(figures), LINK, values)


def test_given_circuits_of_all_kinds_then_cables_exchanges_and_those_of_contracts_are_kept() -> None:
    links = [link(key, key) for key in CIRCUITS]
    assert CircuitTraffic(network(*links)).rows == ("iru-1", "tix-1")
    assert CircuitTraffic(network(*links, contracts={"c": CONTRACT})).rows == ("iru-1", "tix-1", "hired")


def test_given_what_a_link_carries_then_its_circuit_carries_it_at_the_same_instant_of_its_own_rate() -> None:
    made = CircuitTraffic(network(link("up", "iru-1"))).close(batch(up=(80.0 * M, 10.0 * M)))
    assert (made.measurement, made.scope, made.at) == ("circuit_traffic", "", 1000)
    assert made.quantities == QUANTITIES
    assert dict(zip(QUANTITIES, made.values[:, 0], strict=True)) == {
        "in_bps": 80.0 * M,
        "out_bps": 10.0 * M,
        "in_util_ratio": 0.8,
        "out_util_ratio": 0.2,
        "in_discards_ps": 3.0,
        "out_discards_ps": 0.0,
    }


def test_given_a_circuit_that_moved_to_another_port_then_its_row_goes_on() -> None:
    before = CircuitTraffic(network(link("up", "iru-1")))
    after = CircuitTraffic(network(replace(link("other", "iru-1"))))
    assert before.rows == after.rows
    assert after.close(batch(other=(1.0 * M, 2.0 * M))).of("in_bps")[0] == 1.0 * M


def test_given_a_circuit_over_two_links_then_their_sum_and_nothing_where_one_is_not_known() -> None:
    both = CircuitTraffic(network(link("a", "tix-1"), link("b", "tix-1")))
    made = both.close(batch(a=(100.0 * M, 0.0), b=(200.0 * M, np.nan)))
    column = made.rows.index("tix-1")
    assert made.of("in_bps")[column] == 300.0 * M and made.of("in_util_ratio")[column] == 0.75
    assert np.isnan(made.of("out_bps")[column])


def test_rule_29_given_more_than_110_percent_then_the_use_is_not_known_and_the_rate_is_shown() -> None:
    made = CircuitTraffic(network(link("up", "iru-1"))).close(batch(up=(111.0 * M, 54.0 * M)))
    assert made.of("in_bps")[0] == 111.0 * M and np.isnan(made.of("in_util_ratio")[0])
    assert made.of("out_util_ratio")[0] == 1.08


def test_given_a_circuit_on_no_link_then_nothing_is_known_of_it() -> None:
    made = CircuitTraffic(network()).close(batch(up=(1.0, 1.0)))
    assert made.rows == ("iru-1", "tix-1") and np.isnan(made.values).all()

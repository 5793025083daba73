"""Whether the cables stand in for each other, by what the board shows of their links."""

import numpy as np
import pytest

from inventory.model import EXTERNAL, Circuit, Device, End, Inventory, Link, Name, Provider, Site
from inventory.status import StatusRow
from noc.config import Config, PollerSection
from noc.diversity import carrying, diversity_batch
from noc.wiring import Network, build_network


def network(states: dict[str, str], *, one_provider: bool = False) -> Network:
    """Links up-1 and up-2 of two cables, and up-3 of an exchange."""
    kinds = {"1": "iru", "2": "iru", "3": "exchange"}
    providers = {"1": "seacom", "2": "seacom" if one_provider else "eassy", "3": "tispa"}
    inventory = Inventory(
        regions={"Dodoma": Name("Dodoma")},
        sites={"edge": Site("edge", Name("Edge"), "upstream", "Dodoma")},
        devices={"edge-1": Device("edge-1", "edge", "127.0.0.1")},
        providers={key: Provider(key, Name(key)) for key in ("seacom", "eassy", "tispa")},
        circuits={f"c{n}": Circuit(f"c{n}", providers[n], n, kinds[n]) for n in kinds},  # type: ignore[arg-type]
        links={
            f"up-{n}": Link(
                f"up-{n}", End("edge-1", f"xe-{n}"), End(EXTERNAL), "upstream", providers[n], f"c{n}", 10**9, 10**9
            )
            for n in kinds
        },
    )
    found = build_network(Config(poller=PollerSection(attached_to="edge-1", gateway="edge-1")), inventory)
    rows = [StatusRow("link", key, state=state, since=1.0) for key, state in states.items()]
    found.board.restore(rows)
    return found


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ({"up-1": "up", "up-2": "up"}, 2.0),
        ({"up-1": "up", "up-2": "down"}, 1.0),
        ({"up-1": "up", "up-2": "unreachable"}, 1.0),
        ({"up-1": "down", "up-2": "down", "up-3": "up"}, 0.0),
        ({"up-1": "up"}, np.nan),
        ({}, np.nan),
    ],
)
def test_given_states_of_cables_then_both_one_or_none_carry(states: dict[str, str], code: float) -> None:
    batch = diversity_batch(network(states), 100)
    assert batch is not None and (batch.measurement, batch.rows, batch.at) == ("diversity", ("cables",), 100)
    assert batch.of("diversity")[0] == pytest.approx(code, nan_ok=True)


def test_rule_19_given_two_circuits_of_one_provider_then_they_are_one_cable_and_nothing_stands_in() -> None:
    assert diversity_batch(network({"up-1": "up", "up-2": "up"}, one_provider=True), 100) is None


def test_given_links_then_circuits_of_which_nobody_knows_are_left_out() -> None:
    assert carrying(network({"up-1": "up", "up-2": "down"}), ("c1", "c2", "c3")) == {"c1": True, "c2": False}

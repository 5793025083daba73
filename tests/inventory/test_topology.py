import random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.model import Device, End, Inventory, Link, Name, Site
from inventory.topology import Edge, Roots, Topology, explain


def network(links: list[tuple[str, str]], attached_to: str = "core") -> Topology:
    names = dict.fromkeys([attached_to, *(name for pair in links for name in pair)])
    made = [
        Link(f"{a}={b}#{place}", End(a, f"{place}"), End(b, f"{place}"), "access", "p", f"c{place}", 1, 1)
        for place, (a, b) in enumerate(links)
    ]
    return Topology(
        Inventory(
            sites={"s": Site("s", Name("S"), "core", "Dodoma")},
            devices={name: Device(name, "s", "127.0.0.1") for name in names},
            links={link.key: link for link in made},
        ),
        attached_to,
    )


TREE = network([("core", "pe"), ("pe", "a"), ("pe", "b"), ("core", "c")])
RING = network([("core", "p"), ("p", "q"), ("q", "r"), ("r", "core"), ("q", "x")])


def test_given_nothing_down_then_everything_is_reachable() -> None:
    assert TREE.reachable() == {"core", "pe", "a", "b", "c"}


def test_given_a_dead_router_then_what_hangs_on_it_is_not_reachable() -> None:
    assert TREE.reachable({"pe"}) == {"core", "c"}
    assert TREE.behind("pe") == {"a", "b"}
    assert TREE.roots({"pe", "a", "b"}) == Roots(frozenset({"pe"}))


def test_given_the_attachment_dead_then_nothing_is_reachable() -> None:
    assert TREE.reachable({"core"}) == set()
    assert TREE.behind("core") == {"pe", "a", "b", "c"}
    assert TREE.roots({"core", "pe"}).devices == {"core"}


def test_rule_19_with_two_ways_one_dead_router_cuts_nobody() -> None:
    assert RING.behind("p") == set()
    assert RING.behind("q") == {"x"}
    assert RING.reachable({"p"}) == {"core", "q", "r", "x"}


def test_given_two_cuts_of_a_ring_then_both_links_are_the_roots() -> None:
    cut = {"core=p#0", "q=r#2"}
    assert RING.reachable((), cut) == {"core", "r"}
    assert RING.roots({"p", "q", "x"}, cut) == Roots(links=frozenset(cut))


def test_given_two_routers_that_only_together_cut_then_both_are_roots() -> None:
    assert RING.roots({"p", "r", "q", "x"}) == Roots(frozenset({"p", "r"}))


def test_given_one_device_and_its_only_link_then_the_device_is_named() -> None:
    border = [Edge("pe", "pe=a", "a")]
    assert explain(border, {"pe=a"}) == Roots(frozenset({"a"}))


def test_given_all_links_to_one_router_down_then_the_router_explains_more_simply() -> None:
    border = [Edge("p", "l1", "x"), Edge("q", "l2", "x")]
    assert explain(border, {"l1", "l2"}) == Roots(frozenset({"x"}))


def test_given_a_link_shut_by_configuration_then_nothing_else_is_guessed() -> None:
    border = [Edge("p", "l1", "x"), Edge("q", "l2", "x")]
    assert explain(border, {"l1", "l2"}, {"l1", "l2"}) == Roots(links=frozenset({"l1", "l2"}))
    assert explain(border, {"l1", "l2"}, {"l1"}) == Roots(frozenset({"x"}), frozenset({"l1"}))


def test_given_links_then_bridges_are_those_without_another_way() -> None:
    assert RING.bridges == {"q=x#4"}
    double = network([("core", "p"), ("core", "p"), ("p", "x")])
    assert double.bridges == {"p=x#2"}


def test_given_an_external_end_then_it_is_no_device() -> None:
    inventory = Inventory(
        sites={"s": Site("s", Name("S"), "core", "Dodoma")},
        devices={"core": Device("core", "s", "127.0.0.1")},
        links={"up": Link("up", End("core", "x"), End("external"), "upstream", "p", "c", 1, 1)},
    )
    assert Topology(inventory, "core").neighbours("core") == ()


def test_given_no_such_attachment_then_it_is_an_error() -> None:
    with pytest.raises(KeyError):
        network([("core", "a")], attached_to="core").__class__(Inventory(), "core")


def test_given_causes_then_the_nearest_source_is_blamed() -> None:
    causes = TREE.causes(["pe", "a", "b"], {"pe": "pe"})
    assert causes == {"pe": "pe", "a": "pe", "b": "pe"}


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 10**6))
def test_given_any_network_then_the_answers_agree_with_a_plain_search(seed: int) -> None:
    draw = random.Random(seed)
    names = ["core", *(f"d{number}" for number in range(12))]
    links = [(draw.choice(names[:place]), name) for place, name in enumerate(names) if place]
    links += [tuple(draw.sample(names, 2)) for _ in range(5)]  # type: ignore[misc]
    topology = network(links)
    dead = set(draw.sample(names[1:], draw.randint(0, 4)))
    graph: nx.Graph[object] = nx.Graph(links)
    graph.remove_nodes_from(dead)
    live = nx.node_connected_component(graph, "core")
    assert topology.reachable(dead) == live
    roots = topology.roots(set(names) - live)
    assert topology.reachable(roots.devices, roots.links) == live
    for name in names[1:]:
        alone: nx.Graph[object] = nx.Graph(links)
        alone.remove_node(name)
        assert topology.behind(name) == set(names) - nx.node_connected_component(alone, "core") - {name}

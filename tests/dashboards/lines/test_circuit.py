from collections.abc import Mapping, Sequence
from datetime import date

import pytest

from dashboards.lines.circuit import CircuitRow, chosen, circuit_row, labels_of, stand_ins, title_of
from dashboards.lines.link import owned, subjects_of
from dashboards.lines.panels import named, of_circuit, of_link, path_of
from dashboards.status import age_of
from inventory.model import Circuit, Contract, Device, End, Inventory, Link, LinkRole, Name, Provider, Site
from inventory.selector import Selector, parse_text
from inventory.status import DaemonMark, StatusRow

NOW = 1000.0
AGE = age_of(DaemonMark(NOW, 0.0), NOW)


def link(key: str, a: str, b: str, circuit: str, role: LinkRole = "access") -> Link:
    return Link(
        key, End(a, "e0"), End(b, "e1" if b != "external" else ""), role, "tel", circuit, 100, 50, Name(key, key)
    )


INVENTORY = Inventory(
    sites={"lga": Site("lga", Name("Lga"), "lga", "Dodoma"), "pop": Site("pop", Name("Pop"), "core", "Dodoma")},
    devices={"r1": Device("r1", "lga", "127.0.0.1"), "pe": Device("pe", "pop", "127.0.0.2")},
    links={
        "one": link("one", "pe", "r1", "c-one"),
        "two": link("two", "pe", "r1", "c-two"),
        "sea": link("sea", "pe", "external", "iru-sea", "upstream"),
        "eas": link("eas", "pe", "external", "iru-eas", "upstream"),
    },
    circuits={
        "c-one": Circuit("c-one", "tel", "T/1"),
        "c-two": Circuit("c-two", "tel", "T/2"),
        "iru-sea": Circuit("iru-sea", "sea", "S/1", "iru", 775, 700, anchors=("192.0.2.1",)),
        "iru-eas": Circuit("iru-eas", "eas", "E/1", "iru", 775, 700),
    },
    providers={"tel": Provider("tel", Name("Tel"), "+255 1")},
    contracts={"k": Contract("k", "tel", "K/1", ("c-two",), 100, 50, date(2026, 1, 1))},
)


def status(key: str, state: str = "up", **figures: float) -> StatusRow:
    return StatusRow("link", key, state=state, since=900.0, at=NOW - 1, figures=figures)


def row_of(key: str, rows: Mapping[str, StatusRow], links: Sequence[Link] = ()) -> CircuitRow:
    carriers = links or [one for one in INVENTORY.links.values() if one.circuit == key]
    return circuit_row(INVENTORY.circuits[key], carriers, rows, AGE, None)


def test_given_a_circuit_over_two_links_then_it_carries_while_one_does_and_is_as_old_as_the_older() -> None:
    both = [INVENTORY.links["one"], INVENTORY.links["two"]]
    rows = {"one": status("one", "down"), "two": status("two", in_bps=30.0, out_bps=5.0)}
    found = row_of("c-one", rows, both)
    assert (found.state, found.stale, found.agreed) == ("up", False, (200, 100))
    assert found.rates == (None, None)  # of one of them it is not known


def test_given_rates_then_use_is_the_worse_way_of_what_was_agreed() -> None:
    found = row_of("iru-sea", {"sea": status("sea", in_bps=77.5, out_bps=350.0)})
    assert found.ratios == (pytest.approx(0.1), pytest.approx(0.5))
    assert found.use == pytest.approx(0.5)


def test_given_nobody_judged_it_then_it_is_unknown_and_stale() -> None:
    found = row_of("c-one", {})
    assert (found.state, found.stale, found.use) == ("unknown", True, None)


@pytest.mark.parametrize(
    ("states", "carry"),
    [
        (("up", "up"), "both"),
        (("up", "down"), "one"),
        (("down", "down"), "none"),
        (("up", "unknown"), "unknown"),
    ],
)
def test_given_cables_of_two_providers_then_whether_they_stand_in_for_each_other(
    states: tuple[str, str], carry: str
) -> None:
    rows = {"sea": status("sea", states[0]), "eas": status("eas", states[1])}
    found = stand_ins(row_of("iru-sea", rows), INVENTORY, lambda key: row_of(key, rows))
    assert found is not None
    assert [one.key for one in found.rows] == ["iru-eas"]
    assert found.carry == carry


def test_given_two_ways_to_a_site_then_the_other_stands_in_once() -> None:
    rows = {"one": status("one"), "two": status("two")}
    found = stand_ins(row_of("c-one", rows), INVENTORY, lambda key: row_of(key, rows))
    assert found is not None
    assert [one.key for one in found.rows] == ["c-two"]


def test_given_labels_then_circuits_are_chosen_by_them() -> None:
    rows = {"one": status("one", "down"), "sea": status("sea", in_bps=700.0, out_bps=1.0)}
    every = [row_of(key, rows) for key in INVENTORY.circuits]
    assert labels_of(every[0], INVENTORY)["region"] == ["Dodoma"]
    meant = parse_text("provider=tel", ["provider"])
    assert [one.key for one in chosen(every, INVENTORY, meant, "", "worst")] == ["c-one", "c-two"]
    assert [one.key for one in chosen(every, INVENTORY, Selector(), "down", "name")] == ["c-one"]
    assert chosen(every, INVENTORY, Selector(), "", "use")[0].key == "iru-sea"


def test_given_circuits_then_their_charts_and_what_answers_through_them() -> None:
    every = INVENTORY.circuits
    assert [named(every[key], INVENTORY) for key in ("c-one", "c-two", "iru-sea")] == [False, True, True]
    first = of_circuit(every["c-one"], [INVENTORY.links["one"]], INVENTORY, str)
    assert [panel.subject.measurement for panel in first] == ["link", "liveness"]
    cable = of_circuit(every["iru-sea"], [INVENTORY.links["sea"]], INVENTORY, str)
    assert [panel.subject.measurement for panel in cable] == ["circuit_traffic", "circuit", "circuit_traffic"]
    assert path_of(INVENTORY.links["eas"], INVENTORY) is None
    assert [panel.draw for panel in of_link(INVENTORY.links["one"], INVENTORY, str)] == ["mirror", "lines", "mirror"]


def test_given_a_link_then_whose_it_is_and_what_its_incidents_are_about() -> None:
    found = owned(INVENTORY.links["two"], INVENTORY)
    assert found.provider is not None
    assert (found.provider.telephone, [one.key for one in found.contracts]) == ("+255 1", ["k"])
    assert [str(one) for one in subjects_of(INVENTORY.links["sea"])] == ["link sea", "circuit iru-sea", "device pe"]
    assert title_of(INVENTORY.circuits["c-one"], [INVENTORY.links["one"]], "en") == "one"

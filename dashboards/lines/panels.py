"""Which charts stand on the page of a link or a circuit: traffic, then round trip and loss, then errors and discards."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from dashboards.charts.panel import Panel, Subject
from inventory.model import Circuit, Inventory, Link

Text = Callable[[str], str]
RATES: Final = ("in_bps", "out_bps")
PATH: Final = ("rtt_ms", "loss_ratio")
TROUBLE: Final = ("in_errors_ps", "out_errors_ps", "in_discards_ps", "out_discards_ps")
DROPPED: Final = ("in_discards_ps", "out_discards_ps")
OWN_TRAFFIC: Final = frozenset({"iru", "exchange"})  # kinds whose traffic is kept under their own key


def of_link(link: Link, inventory: Inventory, gettext: Text) -> Sequence[Panel]:
    panels = [Panel(gettext("Traffic"), Subject("link", "", link.key, RATES))]
    path = path_of(link, inventory)
    if path is not None:
        panels.append(_path(path, gettext))
    return [*panels, Panel(gettext("Errors and discards"), Subject("link", "", link.key, TROUBLE))]


def of_circuit(circuit: Circuit, links: Sequence[Link], inventory: Inventory, gettext: Text) -> Sequence[Panel]:
    """Of a circuit whose traffic is not kept under its own key: that of each of its links."""
    return list(_of_circuit(circuit, links, inventory, gettext))


def _of_circuit(circuit: Circuit, links: Sequence[Link], inventory: Inventory, gettext: Text) -> Iterator[Panel]:
    if named(circuit, inventory):
        yield Panel(gettext("Traffic"), Subject("circuit_traffic", "", circuit.key, RATES))
    else:
        for link in links[:4]:
            yield Panel(f"{gettext('Traffic')}: {link.key}", Subject("link", "", link.key, RATES))
    if circuit.anchors:
        yield _path(Subject("circuit", "", circuit.key, PATH), gettext)
    elif links and (path := path_of(links[0], inventory)) is not None:
        yield _path(path, gettext)
    if named(circuit, inventory):
        yield Panel(gettext("Discards"), Subject("circuit_traffic", "", circuit.key, DROPPED))


def named(circuit: Circuit, inventory: Inventory) -> bool:
    """Whether what it carries is kept under its own key, as of cables, exchanges and what a contract names."""
    return circuit.kind in OWN_TRAFFIC or any(circuit.key in one.circuits for one in inventory.contracts.values())


def path_of(link: Link, inventory: Inventory) -> Subject | None:
    """What answers through it: the anchors of its circuit, else the device at its far end."""
    circuit = inventory.circuits.get(link.circuit)
    if circuit is not None and circuit.anchors:
        return Subject("circuit", "", circuit.key, PATH)
    if link.b.external or link.b.device not in inventory.devices:
        return None
    return Subject("liveness", "", link.b.device, PATH)


def _path(subject: Subject, gettext: Text) -> Panel:
    return Panel(gettext("Round trip and loss to {far}").format(far=subject.row), subject)

"""What is declared but was never judged has the labels under which the daemon will write of it."""

import pytest

from dashboards.places.declared import row_of
from dashboards.web.sight.scope import scope_of
from dashboards.web.viewer import RIGHTS, Role, Viewer
from inventory.labels import all_labels
from inventory.model import Inventory
from inventory.sample_network import generate
from inventory.status import Kind


@pytest.fixture(scope="module")
def inventory() -> Inventory:
    return generate(6)


KINDS: tuple[Kind, ...] = ("site", "device", "link")


def test_given_what_was_never_judged_then_its_labels_are_those_of_the_daemon(inventory: Inventory) -> None:
    told = all_labels(inventory)
    mine = {(kind, key): row_of(inventory, kind, key).labels for kind in KINDS for like, key in told if like == kind}
    assert mine == told


def test_given_single_sites_then_labels_of_their_links_name_no_other_end(inventory: Inventory) -> None:
    mine = next(site.key for site in inventory.sites.values() if site.member)
    seen = scope_of(Viewer("own", Role.INSTITUTION, RIGHTS[Role.INSTITUTION], sites=frozenset({mine})), inventory)
    links = seen.inventory.links
    assert links
    for key in links:
        labels = row_of(seen.inventory, "link", key).labels
        assert labels["site"] == mine and labels["regions"] == [inventory.sites[mine].region]

"""Measuring points as they stand in the files: what is wrong with them is said with its line, and nothing is taken."""

from pathlib import Path

import pytest

from inventory.difference import touched_devices
from inventory.reading import check, load
from inventory.sample_network import generate

BASE = """
regions: {Dodoma: {name: Dodoma}}
institutions: {tra: {name: TRA, kind: mda}, nbs: {name: NBS, kind: mda}}
sites: {edge: {name: Edge, kind: upstream, region: Dodoma}}
devices: {edge-1: {site: edge, address: 10.0.0.1}}
points:
"""
OIDS = "in_oid: 1.3.6.1.4.1.9.1.1, out_oid: 1.3.6.1.4.1.9.1.2"


def mistakes(directory: Path, *points: str) -> list[str]:
    directory.joinpath("all.yaml").write_text(BASE.lstrip() + "".join(f"  {point}\n" for point in points))
    return [f"{one.line}: {one.message}" for one in check(directory)[1]]


def test_given_an_interface_or_two_counters_then_they_are_read(tmp_path: Path) -> None:
    points = ("a: {institution: tra, device: edge-1, interface: irb.1, faces: upstream}",)
    points += (f"b: {{institution: nbs, device: edge-1, {OIDS}}}",)
    assert mistakes(tmp_path, *points) == []
    read = load(tmp_path).points
    assert (read["a"].interface, read["a"].faces, read["b"].out_oid) == ("irb.1", "upstream", "1.3.6.1.4.1.9.1.2")


@pytest.mark.parametrize(
    ("point", "said"),
    [
        ("{institution: trr, device: edge-1, interface: x}", "institution 'trr' is no institution"),
        ("{institution: tra, device: edge-2, interface: x}", "device 'edge-2' is no device"),
        ("{institution: tra, device: edge-1, interface: x, contract: iru}", "contract 'iru' is no contract"),
        ("{institution: tra, device: edge-1}", "neither an interface nor in_oid and out_oid"),
        (f"{{institution: tra, device: edge-1, interface: x, {OIDS}}}", "either an interface or two counters"),
        ("{institution: tra, device: edge-1, in_oid: 1.3.6.1.4.1}", "key 'out_oid' is missing beside the other"),
        ("{institution: tra, device: edge-1, in_oid: 1.3.6.1.4, out_oid: 1.3.6.1.4}", "are the same counter"),
        ("{institution: tra, device: edge-1, in_oid: .1.3.6.1.4, out_oid: 1.3.6.1.5}", "is not an object identifier"),
        ("{institution: tra, device: edge-1, in_oid: 1.3.6.1.4294967296, out_oid: 1.3.6.1.5}", "object identifier"),
        ("{institution: tra, device: edge-1, interface: x, faces: west}", "faces 'west' is not one of institution"),
    ],
)
def test_given_a_point_that_cannot_be_measured_then_it_is_said(tmp_path: Path, point: str, said: str) -> None:
    [found] = mistakes(tmp_path, f"a: {point}")
    assert said in found and found.startswith("6: ")


def test_given_an_interface_counted_twice_for_one_institution_then_it_is_said(tmp_path: Path) -> None:
    twice = (
        "a: {institution: tra, device: edge-1, interface: x}",
        "b: {institution: tra, device: edge-1, interface: x}",
    )
    [found] = mistakes(tmp_path, *twice)
    assert "counted for 'tra' by point 'a' already" in found


def test_given_the_sample_then_it_has_vlans_and_a_class_counter() -> None:
    points = generate(149).points.values()
    assert {bool(point.interface) for point in points} == {True, False}
    assert all(point.device.startswith("dar-edge-") for point in points)


def test_given_a_point_that_changed_then_its_device_is_looked_at_anew(tmp_path: Path) -> None:
    mistakes(tmp_path, "a: {institution: tra, device: edge-1, interface: x}")
    before = load(tmp_path)
    mistakes(tmp_path, "a: {institution: tra, device: edge-1, interface: y}")
    assert touched_devices(before, load(tmp_path)) == {"edge-1"}

"""Outputs of real devices: every template parses as its authors expect, and our figures out of them make sense."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collectors.contract import NotParsed
from collectors.ssh.answer import Figures, read
from collectors.ssh.platforms import PLATFORMS
from collectors.ssh.question import Purpose, Template, Way
from collectors.ssh.templates import Templates
from tests.collectors.ssh.answers import JSON_ANSWERS, TEXT_ANSWERS
from tests.collectors.ssh.sshd import SHARED, needs_shared

TEMPLATES = Templates()
FOLDERS = {  # commands whose recording is filed under another spelling
    "interface ethernet monitor ether1 once": "interface_ethernet_monitor_name_once",
    "/routing bgp peer print status without-paging": "routing_bgp_peer_print_status",
}


def used() -> Iterator[tuple[str, Purpose, Way, Path]]:
    """(platform, purpose, way, recording) of all that is asked and was recorded."""
    for platform, row in PLATFORMS.items():
        for purpose, ways in row.ways.items():
            for way in ways:
                command = way.parse.command if isinstance(way.parse, Template) else way.command
                folder = FOLDERS.get(command, command.lstrip("/").replace(" ", "_"))
                for path in sorted((SHARED / platform / folder).glob("*.raw")):
                    yield platform, purpose, way, path


def figures(platform: str, way: Way, path: Path) -> Figures:
    return read(PLATFORMS[platform], way, path.read_bytes().decode(), TEMPLATES, platform)


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize("platform", sorted(set(PLATFORMS) - {"frr"}))
def test_given_the_recordings_of_a_platform_then_every_parse_equals_the_expected(platform: str) -> None:
    import yaml

    paths = sorted((SHARED / platform).rglob("*.raw"))
    assert paths
    for path in paths:
        expected = yaml.load(path.with_suffix(".yml").read_text(), Loader=yaml.CSafeLoader)["parsed_sample"]
        got = TEMPLATES.parse(platform, path.parent.name.replace("_", " "), path.read_bytes().decode())
        assert got == expected, path.name


@pytest.mark.shared
@needs_shared
def test_given_the_recordings_of_what_is_asked_then_the_figures_are_sane() -> None:
    seen = set()
    for platform, purpose, way, path in used():
        rows = figures(platform, way, path)
        seen.add((platform, purpose))
        assert rows, path.name
        for key, row in rows.items():
            assert sane(purpose, key, row), (path.name, key, row)
    assert {("cisco_ios", "bgp_prefixes"), ("juniper_junos", "routes"), ("cisco_nxos", "optical")} <= seen
    assert len(seen) >= 22


def sane(purpose: Purpose, key: str, row: Any) -> bool:
    if purpose in ("version", "hardware"):
        return key == "" and any(row.get(name) for name in ("version", "hardware"))
    if purpose == "optical":
        light = [row[name] for name in ("rx_dbm", "tx_dbm") if row[name] is not None]
        warm, current = row["temperature_c"], row["current_a"]
        return (
            all(-45 <= value <= 10 for value in light)
            and (warm is None or -10 < warm < 90)
            and (current is None or 0 <= current < 1)
        )
    return bool(key) and all(value is None or value >= 0 for value in row.values())


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(
    ("platform", "purpose", "key", "quantity", "value"),
    [
        ("cisco_ios", "bgp_prefixes", "10.0.0.4", "prefixes_received", 1351),
        ("cisco_ios", "bgp_prefixes", "10.0.0.10", "prefixes_received", None),  # Idle (Admin)
        ("cisco_ios", "optical", "Te1/49", "rx_dbm", -3.0),
        ("cisco_nxos", "bgp_prefixes", "10.0.0.11", "prefixes_received", 4452),  # wrapped over two lines
        ("cisco_nxos", "optical", "Ethernet3/1", "tx_dbm", -14.05),
        ("cisco_xr", "version", "", "version", "6.1.4"),
        ("cisco_xr", "hardware", "", "serial", "FLM27ABCDEF"),
        ("arista_eos", "bgp_prefixes", "10.17.254.78", "prefixes_received", 7),
        ("arista_eos", "version", "", "uptime_s", 3900),
        ("juniper_junos", "routes", "inet.0", "routes", 992253),
        ("juniper_junos", "version", "", "hardware", "mx240"),
        ("huawei_vrp", "bgp_prefixes", "192.168.1.11", "prefixes_received", 551),
        ("hp_comware", "bgp_prefixes", "2.114.82.34", "prefixes_received", None),  # Connect
        ("mikrotik_routeros", "hardware", "", "serial", "CC210E592C82"),
        ("fortinet", "version", "", "version", "6.0.7"),
    ],
)
def test_given_a_recording_then_this_is_what_it_says(
    platform: str, purpose: Purpose, key: str, quantity: str, value: object
) -> None:
    way, path = next((way, path) for name, what, way, path in used() if (name, what) == (platform, purpose))
    assert figures(platform, way, path)[key][quantity] == value


@pytest.mark.shared
@needs_shared
def test_rule_48_given_outputs_of_other_commands_then_they_are_errors_and_never_nothing() -> None:
    for platform, row in PLATFORMS.items():
        for ways in row.ways.values():
            for way in ways:
                for output in ("", "\n", "foo bar\n", "Last login: Mon Jan  1 from 10.0.0.1\n"):
                    if way.nothing and not output.strip():
                        continue  # RouterOS prints nothing where there is nothing
                    with pytest.raises(Exception, match=r".") as caught:
                        read(row, way, output, TEMPLATES, platform)
                    assert type(caught.value).__name__ in ("NotParsed", "Unsupported"), (platform, way.command, output)


@pytest.mark.parametrize(("platform", "purpose", "answer", "expected"), JSON_ANSWERS)
def test_given_a_structured_answer_then_its_figures_are_read(
    platform: str, purpose: Purpose, answer: Any, expected: dict[str, dict[str, Any]]
) -> None:
    way = PLATFORMS[platform].ways[purpose][0]
    output = f"Mon Jan  1 00:00:00.000 UTC\n{json.dumps(answer)}\n"
    assert read(PLATFORMS[platform], way, output, TEMPLATES, platform) == expected


@pytest.mark.parametrize(("platform", "purpose", "place", "output", "expected"), TEXT_ANSWERS)
def test_given_a_printed_answer_then_its_figures_are_read(
    platform: str, purpose: Purpose, place: int, output: str, expected: dict[str, dict[str, Any]]
) -> None:
    way = PLATFORMS[platform].ways[purpose][place]
    got = read(PLATFORMS[platform], way, output, TEMPLATES, platform)
    assert got == {key: {name: pytest.approx(value) for name, value in row.items()} for key, row in expected.items()}


def test_rule_48_given_lines_that_no_template_knows_then_the_rest_is_no_answer() -> None:
    row = PLATFORMS["cisco_xr"]
    head = (
        "BGP router identifier 1.1.1.1, local AS number 64512\n"
        "Neighbor        Spk    AS MsgRcvd MsgSent   TblVer  InQ OutQ  Up/Down  St/PfxRcd\n"
    )
    good = "10.0.0.1          0 64513   83403   96226 31259922    0    0     6w2d      34543\n"
    dotted = "10.0.0.2          0 1.100   83403   96226 31259922    0    0     6w2d      12\n"
    way = row.ways["bgp_prefixes"][0]
    assert read(row, way, head + good, TEMPLATES, "cisco_xr")["10.0.0.1"]["prefixes_received"] == 34543
    with pytest.raises(NotParsed, match="1 of 2 lines"):
        read(row, way, head + good + dotted, TEMPLATES, "cisco_xr")
    last = row.ways["bgp_prefixes"][-1]  # which understands an AS with a dot
    assert [*read(row, last, head + good + dotted, TEMPLATES, "cisco_xr")] == ["10.0.0.1", "10.0.0.2"]

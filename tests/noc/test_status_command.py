import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

from inventory.batch import Batch, Facts
from inventory.status import DaemonMark, Kind, StatusRow
from noc.cli.main import main
from noc.store.writer import MetricStore

HEAVY = ("numpy", "pydantic", "yaml", "sqlalchemy", "networkx", "pysnmp", "jinja2", "rich")


def row(of: Kind, key: str, state: str = "up", *, age_s: float = 2.0, **labels: Any) -> StatusRow:
    now = time.time()
    return StatusRow(of, key, {"name": key.title(), **labels}, state, since=now - 3600, at=now - age_s)


def network(directory: Path, mark: DaemonMark | None = None, rows: list[StatusRow] | None = None) -> Path:
    """A configuration with a metric file as a running daemon would have left it a second ago."""
    now = time.time()
    (directory / "data").mkdir()
    rows = rows or [
        row("link", "dod-chamwino", region="Dodoma", a="dod-pe-1:x", b="cha-1:y", provider="ttcl"),
        row("link", "dod-kondoa", "down", region="Dodoma", a="dod-pe-1:z", b="kon-1:y", provider="ttcl"),
        row("link", "tan-mkinga", region="Tanga", a="tan-pe-1:x", b="mki-1:y", provider="ttcl"),
        row("site", "lga-kondoa", "down", region="Dodoma", kind="lga"),
        row("device", "kon-1", "down", region="Dodoma", site="lga-kondoa"),
    ]
    with MetricStore(directory / "data" / "metrics.db") as store:
        store.put_status(rows)
        store.mark(mark or DaemonMark(at=now - 1, started=now - 60, pid=1, version="0.1.0"))
        store.put_facts(Facts("kon-1", "system", int(now), {"sysName": "kon-1", "sysDescr": "Junos"}))
        interfaces = [{"key": "ge-0", "ifIndex": 7, "ifName": "ge-0", "admin": 1, "oper": 1, "speed_bps": 10**9}]
        store.put_facts(
            Facts("kon-1", "interfaces", int(now), {"interfaces": [*interfaces, {"key": "lo", "ifIndex": 1}]})
        )
        values = np.array([[5e6], [np.nan], [2.0], [1.0]])
        quantities = ("in_bps", "out_bps", "oper_status", "admin_status")
        store.append([Batch("interface", "kon-1", int(now), ("ge-0",), quantities, values)])
        store.commit()
    configuration = directory / "noc.toml"
    configuration.write_text('[poller]\nattached_to = "dod-pe-1"\ngateway = "dod-pe-1"\n')
    return configuration


def run(configuration: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(configuration), *words])


def test_given_links_then_the_worst_is_first(tmp_path: Path) -> None:
    result = run(network(tmp_path), "link", "status")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0].startswith("3 links: 2 up · 1 down · data ")
    assert lines[2].startswith("■ down dod-pe-1–kon-1")
    assert max(map(len, lines)) <= 80


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (("region=Dodoma",), {"dod-chamwino", "dod-kondoa"}),
        (("region=Dodoma", "--down"), {"dod-kondoa"}),
        (("state=up", "region!=Tanga"), {"dod-chamwino"}),
        (("mkinga",), {"tan-mkinga"}),
    ],
)
def test_given_a_selector_then_only_those(tmp_path: Path, words: tuple[str, ...], keys: set[str]) -> None:
    answer = json.loads(run(network(tmp_path), "link", "status", *words, "--json").output)
    assert {each["key"] for each in answer["links"]} == keys


def test_given_json_then_keys_and_times_are_for_machines(tmp_path: Path) -> None:
    answer = json.loads(run(network(tmp_path), "site", "status", "--json").output)
    assert set(answer) == {"at", "daemon", "total", "counts", "warnings", "sites"}
    assert answer["daemon"]["state"] == "running"
    assert 0 <= answer["daemon"]["data_age_s"] < 10
    (site,) = answer["sites"]
    assert site["since"].endswith("Z")
    assert (site["state"], site["stale"]) == ("down", False)
    assert set(site) == {
        "key", "state", "since", "reason", "flags", "at", "age_s", "stale", "labels", "figures", "note", "sentence",
    }  # fmt: skip


def test_given_check_then_the_status_tells_whether_all_is_well(tmp_path: Path) -> None:
    configuration = network(tmp_path)
    assert run(configuration, "link", "status", "region=Tanga", "--check").exit_code == 0
    assert run(configuration, "link", "status", "--check").exit_code == 1
    assert run(configuration, "link", "status", "region=Mbeya", "--check").exit_code == 1
    assert run(configuration, "link", "status").exit_code == 0


def test_given_an_unknown_label_then_two_and_a_hint(tmp_path: Path) -> None:
    result = run(network(tmp_path), "link", "status", "regoin=Dodoma")
    assert result.exit_code == 2
    assert "did you mean 'region'?" in result.output


def test_given_a_stopped_daemon_then_it_answers_and_says_how_old_that_is(tmp_path: Path) -> None:
    now = time.time()
    configuration = network(tmp_path, DaemonMark(at=now - 600, started=now - 9000, stopped=now - 600))
    result = run(configuration, "device", "status")
    assert result.exit_code == 0
    assert result.output.startswith("The daemon was stopped 10 min ago")
    answer = json.loads(run(configuration, "device", "status", "--json").output)
    assert answer["daemon"]["state"] == "stopped"
    assert answer["devices"][0]["stale"] is True
    assert run(configuration, "link", "status", "region=Tanga", "--check").exit_code == 1, "not known to be well"


def test_given_no_data_yet_then_two_and_one_line(tmp_path: Path) -> None:
    configuration = tmp_path / "noc.toml"
    configuration.write_text("")
    result = run(configuration, "link", "status")
    assert result.exit_code == 2
    assert len(result.output.splitlines()) == 1
    assert run(tmp_path / "none.toml", "link", "status").exit_code == 2


def test_given_facts_then_the_newest_rates_stand_beside_them(tmp_path: Path) -> None:
    answer = json.loads(run(network(tmp_path), "device", "facts", "--json").output)
    system, interfaces = answer["kon-1"]["system"], answer["kon-1"]["interfaces"]
    assert system["sysName"] == "kon-1"
    assert interfaces[0]["ifIndex"] == 7
    assert (interfaces[0]["in_bps"], interfaces[0]["out_bps"]) == (5e6, None)
    assert (interfaces[0]["oper"], interfaces[0]["admin"]) == (2, 1)
    assert interfaces[1]["in_bps"] is None


def test_given_facts_for_people_then_a_table(tmp_path: Path) -> None:
    result = run(network(tmp_path), "device", "facts", "kon-1")
    assert result.exit_code == 0
    assert "sysDescr    Junos" in result.output
    assert "5 Mb/s" in result.output


def test_given_facts_of_a_device_that_nobody_knows_then_two_and_a_hint(tmp_path: Path) -> None:
    result = run(network(tmp_path), "device", "facts", "kon-2")
    assert result.exit_code == 2
    assert "did you mean 'kon-1'?" in result.output


@pytest.mark.parametrize("kind", ["link", "site", "device"])
@pytest.mark.parametrize("machine", [(), ("--json",)])
def test_given_a_status_command_then_nothing_heavy_is_imported(
    tmp_path: Path, kind: str, machine: tuple[str, ...]
) -> None:
    configuration = network(tmp_path)
    code = (
        "import sys\nfrom noc.cli.main import main\n"
        "try:\n main()\nexcept SystemExit as end:\n assert not end.code, end.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", code, "-c", str(configuration), kind, "status", *machine]
    found = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONUTF8": "1"})
    assert found.stderr.strip() == "[]"

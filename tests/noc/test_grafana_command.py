"""`noc grafana export`: files for Grafana's own folders, whole or not at all, and no secret in them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inventory.skeleton import write_sample
from noc.cli.main import main


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("grafana") / "net"
    write_sample(place, sites=3, one_address=False)
    return place


def call(home: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(home / "noc.toml"), "grafana", "export", *words])


def test_given_an_inventory_then_five_dashboards_and_their_provisioning_are_written(home: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = call(home, str(out), "--url", "http://influx.example:8086", "--path", "/srv/dashboards")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (out / "dashboards").iterdir()) == [
        "health.json",
        "iru.json",
        "link.json",
        "overview.json",
        "site.json",
    ]
    source = (out / "provisioning" / "datasources" / "govnet-noc.yaml").read_text()
    told = json.loads(source.partition("\n")[2])
    assert told["datasources"][0]["url"] == "http://influx.example:8086"
    assert told["datasources"][0]["secureJsonData"] == {"password": "$NOC_GRAFANA_PASSWORD"}
    assert "/srv/dashboards" in (out / "provisioning" / "dashboards" / "govnet-noc.yaml").read_text()
    assert call(home, str(out), "--url", "http://influx.example:8086").exit_code == 0  # again over what is there


def test_given_no_influxdb_then_it_says_what_to_name(home: Path, tmp_path: Path) -> None:
    done = call(home, str(tmp_path / "out"))
    assert done.exit_code == 2 and "--url" in done.output
    assert not (tmp_path / "out").exists()


def test_given_a_folder_that_cannot_be_written_then_it_is_a_line(home: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "dashboards").write_text("in the way")
    done = call(home, str(tmp_path / "out"), "--url", "http://influx.example:8086")
    assert done.exit_code == 2 and "dashboards" in done.output and "Traceback" not in done.output

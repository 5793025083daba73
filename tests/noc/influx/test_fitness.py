"""What `noc check` finds wrong with [influxdb]: in the file a mistake, beside it a warning, and never a secret."""

from pathlib import Path

import pytest

from inventory.mistakes import MistakesError
from inventory.secrets import Secrets
from noc.config import load
from noc.influx.fitness import check_influxdb

TOKEN = {("influxdb", "token"): "s3cret-token"}
USER = {("influxdb", "user"): "noc", ("influxdb", "password"): "s3cret-word"}


def written(tmp_path: Path, lines: str) -> Path:
    path = tmp_path / "noc.toml"
    path.write_text(f'[poller]\nattached_to = "a"\ngateway = "b"\n{lines}')
    return path


@pytest.mark.parametrize(
    ("lines", "secrets", "said"),
    [
        ('url = "http://10.1.2.3:8086"', TOKEN, ["everybody on the way reads the token"]),
        ('url = "http://influx.go.tz:8086"', USER, ["everybody on the way reads the user and password"]),
        ('url = "http://influx.go.tz:8086"', {}, []),
        ('url = "https://influx.go.tz"', TOKEN, []),
        ('url = "http://127.0.0.1:8086"', USER, []),
        ('url = "http://localhost:8086"', TOKEN | USER, ["has a token and a user"]),
        ('url = "http://localhost:8086"', {("influxdb", "user"): "noc"}, ["user or a password, and not both"]),
        ('url = "http://localhost:8086"\nbucket = "/autogen"', {}, ["bucket is empty"]),
        ('[store]\nhistory = "influxdb"', {}, ["nothing older is read"]),
        ("", TOKEN, []),
    ],
)
def test_given_a_configuration_then_what_cannot_work_or_is_read_by_others_is_said(
    tmp_path: Path, lines: str, secrets: dict[tuple[str, str], str], said: list[str]
) -> None:
    found = check_influxdb(load(written(tmp_path, f"[influxdb]\n{lines}\n")), Secrets(secrets))
    assert len(found) == len(said)
    for mistake, words in zip(found, said, strict=True):
        assert words in mistake.message
        assert "s3cret" not in str(mistake)


@pytest.mark.parametrize(
    "url",
    [
        "influx:8086",
        "ftp://influx",
        "http://",
        "http://a b",
        "http://h:99999",
        "http://h/?q=1",
        "http://[::1",
        "http://u:s3cret@h",
    ],
)
def test_given_an_address_that_is_none_then_it_is_a_mistake_with_its_line(tmp_path: Path, url: str) -> None:
    with pytest.raises(MistakesError) as caught:
        load(written(tmp_path, f'[influxdb]\nurl = "{url}"\n'))
    [mistake] = caught.value.mistakes
    assert mistake.line == 5
    assert "[influxdb]" in mistake.message or "http://influx.example:8086" in mistake.message


def test_given_a_path_behind_the_address_then_it_is_taken(tmp_path: Path) -> None:
    path = written(tmp_path, '[influxdb]\nurl = "https://metrics.go.tz/influx/"\n')
    assert load(path).influxdb.url == "https://metrics.go.tz/influx"

"""What export writes, import reads back, in every format; a file with anything wrong is not taken at all."""

import gzip
import tempfile
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.batch import Batch
from noc.cli.main import main
from noc.store.reader import MetricReader
from noc.store.writer import MetricStore
from tests.noc.store.polls import START, batch

FILES = ("x.lp", "x.lp.gz", "x.csv", "x.csv.gz", "x.parquet")
NAMES = ("in_bps", "in_errors_ps", "oper_status", "span_s")

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
levels = st.one_of(st.just(float("nan")), st.integers(-(10**12), 10**12).map(lambda steps: steps / 1000))


def home(place: Path) -> Path:
    """A configuration whose data lies beside it; gives the metric file."""
    (place / "data").mkdir(parents=True)
    (place / "noc.toml").write_text('[data]\ndir = "data"\n')
    return place / "data" / "metrics.db"


def noc(place: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["-c", str(place / "noc.toml"), *arguments])


def known(path: Path) -> dict[tuple[str, str, str, int, str], float]:
    """Every value there is."""
    found = {}
    with MetricReader(path) as reader:
        for stream in reader.subjects():
            for one in reader.batches(stream.measurement, stream.scope, start=0, end=1 << 32):
                for row, column in zip(one.rows, one.values.T.tolist(), strict=True):
                    for name, value in zip(one.quantities, column, strict=True):
                        if not np.isnan(value):
                            found[one.measurement, one.scope, row, one.at, name] = value
    return found


@settings(deadline=None, max_examples=4)
@given(
    scopes=st.lists(names, min_size=1, max_size=3, unique=True),
    rows=st.lists(names, min_size=1, max_size=3, unique=True),
    polls=st.lists(st.lists(levels, min_size=12, max_size=12), min_size=1, max_size=6),
)
def test_any_values_come_back_from_every_format(scopes: list[str], rows: list[str], polls: list[list[float]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        path = home(place / "one")
        with MetricStore(path) as store:
            for number, (poll, scope) in enumerate((poll, scope) for poll in polls for scope in scopes):
                wide = rows[: 1 + number % len(rows)]
                values = np.array(poll).reshape(4, 3)[:, : len(wide)]
                at = START + 60 * (number // len(scopes))
                store.append([Batch("interface", scope, at, tuple(wide), NAMES, values)])
        before = known(path)
        for number, file in enumerate(FILES):
            said = noc(place / "one", "store", "export", str(place / file))
            assert said.exit_code == 0, said.output
            copy = home(place / f"copy-{number}")
            for _ in range(2):  # taking a file twice is taking it once
                said = noc(place / f"copy-{number}", "store", "import", str(place / file))
                assert said.exit_code == 0, said.output
                assert known(copy) == pytest.approx(before, rel=1e-12)


def filled(place: Path) -> Path:
    path = home(place)
    with MetricStore(path) as store:
        store.append(batch(START + 60 * k) for k in range(1, 200))
        store.append(
            Batch("ping", "dar-edge-1", START + 60 * k, ("ping",), ("rtt_ms",), np.array([[k / 10]]))
            for k in range(1, 200)
        )
    return path


def test_what_is_asked_for_is_what_is_exported(tmp_path: Path) -> None:
    filled(tmp_path)
    said = noc(
        *(tmp_path, "store", "export", str(tmp_path / "a.csv"), "--measurement", "ping"),
        *("--from", "2026-09-01T00:10:00Z", "--to", "2026-09-01T00:20:00Z"),
    )
    assert said.exit_code == 0, said.output
    lines = (tmp_path / "a.csv").read_text().splitlines()
    assert lines[:2] == ["at,measurement,scope,row,rtt_ms", "2026-09-01T00:10:00Z,ping,dar-edge-1,ping,1"]
    assert len(lines) == 11


def test_a_step_gives_means_which_are_not_taken_in_again(tmp_path: Path) -> None:
    path = filled(tmp_path)
    before = known(path)
    for file in ("a.csv", "a.lp", "a.parquet"):
        said = noc(tmp_path, "store", "export", str(tmp_path / file), "--step", "5m")
        assert said.exit_code == 0, said.output
        refused = noc(tmp_path, "store", "import", str(tmp_path / file))
        assert refused.exit_code == 2
        assert "export without --step" in refused.output
    assert known(path) == before
    heading = (tmp_path / "a.csv").read_text().splitlines()[0].split(",")
    assert {"mean_in_bps", "max_in_bps", "covered_s_in_bps", "up_s"} <= set(heading)
    assert b"interface_5m,device=dar-edge-1,interface=lo0 " in (tmp_path / "a.lp").read_bytes()


BAD_CSV = """at,measurement,scope,row,in_bps
2026-09-01T00:00:00Z,interface,d,a,1
yesterday,interface,d,a,1
2026-09-01T00:01:00Z,interface,d,a,many
2026-09-01T00:02:00Z,interface,d,a
2026-09-01T00:01:30Z,interface,e,a,1
2026-09-01T00:01:00Z,interface,e,a,1
2026-09-01T00:02:00Z,interface,e,a,inf
2026-09-01T00:02:00Z,interface,d,a,2
"""
BAD_LP = b"""interface,device=d,interface=a in_bps=1i 1788220800
interface,device=d,interface=a in_bps="text" 1788220860
interface,device=d,colour=red in_bps=1i 1788220920
interface,device=d,interface=a in_bbs=1i 1788220980
\xff\xfe
interface,device=d,interface=a in_bps=1i 1788220800
interface,device=d,interface=a in_bps=1i 99999999999999
"""


@pytest.mark.parametrize(
    ("file", "content", "lines"),
    [("bad.csv", BAD_CSV.encode(), (3, 4, 5, 7, 8, 9)), ("bad.lp", BAD_LP, (2, 3, 4, 5, 6, 7))],
)
def test_all_that_is_wrong_is_named_by_line_and_nothing_is_taken(
    tmp_path: Path, file: str, content: bytes, lines: tuple[int, ...]
) -> None:
    path = filled(tmp_path)
    before = known(path)
    (tmp_path / file).write_bytes(content)
    said = noc(tmp_path, "store", "import", str(tmp_path / file))
    assert said.exit_code == 2
    assert "Traceback" not in said.output
    assert [int(line.split(f"{file}:")[1].split(":")[0]) for line in said.output.splitlines()] == [*lines]
    assert known(path) == before


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("x.csv", b""),
        ("x.csv", b"a,b,c\n1,2,3\n"),
        ("x.csv", b'at,measurement,scope,row,in_bps\n"never closed'),
        ("x.csv.gz", gzip.compress(BAD_CSV.encode(), mtime=0)[:40]),
        ("x.parquet", b"PAR1 is not enough"),
        ("x.lp", b"no line\n" * 1000),
        ("x.csv", b"at,measurement,scope,row,in_bps\n" + b"x" * (2 << 20)),
    ],
)
def test_files_that_are_no_such_files_are_refused_in_a_line(tmp_path: Path, file: str, content: bytes) -> None:
    filled(tmp_path)
    (tmp_path / file).write_bytes(content)
    said = noc(tmp_path, "store", "import", str(tmp_path / file))
    assert said.exit_code == 2
    assert file in said.output
    assert len(said.output.splitlines()) <= 100


def test_the_daemon_must_be_down_and_the_file_be_there(tmp_path: Path) -> None:
    path = filled(tmp_path)
    assert noc(tmp_path, "store", "export", str(tmp_path / "a.csv")).exit_code == 0
    with MetricStore(path):
        said = noc(tmp_path, "store", "import", str(tmp_path / "a.csv"))
    assert said.exit_code == 2
    assert "stop it first" in said.output
    assert noc(tmp_path, "store", "import", str(tmp_path / "none.csv")).exit_code == 2
    assert noc(tmp_path, "store", "import", str(tmp_path / "noc.toml")).exit_code == 2


def test_what_was_never_measured_is_said_and_the_old_file_stays(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "a.csv").write_text("precious")
    for wrong in (
        ["--measurement", "interfaces"],
        ["--scope", "dar-edge-9"],
        ["--from", "2020-01-01", "--to", "2019-01-01"],
    ):
        said = noc(tmp_path, "store", "export", str(tmp_path / "a.csv"), *wrong)
        assert said.exit_code == 2
        assert len(said.output.splitlines()) == 1
    assert (
        "did you mean"
        in noc(tmp_path, "store", "export", str(tmp_path / "a.csv"), "--measurement", "interfaces").output
    )
    assert (tmp_path / "a.csv").read_text() == "precious"
    assert sorted(found.name for found in tmp_path.iterdir()) == ["a.csv", "data", "noc.toml"]


def test_stats_tell_sizes_and_layers(tmp_path: Path) -> None:
    path = filled(tmp_path)
    with MetricStore(path) as store:
        store.seal(START + 40 * 86400)
    said = noc(tmp_path, "store", "stats")
    assert said.exit_code == 0, said.output
    assert "days at full resolution" in said.output
    assert max(map(len, said.output.splitlines()[1:])) <= 80
    import json

    machine = json.loads(noc(tmp_path, "store", "stats", "--json").output)
    assert {layer["layer"]: layer["chunks"] for layer in machine["layers"]}["hourly"] == 2
    assert machine["first_at"] == "2026-09-01T00:00:00Z"
    assert sum(layer["bytes"] for layer in machine["layers"]) < machine["file_bytes"]

"""Status rows, the daemon's line and facts: written when they change, read with the standard library alone."""

import sqlite3
from pathlib import Path

import pytest

from inventory.batch import Facts
from inventory.status import DaemonMark, StatusRow
from noc.store.file import StoreMissing
from noc.store.status import read_facts, read_mark, read_status
from noc.store.writer import MetricStore
from tests.noc.store.polls import python

LABELS: dict[str, str | float | list[str]] = {
    "name": "Dodoma",
    "regions": ["Dodoma", "Singida"],
    "in_committed_bps": 8.5e6,
    "name_sw": "Makao makuu",
}


def row(key: str) -> StatusRow:
    return StatusRow("link", key, LABELS, "up", 12.5, "", ("flapping",), 100.0, {"in_bps": 5.0, "cause": "x"})


def labels_written(path: Path) -> int:
    with sqlite3.connect(path) as db:
        found: int = db.execute("SELECT count(*) FROM label").fetchone()[0]
    db.close()
    return found


def test_rows_are_read_back_by_kind_and_key(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    site = StatusRow("site", "lga-chamwino", state="degraded", figures={"links": 2})
    with MetricStore(path) as store:
        store.put_status([row("b"), row("a"), site])
        store.commit()
        assert read_status(path, "link") == [row("a"), row("b")]
        assert read_status(path, "site") == [site]
        assert read_status(path, "device") == []


def test_a_row_put_again_replaces_its_figures_and_leaves_others_alone(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    down = StatusRow("link", "a", LABELS, "down", 130.0, "no-path", (), None, {})
    moved = StatusRow("link", "b", LABELS | {"name": "Singida"}, "up")
    with MetricStore(path) as store:
        store.put_status([row("a"), row("b")])
        store.commit()
        store.put_status([row("a"), down])
        store.commit()
        assert read_status(path, "link") == [down, row("b")]
        store.put_status([moved])
        store.commit()
    assert read_status(path, "link") == [down, moved]


def test_unchanged_labels_and_facts_cost_no_write(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        store.put_status([row("a")])
        store.put_facts(Facts("d", "system", 5, {"name": "x"}))
        store.commit()
    with MetricStore(path) as store:
        with sqlite3.connect(path) as db:
            db.execute("DELETE FROM label")
        db.close()
        store.put_status([StatusRow("link", "a", dict(LABELS), "down")])
        store.put_facts(Facts("d", "system", 9, {"name": "x"}))
        store.commit()
        assert labels_written(path) == 0
        assert read_facts(path)[0]["at"] == 5


def test_a_removed_row_is_gone_and_may_come_back(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        store.put_status([row("a"), row("b")])
        store.remove_status("link", ["a"])
        store.commit()
        assert read_status(path, "link") == [row("b")]
        store.remove_status("link", ["b"])
        store.put_status([row("b")])
        store.commit()
        assert read_status(path, "link") == [row("b")]


def test_the_mark_is_absent_until_written_and_then_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    with MetricStore(path) as store:
        assert read_mark(path) is None
        for at in (1.0, 2.0):
            store.mark(DaemonMark(at, 0.5, 42, "1.0", stopped=None))
            store.commit()
    assert read_mark(path) == DaemonMark(2.0, 0.5, 42, "1.0", stopped=None)


def test_rule_40_facts_keep_any_text_and_are_chosen_by_device_and_part(tmp_path: Path) -> None:
    path = tmp_path / "metrics.db"
    content = {"alias": "a\nb\0c\"d'e 中国 \\xff", "octets": [1, 2**63], "lone": "\ud800"}
    with MetricStore(path) as store:
        store.put_facts(Facts("d", "system", 5, content))
        store.put_facts(Facts("d", "interfaces", 6, {"ge-0/0/0": {"speed": 10}}))
        store.put_facts(Facts("e", "system", 7, {}))
        store.commit()
        store.put_facts(Facts("e", "system", 8, {"name": "e"}))
        store.commit()
    assert read_facts(path, "d", "system") == [{"device": "d", "part": "system", "at": 5, "content": content}]
    assert [facts["part"] for facts in read_facts(path, "d")] == ["interfaces", "system"]
    assert [facts["at"] for facts in read_facts(path, part="system")] == [5, 8]
    assert len(read_facts(path)) == 3


def test_no_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="noc run"):
        read_status(tmp_path / "metrics.db", "link")


def test_reading_status_imports_no_heavy_library() -> None:
    heavy = "{'numpy', 'pydantic', 'yaml', 'networkx', 'pysnmp', 'pcodec', 'zstandard'}"
    found = python(f"import sys, noc.store.status; print({heavy} & sys.modules.keys())")
    assert found.stdout.strip() == "set()"

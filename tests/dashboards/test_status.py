import io

import pytest

from dashboards.facts import facts_lines
from dashboards.figures import iso
from dashboards.layout import Column, Line, cut, plain_table
from dashboards.status import StatusView, sentence, view
from dashboards.status_told import as_json, wrong
from dashboards.terminal import plain_lines, print_status
from inventory.status import DaemonMark, Kind, StatusRow

NOW = 1_784_581_200.0
MARK = DaemonMark(at=NOW - 1, started=NOW - 3600)


def link(key: str, state: str = "up", **more: object) -> StatusRow:
    labels = {
        "a": f"dod-pe-1:ge-{key}",
        "b": f"{key}-router:ge-0/0/0",
        "provider": "ttcl",
        "in_committed_bps": 100e6,
        "out_committed_bps": 100e6,
    }
    figures = {
        "in_bps": 41e6,
        "out_bps": 9e6,
        "in_ratio": 0.41,
        "out_ratio": 0.09,
        "errors_ps": 0.0,
        "measured_at": NOW - 9,
    }
    fields: dict[str, object] = {"since": NOW - 7200, "at": NOW - 3, "figures": figures, **more}
    return StatusRow("link", key, labels, state, **fields)  # type: ignore[arg-type]


def text_of(rows: list[StatusRow], mark: DaemonMark | None = MARK, kind: Kind = "link", room: int = 80) -> list[str]:
    return list(plain_lines(view(kind, rows, mark, NOW), room))


def test_given_rows_then_the_worst_come_first_and_busy_ones_before_idle() -> None:
    busy = link("busy", figures={"in_ratio": 0.9})
    rows = [link("a"), busy, link("gone", "down"), link("far", "unreachable"), link("mute", reason="agent-silent")]
    assert [row.key for row in view("link", rows, MARK, NOW).rows] == ["gone", "far", "mute", "busy", "a"]
    assert [row.key for row in view("link", rows, MARK, NOW, sort="name").rows] == ["a", "busy", "far", "gone", "mute"]
    assert view("link", rows, MARK, NOW, sort="use").rows[0].key == "busy"


def test_given_a_link_up_then_its_line_tells_rates_use_since_and_age() -> None:
    heading, columns, line = text_of([link("chamwino")])
    assert heading == "1 link: 1 up · data 3 s old · 00:00 EAT"
    assert columns.split() == ["state", "link", "in", "out", "use", "%", "err/s", "since", "age"]
    assert line.split() == [
        "·",
        "up",
        "dod-pe-1–chamwino-router",
        "41",
        "Mb/s",
        "9",
        "Mb/s",
        "41/9",
        "0",
        "20",
        "Jul",
        "3",
        "s",
    ]


def test_given_out_busier_than_in_then_the_worse_direction_is_first() -> None:
    line = text_of([link("x", figures={"in_ratio": 0.1, "out_ratio": 0.8, "in_bps": 1e7, "out_bps": 8e7})])[-1]
    assert "80/10" in line


@pytest.mark.parametrize("room", [80, 60])
@pytest.mark.parametrize("state", ["up", "down", "unreachable", "unknown"])
def test_given_long_names_then_no_line_is_wider_than_the_terminal(state: str, room: int) -> None:
    rows = [link("a-council-with-a-very-long-name" * 2, state, reason="credentials-refused", flags=("rate-refused",))]
    assert max(len(line) for line in text_of(rows, room=room)) <= room


def test_given_something_behind_another_then_it_says_behind_what() -> None:
    line = text_of([link("x", "unreachable", figures={"cause": "dod-pe-1", "in_bps": 1.0, "measured_at": NOW})])[-1]
    assert line.startswith("▽ unreachable dod-pe-1–x-router behind dod-pe-1")


def test_given_a_rate_older_than_its_state_then_it_is_not_shown() -> None:
    old = link("x", reason="agent-silent", figures={"in_bps": 41e6, "measured_at": NOW - 76})
    assert "Mb/s" not in text_of([old])[-1]


def test_given_a_link_down_then_no_rate_of_before_is_shown() -> None:
    assert "Mb/s" not in text_of([link("x", "down", since=NOW - 5)])[-1]
    assert "Mb/s" in text_of([link("x", "down", since=NOW - 50)])[-1]


def test_rule_22_data_that_is_old_is_said_above_the_table_and_not_shown_as_fine() -> None:
    warning, _, _, line, _ = text_of([link("a", at=NOW - 300), link("b")])
    assert warning == "1 of 2 have no fresh data; the oldest is 5 min old."
    fresh = next(line for line in text_of([link("a", at=NOW - 300), link("b")]) if "a-router" in line)
    assert fresh.startswith("◌ was up")
    assert line


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        (None, "No daemon has written here yet"),
        (DaemonMark(at=NOW - 3600, started=NOW - 7200), "written nothing for 1 h (since 20 Jul 23:00 EAT)"),
        (DaemonMark(at=NOW - 60, started=NOW - 7200, stopped=NOW - 60), "was stopped 60 s ago"),
        (DaemonMark(at=NOW - 1, started=NOW - 7200, blind_since=NOW - 240), "cut off from the network for 4 min"),
    ],
)
def test_given_no_daemon_then_that_is_the_first_line(mark: DaemonMark | None, said: str) -> None:
    lines = text_of([link("a", at=NOW - 4000)], mark)
    assert said in lines[0]
    assert "was up" in lines[-1]


def test_rule_22_given_a_poller_that_sees_nothing_then_what_was_up_is_not_said_to_be_so() -> None:
    blind = DaemonMark(at=NOW - 1, started=NOW - 7200, blind_since=NOW - 240)
    assert "was up" in text_of([link("a", at=NOW - 1)], blind)[-1]
    seen = view("link", [link("a", at=NOW - 1)], blind, NOW)
    daemon = as_json(seen, blind)["daemon"]
    assert (daemon["state"], daemon["data_age_s"], daemon["blind_since"]) == ("running", 240.0, iso(NOW - 240))
    assert wrong(seen, link("a", at=NOW - 1)) and seen.heading[1].startswith("data 4 min old")


def test_given_two_links_between_the_same_devices_then_their_keys_tell_them_apart() -> None:
    twins = [link("x"), StatusRow("link", "x-backup", link("x").labels, "up", at=NOW)]
    assert {"x", "x-backup"} <= {word for line in text_of(twins) for word in line.split()}


def test_given_an_external_circuit_then_the_provider_stands_for_the_far_end() -> None:
    row = StatusRow("link", "up-1", {"a": "edge:x", "b": "external", "provider": "seacom"}, "up", at=NOW)
    assert "edge–seacom" in text_of([row])[-1]


def test_given_sites_and_devices_then_they_have_their_own_columns() -> None:
    site = StatusRow(
        "site", "lga-x", {"kind": "lga", "region": "Tanga"}, "degraded", at=NOW,
        figures={"devices": 2, "devices_up": 1, "links": 2, "links_up": 2},
    )  # fmt: skip
    heading, _, line = text_of([site], kind="site")
    assert heading.startswith("1 site: 1 degraded")
    assert line.split() == ["△", "degraded", "lga-x", "lga", "Tanga", "1/2", "2/2", "–", "0", "s"]
    device = StatusRow("device", "r1", {"site": "lga-x"}, "up", at=NOW, figures={"rtt_ms": 3.21, "loss_ratio": 0.0})
    assert text_of([device], kind="device")[-1].split()[2:6] == ["r1", "lga-x", "3.2", "0"]


def test_given_a_limit_then_the_rest_is_counted() -> None:
    seen = view("link", [link(f"l{number}") for number in range(9)], MARK, NOW, limit=2)
    assert list(plain_lines(seen))[-1] == "... and 7 more; --limit 0 shows all"
    assert seen.heading[0] == "9 links: 9 up"


def test_given_a_row_then_its_sentence_tells_the_story() -> None:
    assert sentence(link("x"), NOW) == "Up for 2 h; in 41 Mb/s of 100 Mb/s; out 9 Mb/s of 100 Mb/s"
    down = StatusRow("link", "x", {}, "down", NOW - 60, "no-path", at=NOW)
    assert sentence(down, NOW) == "Down since 20 Jul 23:59 EAT (port up, no path)"


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def shown(seen: StatusView, environ: dict[str, str]) -> str:
    stream = Terminal()
    print_status(seen, stream, environ)
    return stream.getvalue()


def test_given_a_terminal_then_only_what_is_not_well_has_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("NO_COLOR", raising=False)
    seen = view("link", [link("fine"), link("gone", "down")], MARK, NOW)
    coloured = [line for line in shown(seen, {}).splitlines() if "\x1b[" in line]
    assert any("gone" in line for line in coloured)
    assert not any("fine" in line for line in coloured)


def test_given_no_color_then_no_colour_even_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    seen = view("link", [link("gone", "down")], MARK, NOW)
    text = shown(seen, {"NO_COLOR": "1"})
    assert "38;" not in text
    assert "■ down" in text


def test_given_a_pipe_then_plain_text() -> None:
    stream = io.StringIO()
    print_status(view("link", [link("gone", "down")], MARK, NOW), stream, {})
    assert "\x1b" not in stream.getvalue()
    assert "■ down" in stream.getvalue()


def test_given_a_terminal_of_ascii_only_then_glyphs_of_ascii() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    print_status(view("link", [link("gone", "down")], MARK, NOW), stream, {})
    stream.flush()
    assert b"# down" in stream.buffer.read() or b"# down" in stream.buffer.getvalue()


def test_given_text_too_long_then_its_middle_goes() -> None:
    assert cut("dod-pe-1–lga-chamwino-r1", 15) == "dod-pe-…mwino-r1"[:8] + "mwino-r1"[-7:]
    assert cut("short", 15) == "short"


def test_given_a_note_and_no_room_in_the_row_then_it_stands_below() -> None:
    columns = (Column("state"), Column("name"))
    assert list(plain_table(columns, [Line("up", ("up", "r1"), "why it is so")], 40)) == [
        "state name",
        "up    r1",
        "      why it is so",
    ]


def test_rule_40_text_of_devices_is_one_printable_line() -> None:
    content = {
        "system": {"sysDescr": "Junos\r\nOS \x00\x1b[31m x"},
        "interfaces": [{"key": "ge-0/0/0", "ifAlias": "to\nTanga\x07", "oper": 6, "speed_bps": 1e9, "in_bps": None}],
        "at": {"system": "2026-07-20T21:00:00Z"},
    }
    lines = facts_lines("r1", content)
    assert all(line.isprintable() for line in lines)
    assert any("Junos OS [31m x" in line for line in lines)
    assert any("notPresent" in line and "1 Gb/s" in line for line in lines)

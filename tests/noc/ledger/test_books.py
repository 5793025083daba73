"""What is put into the ledger comes out of it as it was, and what must not change does not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alarm import Phase
from alerts.books import Books, CodeState, Ledger, LedgerError, Overtaken, Reply
from alerts.incident import IncidentState
from alerts.notification import Fate
from alerts.roster import Override
from alerts.subject import Subject
from alerts.window import Window
from tests.noc.ledger.stage import NOW, alarm, entry, incident, ledger, notification


@contextmanager
def books(path: Path) -> Iterator[Books]:
    with ledger(path / "ledger.db") as opened:
        kept: Ledger = opened
        with kept.transaction() as found:
            yield found


def test_given_an_incident_then_it_comes_back_as_it_was(tmp_path: Path) -> None:
    with books(tmp_path) as found:
        kept = found.add(incident())
        assert kept == incident(number=1, revision=1)
        assert found.incident(1) == kept
        assert found.incident(2) is None
    with books(tmp_path) as found:
        changed = found.put(replace(kept, state=IncidentState.WAITING, ticket="TTCL 7", next_check_at=NOW + 7200))
        assert changed.revision == 2
        assert found.incident(1) == changed


def test_given_incidents_then_they_are_found_by_state_time_and_root(tmp_path: Path) -> None:
    with books(tmp_path) as found:
        first = found.add(incident(opened_at=NOW - 90, changed_at=NOW - 90))
        second = found.add(incident(state=IncidentState.CLOSED, closed_at=NOW))
        other = found.add(incident("dod-pe-1"))
        assert found.incidents([IncidentState.OPEN]) == [first, other]
        assert found.incidents([IncidentState.OPEN, IncidentState.CLOSED], NOW - 5) == [second, other]
        assert found.incidents([]) == []
        assert found.previous("device", "mby-pe-1", NOW - 90) == [second, first]
        assert found.previous("device", "mby-pe-1", NOW - 80) == [second]
        both = [Subject("device", "mby-pe-1"), Subject("link", "dod-pe-1"), Subject("site", "nowhere")]
        assert found.rooted(both, NOW - 90) == [
            second,
            first,
        ]  # the link has the name of a device, and is another thing
        assert found.rooted([*both, Subject("device", "dod-pe-1", "dod-pe-1")], NOW - 80) == [other, second]
        assert found.rooted([], 0.0) == []


def test_given_an_incident_changed_by_another_since_it_was_read_then_a_change_is_refused(tmp_path: Path) -> None:
    with books(tmp_path) as found:
        read = found.add(incident())
        found.put(replace(read, owner="asha"))
        with pytest.raises(Overtaken, match="incident 1 has been changed"):
            found.put(replace(read, owner="juma"))
        kept = found.incident(1)
        assert kept is not None
        assert kept.owner == "asha"


def test_given_what_a_newer_version_wrote_into_json_then_it_survives(tmp_path: Path) -> None:
    with ledger(tmp_path / "ledger.db") as opened:
        with opened.transaction() as found:
            read = found.add(incident())
            found.db.exec_driver_sql("UPDATE incident SET impact = json_set(impact, '$.schools', 7)")
        with opened.transaction() as found:
            assert found.incident(1) == read
            found.put(replace(read, owner="asha"))
            assert found.db.exec_driver_sql("SELECT json_extract(impact, '$.schools') FROM incident").scalar() == 7


def test_given_alarms_then_those_not_clear_are_kept(tmp_path: Path) -> None:
    with books(tmp_path) as found:
        found.put_alarms([alarm("a"), alarm("b"), alarm("c")])
        found.put_alarms([alarm("a", Phase.CLEAR), replace(alarm("b"), flaps=9)])
        kept = found.alarms()
        assert list(kept) == ["unreachable device b", "unreachable device c"]
        assert kept["unreachable device b"].flaps == 9
        assert kept["unreachable device c"].evidence.figures == {"probes": 10, "where": "Dodoma\n?"}


def test_given_a_thousand_alarms_then_they_are_taken_at_once(tmp_path: Path) -> None:
    with ledger(tmp_path / "ledger.db") as opened, opened.transaction() as found:
        found.put_alarms(alarm(f"d{number}") for number in range(1000))
        assert len(found.alarms()) == 1000
        assert len(found.log) == 1


def test_given_lines_of_a_timeline_then_no_hand_changes_or_removes_them(tmp_path: Path) -> None:
    with ledger(tmp_path / "ledger.db") as opened:
        with opened.transaction() as found:
            number = found.add(incident()).number
            found.tell(entry(number, "second", NOW + 1))
            found.tell(entry(number, "first"))
            found.audit(NOW, "juma", "note", {"incident": number})
        for statement in (
            "UPDATE entry SET text = ''",
            "DELETE FROM entry",
            "UPDATE audit SET who = ''",
            "DELETE FROM audit",
        ):
            with pytest.raises(LedgerError, match="never changed"), opened.transaction() as found:
                found.db.exec_driver_sql(statement)
        with opened.reading() as found:
            assert [line.text for line in found.entries(number)] == ["first", "second"]


def test_given_the_outbox_then_rows_keep_their_order_and_a_key_is_one_message(tmp_path: Path) -> None:
    with books(tmp_path) as found:
        number = found.add(incident()).number
        for key in ("z", "a", "m"):
            found.queue(notification(key, number))
        found.queue(replace(notification("a", number), short="again"))
        found.put_notification(replace(notification("a", number), fate=Fate.SENT, channel="sms", tries=2))
        assert [one.key for one in found.notifications()] == ["z", "a", "m"]
        assert [one.key for one in found.notifications(number, [Fate.QUEUED])] == ["z", "m"]
        assert found.notifications(number, [Fate.SENT])[0].tries == 2
        assert found.notifications(99) == []


def test_given_a_good_code_then_it_is_good_once(tmp_path: Path) -> None:
    with books(tmp_path) as found:
        number = found.add(incident()).number
        code = found.add_code(number, "juma", NOW)
        assert len(code) == 4
        assert found.code_of(number, code.lower(), NOW, "juma") == ("juma", CodeState.GOOD)
        assert found.code_of(number, code, NOW, "juma") == ("juma", CodeState.SPENT)


def test_given_codes_that_are_old_replaced_anothers_or_of_no_one_then_it_is_said_which(tmp_path: Path) -> None:
    with books(tmp_path) as found:
        number, other = found.add(incident()).number, found.add(incident()).number
        first = found.add_code(number, "juma", NOW)
        second = found.add_code(number, "juma", NOW)
        hers = found.add_code(number, "asha", NOW)
        assert found.code_of(number, first, NOW, "juma") == ("juma", CodeState.ENDED)
        assert found.code_of(number, hers, NOW, "juma") == ("asha", CodeState.ANOTHERS)
        assert found.code_of(other, second, NOW, "juma") == ("", CodeState.WRONG)
        assert found.code_of(number, second, NOW + 86_400, "juma") == ("juma", CodeState.EXPIRED)
        assert found.code_of(number, second, NOW, "juma") == ("juma", CodeState.GOOD)


def test_given_five_wrong_tries_then_the_code_is_locked_and_nobody_elses(tmp_path: Path) -> None:
    with books(tmp_path) as found:
        number = found.add(incident()).number
        his, hers = found.add_code(number, "juma", NOW), found.add_code(number, "asha", NOW)
        for _ in range(5):
            assert found.code_of(number, "....", NOW, "juma") == ("", CodeState.WRONG)
        assert found.code_of(number, "....", NOW, "juma") == ("", CodeState.LOCKED)
        assert found.code_of(number, his, NOW, "juma") == ("juma", CodeState.LOCKED)
        assert found.code_of(number, hers, NOW, "asha") == ("asha", CodeState.GOOD)


def test_given_a_code_then_the_ledger_does_not_hold_it(tmp_path: Path) -> None:
    with books(tmp_path) as found:
        code = found.add_code(found.add(incident()).number, "juma", NOW)
    assert code.encode() not in (tmp_path / "ledger.db").read_bytes()


def test_given_replies_then_each_is_kept_and_an_id_is_known_for_ever(tmp_path: Path) -> None:
    with books(tmp_path) as found:
        reply = Reply("T1", NOW, "255712345678", "NOC OK 1-ABCD", "acknowledged", "juma", 1)
        assert not found.reply_seen("T1")
        found.add_reply(reply)
        assert found.reply_seen("T1")
        found.add_reply(replace(reply, fate="repeated"))
        assert [one.fate for one in found.replies(1)] == ["acknowledged", "repeated"]


def test_given_windows_overrides_and_marks_then_they_come_back(tmp_path: Path) -> None:
    with books(tmp_path) as found:
        window = found.add_window(Window(0, "silence", "region=Dodoma", "asha", "works", NOW, NOW + 60))
        found.put_window(replace(window, ended_by="juma"))
        assert found.windows() == [replace(window, number=1, ended_by="juma")]
        override = found.add_override(Override(0, "noc", "asha", NOW, NOW + 60, "juma"))
        found.put_override(replace(override, ended_by="juma"))
        assert found.overrides() == [replace(override, ended_by="juma")]
        assert found.mark("seen") == ""
        found.put_mark("seen", "1")
        found.put_mark("seen", "2")
        assert found.mark("seen") == "2"


@settings(deadline=None, max_examples=40)
@given(text=st.text(max_size=60), figure=st.floats())
def test_given_any_text_and_figure_then_the_ledger_takes_it(text: str, figure: float) -> None:
    with ledger(Path(":memory:")) as opened, opened.transaction() as found:
        number = found.add(incident(ticket=text)).number
        found.tell(replace(entry(number, text), figures={text: figure, "text": text}))
        kept = found.incident(number)
        assert kept is not None
        assert kept.ticket == text.replace("\0", "").encode("utf-8", "replace").decode()
        assert len(found.entries(number)) == 1

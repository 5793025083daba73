"""`noc incident` answers and acts from the ledger alone, in 80 columns and in JSON, for several people at once."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from alerts.alarm import Alarm, Phase, Severity
from alerts.incident import Entry, Incident, IncidentState
from alerts.notification import Fate, Notification
from inventory.notice import Notice
from noc.cli.main import main
from noc.ledger.books import SqlBooks
from noc.ledger.ledger import open_ledger
from noc.notices.book import Book
from tests import mbeya
from tests.mbeya import MINOR, PE

INVENTORY = """
regions: {Mbeya: {name: Mbeya}}
sites:
  hub: {name: Mbeya regional node, kind: regional, region: Mbeya}
  lga-a: {name: {en: Chunya District Council, sw: Halmashauri ya Wilaya ya Chunya}, kind: lga, region: Mbeya}
  lga-b: {name: Kyela District Council, kind: lga, region: Mbeya}
devices:
  mby-pe-1: {site: hub, address: 10.0.0.1}
  cpe-a: {site: lga-a, address: 10.0.0.2}
  cpe-b: {site: lga-b, address: 10.0.0.3}
institutions: {chunya: {name: Chunya District Council, kind: lga, site: lga-a}}
providers: {ttcl: {name: TTCL}}
circuits: {c1: {provider: ttcl, reference: R1}}
links: {up: {a: 'mby-pe-1:x0', b: external, role: upstream, provider: ttcl, circuit: c1, in_bps: 1G, out_bps: 1G}}
contacts:
  asha: {name: Asha Mushi, telephone: '+255712345678', email: asha@example.go.tz, language: en}
  juma: {name: Juma Said, telephone: '+255713345678', email: juma@example.go.tz}
"""


class Home:
    """A configuration with a ledger beside it; no daemon runs."""

    def __init__(self, directory: Path) -> None:
        self.data = directory / "data"
        self.data.mkdir()
        (directory / "inventory").mkdir()
        (directory / "inventory" / "all.yaml").write_text(INVENTORY)
        self.configuration = directory / "noc.toml"
        self.configuration.write_text('[poller]\nattached_to = "mby-pe-1"\ngateway = "mby-pe-1"\n')

    def fill(self, *acts: Callable[[SqlBooks], object]) -> None:
        ledger = open_ledger(f"sqlite:///{self.data / 'ledger.db'}", migrate=True, clock=time.time)
        with ledger as opened, opened.transaction() as books:
            for act in acts:
                act(books)

    def kept(self, number: int) -> Incident:
        with open_ledger(f"sqlite:///{self.data / 'ledger.db'}", clock=time.time) as ledger, ledger.reading() as books:
            found = books.incident(number)
            assert found is not None
            return found

    def run(self, *words: str, code: int = 0) -> Result:
        result = CliRunner(env={"LOGNAME": "JUMA", "SUDO_USER": ""}).invoke(
            main, ["-c", str(self.configuration), "incident", *words]
        )
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


adds = partial(mbeya.adds, 1000.0)
RESOLVED = {"state": IncidentState.RESOLVED, "bad": False, "recovered_at": 1.0, "resolved_at": 2.0}


def test_given_no_ledger_then_the_list_is_empty_and_acts_are_told_so(home: Home) -> None:
    assert home.run("list").output == "no incidents\n"
    assert "no daemon has run here" in home.run("ack", "1", code=2).output
    assert "no daemon has run here" in home.run("show", "1", code=2).output
    assert not list(home.data.iterdir())


def test_given_incidents_then_the_worst_stands_first_in_80_columns(home: Home) -> None:
    home.fill(adds(**MINOR), adds(), adds(state=IncidentState.CLOSED, closed_at=1.0))
    lines = home.run("list").output.splitlines()
    assert lines[0] == "2 incidents: 2 open"
    assert lines[2].startswith("■ critical   2 Mbeya PE down")
    assert "17 min 2 councils" in lines[2]
    assert "not acked" in lines[3]
    assert lines[4].startswith("△ minor      1 ")
    assert all(len(line) <= 80 for line in lines)
    assert "3 incidents" in home.run("list", "--all").output
    assert "closed" in home.run("list", "--state", "closed").output


def test_given_nobody_who_took_it_then_the_next_step_of_the_escalation_is_named(home: Home) -> None:
    now = time.time()
    home.fill(
        adds(told_at=now - 120, step_at=now - 120),
        adds(told_at=now - 7200, step_at=now - 7200),
        adds(told_at=None, step=0, step_at=None),
        adds(window=7),
    )
    shown = home.run("list").output
    assert "not acked, next: supervisor in 8 min" in shown
    assert "not acked, next: supervisor now" in shown
    assert "not told yet" in shown
    assert "told to nobody: window 7" in shown
    following = json.loads(home.run("list", "--json").output)["incidents"][0]["next_step"]
    assert following is None or following["whom"] == "supervisor"


def test_given_an_on_call_file_that_is_broken_then_the_list_still_answers(home: Home) -> None:
    home.fill(adds())
    (home.configuration.parent / "oncall.yaml").write_text("chains: 7")
    assert "not acked" in home.run("list").output


def test_given_a_disk_without_a_ledger_to_read_then_the_reason_is_one_line(home: Home) -> None:
    (home.data / "ledger.db").write_text("a letter " * 100)
    assert home.run("list", code=2).output.count("\n") == 1


def test_given_a_selector_then_only_what_is_meant_is_shown(home: Home) -> None:
    home.fill(adds(**MINOR), adds())
    assert "1 incident: " in home.run("list", "region=Mbeya", "severity=critical").output
    assert "△ minor" in home.run("list", "provider=ttcl").output
    assert "■ critical" in home.run("list", "institution=chunya").output
    assert "no incidents" in home.run("list", "region=Dodoma").output
    assert "there is no label 'regio'" in home.run("list", "regio=Dodoma", code=2).output


def test_given_old_ones_then_since_finds_what_moved_lately(home: Home) -> None:
    old = time.time() - 9 * 86_400
    home.fill(adds(opened_at=old, changed_at=old, state=IncidentState.CLOSED, closed_at=time.time() - 3600), adds())
    assert "2 incidents" in home.run("list", "--since", "2h").output
    assert "1 incident: " in home.run("list", "--since", "30m").output
    assert "is no" in home.run("list", "--since", "often", code=2).output


def test_given_something_unresolved_then_check_exits_with_1(home: Home) -> None:
    home.fill(adds(), adds(**RESOLVED))
    home.run("list", "--check", code=1)
    home.run("list", "--check", "--state", "resolved", code=0)


def test_given_swahili_then_the_list_and_the_page_speak_it(home: Home) -> None:
    home.fill(adds())
    assert "HATARI" in home.run("list", "--lang", "sw").output
    page = home.run("show", "1", "--lang", "sw").output
    assert "Halmashauri ya Wilaya ya Chunya" in page
    assert all(len(line) <= 80 for line in page.splitlines())


def test_given_an_incident_then_its_page_tells_everything_and_no_telephone_number(home: Home) -> None:
    now = time.time()
    home.fill(
        adds(),
        lambda books: books.put_alarms(
            [Alarm("device-down", PE, "reachability", Severity.MAJOR, Phase.FIRING, now, now, now, now)]
        ),
        lambda books: books.tell(Entry(1, now - 900, "note", "asha", "noted", {}, "called TTCL \x1b[31m")),
        lambda books: books.queue(
            Notification(
                "k", 1, "opened", "asha", ("sms", "mail"), "s", "s", "b", now, page=True, fate=Fate.SENT, ended_at=now
            )
        ),
    )
    with Book(home.data / "notices.db", 9) as book:
        notice = Notice(0.0, "mby-pe-1", "10.0.0.1", "trap", "linkDown", "port gone", 5, "x0")
        book.put(replace(notice, at=now - 1030))
        book.put(replace(notice, at=now - 9000, text="long before"))
    page = home.run("show", "1", "--all").output
    for words in (
        "CRITICAL 1",
        "open",
        "2 councils cut off",
        "Every declared probe",
        "Kyela District Council",
    ):
        assert words in page
    assert "root       device-down device mby-pe-1" in page
    assert "suppressed device-down device cpe-a" in page
    assert "sms 255******678 sent" in page
    assert "called TTCL" in page
    assert "linkDown x0 port gone" in page
    assert "long before" not in page
    assert "712345678" not in page
    assert "\x1b" not in page
    assert all(len(line) <= 80 for line in page.splitlines())


def test_given_machines_then_keys_are_stable_and_times_are_utc(home: Home) -> None:
    home.fill(adds(), adds(**MINOR))
    listed = json.loads(home.run("list", "--json").output)
    assert listed["total"] == 2
    assert listed["incidents"][0]["number"] == 1
    assert listed["incidents"][0]["since"].endswith("Z")
    assert listed["incidents"][0]["impact"]["sites"] == ["lga-a", "lga-b"]
    shown = json.loads(home.run("show", "1", "--json").output)["incidents"][0]
    assert set(listed["incidents"][0]) < set(shown)
    assert shown["alarms"][0] == {
        "key": "device-down device mby-pe-1",
        "role": "root",
        "phase": "clear",
        "since": None,
        "good_since": None,
        "stale": False,
        "evidence": None,
    }


def test_given_an_ack_then_it_is_the_contacts_whose_login_it_is(home: Home) -> None:
    home.fill(adds())
    assert "acked Juma Said" in home.run("ack", "1").output
    assert home.kept(1).acknowledged_by == "juma"
    home.run("ack", "#1")
    assert "already acknowledged by juma" in home.run("ack", "1", "--as", "asha", code=2).output


def test_given_several_of_which_one_cannot_then_none_is_done_and_every_reason_said(home: Home) -> None:
    home.fill(adds(), adds(state=IncidentState.CLOSED, closed_at=1.0))
    said = home.run("ack", "1", "2", "77", code=2).output
    assert "incident 2 is closed" in said
    assert "no incident 77" in said
    assert "nothing was done" in said
    assert home.kept(1).state is IncidentState.OPEN


@pytest.mark.parametrize("word", ["zero", "0", "-1", "1.5", "9" * 40, "١"])
def test_given_something_that_is_no_number_then_it_is_said(home: Home, word: str) -> None:
    home.fill(adds())
    assert "number" in home.run("ack", "--", word, code=2).output


def test_given_each_act_then_it_is_in_the_timeline_with_who_did_it(home: Home) -> None:
    home.fill(adds(), lambda books: None)
    home.run("assign", "1", "--to", "Asha")
    home.run("note", "1", "-m", "crew on the road")
    home.run("wait", "1", "--ticket", "TTCL-7", "--check", "in 2h", "--as", "asha")
    kept = home.kept(1)
    assert (kept.state, kept.owner, kept.ticket) == (IncidentState.WAITING, "asha", "TTCL-7")
    assert kept.next_check_at is not None
    assert 7000 < kept.next_check_at - time.time() < 7300
    page = home.run("show", "1").output
    assert "crew on the road" in page
    assert "ticket TTCL-7" in page
    assert "no contact" in home.run("assign", "1", "--to", "ash", code=2).output
    assert "next check must lie ahead" in home.run("wait", "1", "--ticket", "T", "--check", "2020-01-01", code=2).output
    assert "Missing option '--ticket'" in home.run("wait", "1", "--check", "2h", code=2).output


def test_given_one_that_fires_then_it_is_not_resolved_and_one_unresolved_not_closed(home: Home) -> None:
    home.fill(adds(), adds(bad=False))
    assert "still fires" in home.run("resolve", "1", code=2).output
    assert "only a resolved incident" in home.run("close", "1", "--cause", "x", code=2).output
    assert "resolved" in home.run("resolve", "2", "-m", "spliced").output


def test_given_a_critical_one_then_it_is_closed_with_a_cause_only_and_a_minor_one_without(home: Home) -> None:
    home.fill(adds(**RESOLVED), adds(**RESOLVED, **MINOR))
    assert "say what it was with --cause" in home.run("close", "1", "2", code=2).output
    assert home.kept(2).state is IncidentState.RESOLVED
    home.run("close", "2")
    home.run("close", "1", "--cause", "fibre cut near Chalinze")
    assert home.kept(1).closing == "fibre cut near Chalinze"
    assert "is closed since" in home.run("close", "1", "--cause", "again", code=2).output


def test_given_two_people_at_once_then_one_has_it_and_the_other_a_clear_answer(home: Home) -> None:
    home.fill(adds())
    together, results = threading.Barrier(2), {}

    def take(who: str) -> None:
        from alerts.desk.acts import ActRefused, acknowledge

        with open_ledger(f"sqlite:///{home.data / 'ledger.db'}", clock=time.time) as ledger:
            together.wait()
            try:
                with ledger.transaction() as books:
                    acknowledge(books, 1, who, time.time())
                results[who] = "has it"
            except ActRefused as error:
                results[who] = str(error)

    people = [threading.Thread(target=take, args=(who,)) for who in ("asha", "juma")]
    for each in people:
        each.start()
    for each in people:
        each.join()
    winner = home.kept(1).acknowledged_by
    loser = "juma" if winner == "asha" else "asha"
    assert results[winner] == "has it"
    assert f"already acknowledged by {winner}" in results[loser]

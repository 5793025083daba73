"""Incidents as pages: worst first, filters in the address, one of them whole; hostile text stays text, others' stay hidden."""

import re
import time
from dataclasses import replace
from html import unescape
from shutil import copyfile
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alarm import Evidence, Severity
from alerts.cause import Impact, Role
from alerts.incident import Entry, IncidentState
from alerts.subject import Subject
from dashboards.cases.happened import LEAF, Leaf
from dashboards.charts.asked import local
from inventory.notice import Notice
from noc.notices.book import Book
from noc.notices.file import NAME
from tests.dashboards.web.cases.desk import EMPTY, HOSTILE, RESOLVED, Desk, alarm, message
from tests.mbeya import MINOR, adds

CPE = Subject("device", "cpe-a", "cpe-a")
OTHERS = Subject("device", "cpe-b", "cpe-b")


def rows(text: str) -> list[int]:
    return [int(number) for number in re.findall(r'<tr data-href="/incidents/(\d+)"', text)]


def test_given_incidents_then_the_worst_stands_first_and_closed_ones_only_when_asked_for(desk: Desk) -> None:
    closed = {"state": IncidentState.CLOSED, "closed_at": time.time() - 30, "closing": "road works"}
    desk.fill(adds(**MINOR), adds(), adds(**RESOLVED), adds(**closed), adds(**{**MINOR, "since": time.time()}))
    assert rows(desk.text("/incidents")) == [2, 5, 1, 3]
    assert rows(desk.text("/incidents?state=closed")) == [4]
    assert rows(desk.text("/incidents?state=closed&state=open")) == [2, 5, 1, 4]
    assert "2 councils" not in desk.text("/incidents?state=resolved&severity=minor")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("severity=critical", [2]),
        ("severity=critical&severity=minor", [2, 1]),
        ("q=severity%3Dminor", [1]),
        ("q=mbeya+down", [2]),
        ("q=%222%22", [2]),
        ("region=Mbeya", [2]),
        ("site=lga-a", [2]),
        ("provider=ttcl", [1]),
        ("family=routing", []),
        ("owner=juma", [1]),
        ("mine=1", []),
        ("unacked=1", [2]),
        ("state=acknowledged", [1]),
        ("site=lga-a&severity=minor", []),
        ("page=2", []),
    ],
)
def test_given_filters_in_the_address_then_the_same_list_each_time(desk: Desk, query: str, found: list[int]) -> None:
    taken = {"state": IncidentState.ACKNOWLEDGED, "owner": "juma", "acknowledged_by": "juma"}
    desk.fill(adds(**{**MINOR, **taken}), adds())
    for _ in range(2):
        assert rows(desk.text(f"/incidents?{query}")) == found
    if query == "mine=1":
        assert rows(desk.text(f"/incidents?{query}", "juma")) == [1]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("severity=critcal", "did you mean &#39;critical&#39;?"),
        ("state=asleep", "there are open"),
        ("q=regin%3DDodoma", "did you mean &#39;region&#39;?"),
        ("q=%22open", "quotation mark"),
        ("q=" + "x" * 201, "at most 200"),
        ("page=0", "is no number of a page"),
        ("page=99999999999999", "is no number of a page"),
        ("page=%D9%A3", "is no number of a page"),
        ("span=200y", "there are 7d"),
    ],
)
def test_given_filters_that_mean_nothing_then_422_with_the_form_and_every_mistake(
    desk: Desk, query: str, said: str
) -> None:
    desk.fill(adds())
    text = desk.text(f"/incidents?{query}&severity=majr", status=422)
    assert said in text and "did you mean &#39;major&#39;?" in text and not rows(text)
    assert 'name="q"' in text


def test_given_more_than_a_page_then_the_next_page_has_the_same_filters(desk: Desk) -> None:
    desk.fill(*(adds() for _ in range(103)))
    text = desk.text("/incidents?severity=critical")
    assert len(rows(text)) == 100 and "/incidents?severity=critical&amp;page=2" in text
    assert len(rows(desk.text("/incidents?severity=critical&page=2"))) == 3


def test_given_an_incident_then_its_page_tells_everything_and_no_telephone_number(desk: Desk) -> None:
    desk.fill(
        adds(previous=None, times=2),
        lambda books: books.put_alarms([alarm(), alarm(CPE, good_since=None)]),
        lambda books: books.queue(message(1)),
        lambda books: books.tell(Entry(1, time.time() - 200, "note", "juma", "noted", {}, HOSTILE)),
    )
    with Book(desk.home / "data" / NAME, 30.0) as book:
        for device, name in (("cpe-a", "linkDown"), ("elsewhere", "coldStart")):
            book.put(Notice(time.time() - 310, device, "10.0.0.2", "trap", name, HOSTILE, 5, "7", {"ifIndex": 7}))
        book.commit()
    text = desk.text("/incidents/1")
    for said in (
        "Mbeya regional node down", "2 councils", "Every declared probe of it was lost", "proven",
        '<a href="/sites/lga-a">Chunya District Council</a>', '<a href="/devices/mby-pe-1?from=', "255******678",
        "← Mbeya regional node", "linkDown", 'href="/notices/1"', "2 times this month",
    ):  # fmt: skip
        assert said in text, said
    assert "coldStart" not in text and "712345678" not in text
    assert HOSTILE not in text and "&lt;img src=x" in text and "<script>alert" not in text


def hear(desk: Desk, at: float, *said: tuple[str, str]) -> None:
    with Book(desk.home / "data" / NAME, 30.0) as book:
        for device, name in said:
            book.put(Notice(at, device, "10.0.0.2", "trap", name, "a text", 5, "7"))
        book.commit()


def test_given_evidence_then_its_curves_polls_and_notices_of_that_time_are_a_link_away(desk: Desk) -> None:
    since = time.time() // 60 * 60 - 7200
    desk.fill(
        adds(since=since, evidence=(Evidence("ports-towards-up", {"device": "mby-pe-1", "count": 1.0}),)),
        adds(**MINOR, since=since, evidence=(Evidence("port-down", {"link": "acc-a", "device": "cpe-a"}),)),
        adds(**{**RESOLVED, "state": IncidentState.CLOSED}, evidence=(Evidence("silent-behind", {"count": 2.0}),)),
    )
    start, end = (quote(local(since + by), safe=":") for by in (-900, 960))
    of_device = [f"/devices/mby-pe-1?from={start}&to={end}", f"/devices/mby-pe-1?from={start}&to={end}#polls"]
    of_device.append(f"/notices?q=key%3Dmby-pe-1&since={start}&until={end}")
    assert ways(desk.text("/incidents/1")) == of_device
    of_link = [f"/links/acc-a?from={start}&to={end}"]
    of_link += [f"/devices/{key}?from={start}&to={end}#polls" for key in ("cpe-a", "mby-pe-1")]
    assert ways(desk.text("/incidents/2")) == of_link
    assert len(ways(desk.text("/incidents/3"))) == 3
    assert desk.get(of_device[-1]).status_code == 200
    assert all("/notices" not in way for way in ways(desk.text("/incidents/1", "chunya")))


def ways(text: str) -> list[str]:
    found = re.search(r'<ul class="reasons">(.*?)</ul>', text, re.DOTALL)
    return [unescape(address) for address in re.findall(r'href="([^"]*)"', found[1])] if found else []


def test_given_traps_then_the_first_of_them_stand_with_the_evidence_whoever_sent_them(desk: Desk) -> None:
    """A line's own ends speak of it, and of a router that is silent its neighbours do; later those speak of other things."""
    now = time.time()
    desk.fill(adds(**MINOR, since=now - 600), adds(since=now - 600))
    hear(desk, now - 598, ("mby-pe-1", "linkDown"), ("cpe-b", "bgpBackwardTransition"))
    hear(desk, now - 30, ("cpe-b", "coldStart"))
    of_link, of_router = desk.text("/incidents/1"), desk.text("/incidents/2")
    assert "mby-pe-1 linkDown" in of_link and "cpe-b" not in of_link.partition("What happened")[0]
    assert "mby-pe-1 linkDown" in of_router and "cpe-b bgpBackwardTransition" in of_router
    assert "coldStart" not in of_router and 'href="/notices/1" data-press="h"' in of_router
    assert "linkDown" not in desk.text("/incidents/2", "chunya")


def test_given_an_incident_that_nobody_took_then_who_is_told_next_and_when(desk: Desk) -> None:
    desk.fill(adds())
    text = desk.text("/incidents/1")
    assert "next is supervisor in" in text and 'data-left datetime="' in text
    desk.post("/incidents/1/ack")
    assert "next is supervisor" not in desk.text("/incidents/1")


def test_given_a_provider_then_whom_to_call_and_the_circuit_to_copy(desk: Desk) -> None:
    desk.fill(adds(**MINOR), adds(roots=(Subject("circuit", "c1"),)))
    for number in (1, 2):
        text = desk.text(f"/incidents/{number}")
        assert "+255222142000" in text and 'data-copy="IRU-77/1"' in text


def test_given_the_same_before_and_what_belongs_to_it_then_both_are_linked(desk: Desk) -> None:
    desk.fill(adds(**RESOLVED), adds(**MINOR), adds(linked=(2,)))
    text = desk.text("/incidents/3")
    assert 'href="/incidents/1"' in text and 'href="/incidents/2"' in text
    assert 'href="/incidents/3"' not in desk.text("/incidents/1").split("<main")[1]


def test_given_swahili_then_title_states_and_causes_are_in_it(desk: Desk) -> None:
    desk.fill(adds())
    assert "haipatikani" in desk.text("/incidents", "swahili")
    text = desk.text("/incidents/1", "swahili")
    assert (
        'lang="sw"' in text and "Halmashauri ya Wilaya ya Chunya" in text and "Tangu" in text.replace("tangu", "Tangu")
    )


def test_given_fifty_alarms_and_more_then_the_rest_is_one_link_away(desk: Desk) -> None:
    behind = {f"device-down device d{place:03}": Role.BEHIND for place in range(70)}
    desk.fill(adds(members={"device-down device mby-pe-1": Role.ROOT, **behind}))
    text = desk.text("/incidents/1")
    assert text.count('class="part-behind"') == 59 and 'href="?all=1"' in text
    assert desk.text("/incidents/1?all=1").count('class="part-behind"') == 70


def test_given_an_institution_then_only_what_touches_its_sites_and_nothing_of_others(desk: Desk) -> None:
    theirs = {"roots": (OTHERS,), "impact": Impact(sites=("lga-b",), devices=("cpe-b",)), "members": {}}
    desk.fill(
        adds(owner="juma", ticket="TTCL-9", linked=(2,)),
        adds(**theirs),
        adds(roots=(CPE,), impact=Impact(sites=("lga-a",), devices=("cpe-a",)), severity=Severity.MAJOR),
        lambda books: books.tell(Entry(1, time.time(), "note", "juma", "noted", {}, "secret words")),
        lambda books: books.queue(message(1)),
    )
    assert rows(desk.text("/incidents", "chunya")) == [1, 3]
    assert rows(desk.text("/incidents?q=cpe-b", "chunya")) == []
    assert rows(desk.text("/incidents?q=ticket%3DTTCL-9", "chunya")) == []
    assert rows(desk.text("/incidents?state=closed&state=open", "chunya")) == [1, 3]
    text = desk.text("/incidents/1", "chunya")
    assert "Chunya District Council" in text
    for hidden in ("lga-b", "cpe-b", "secret words", "TTCL-9", "Juma", "Asha", "255******", "mby-pe-1"):
        assert hidden not in text, hidden
    for of_the_house in ("nobody has acknowledged", "not acked", "Who was told", "What happened"):
        assert of_the_house not in text + desk.text("/incidents", "chunya"), of_the_house
    assert desk.get("/incidents/2", "chunya").status_code == 404
    for path in ("/windows", "/silences", "/maintenance", "/oncall", "/notices", "/windows/1", "/notices/1"):
        assert desk.get(path, "chunya").status_code == 403, path


def test_given_capacity_then_of_which_date_and_how_much(desk: Desk) -> None:
    fill = {"roots": (Subject("link", "up"),), "family": "capacity", "severity": Severity.WARNING, "impact": Impact()}
    full = Evidence("flat-top", {"what": "up", "direction": "in", "value": 0.98, "window_s": 2400.0})
    ahead = Evidence("headroom", {"what": "k1", "value": 12.0})
    desk.fill(
        adds(**fill, evidence=(full,)), adds(**{**fill, "roots": (Subject("contract", "k1"),)}, evidence=(ahead,))
    )
    first, second = desk.text("/incidents/1"), desk.text("/incidents/2")
    assert "at its ceiling" in first and "98 %" in first and "<dt>direction</dt><dd>in</dd>" in first
    day = time.strftime("%Y-%m-%d", time.gmtime(time.time() - 300 + 3 * 3600 + 12 * 86400))
    assert f"<dt>headroom ends</dt><dd>{day}</dd>" in second


def test_given_no_ledger_then_a_page_that_says_so_and_the_list_when_it_comes(desk: Desk) -> None:
    desk.ledger.unlink()
    assert "there is no ledger yet" in desk.text("/incidents", status=503)
    desk.clear()
    desk.fill(adds())
    assert rows(desk.text("/incidents")) == [1]
    desk.ledger.rename(desk.ledger.with_suffix(".old"))
    copyfile(desk.home / "data" / EMPTY, desk.ledger)
    desk.fill(adds(**MINOR), adds())
    assert rows(desk.text("/incidents")) == [2, 1]


def test_given_alarms_that_stand_otherwise_then_each_says_how(desk: Desk) -> None:
    now = time.time()
    keys = ("device-down device mby-pe-1", "device-down device cpe-a", "device-down device cpe-b")
    desk.fill(
        adds(members=dict.fromkeys(keys, Role.ROOT)),
        lambda books: books.put_alarms([replace(alarm(), good_since=now), alarm(CPE, stale=True)]),
    )
    text = desk.text("/incidents/1")
    assert "<td>good again</td>" in text and "<td>stale</td>" in text and "<td>clear</td>" in text


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 5000))
def test_given_a_timeline_of_any_length_then_its_pages_are_all_of_it_once_and_none_is_long(total: int) -> None:
    pages = [Leaf(1, total, number) for number in range(1, Leaf(1, total).last + 1)]
    lines = [line for page in pages for line in range(page.start, page.start + page.most)]
    assert lines == [*range(total)]
    assert all(page.most < 2 * LEAF for page in pages)
    assert (Leaf(1, total).start, Leaf(1, total).most) == (pages[-1].start, pages[-1].most)


def test_given_thousands_of_notes_then_the_newest_are_shown_and_the_others_have_addresses_that_stay(desk: Desk) -> None:
    notes = [Entry(1, 1_790_000_000.0 + 60 * number, "note", "asha", text=f"note-{number}.") for number in range(2450)]
    desk.fill(adds(), lambda books: [books.tell(one) for one in notes])

    def shown(path: str) -> list[int]:
        return [int(number) for number in re.findall(r"note-(\d+)\.", desk.text(path))]

    assert shown("/incidents/1") == [*range(2200, 2450)]
    assert "2200 lines before" in desk.text("/incidents/1") and "/incidents/1?page=11#happened" in desk.text(
        "/incidents/1"
    )
    assert shown("/incidents/1?page=11") == [*range(2000, 2200)]
    assert shown("/incidents/1?page=1") == [*range(200)]
    assert shown("/incidents/1?page=12") == shown("/incidents/1")
    for wrong in ("13", "0", "-1", "x", "9999999"):
        assert desk.get(f"/incidents/1?page={wrong}").status_code == 404
    answer = desk.post("/incidents/1/note", text="one more")
    assert answer.status_code == 303 and desk.post("/incidents/1/note", text="one more").status_code == 303
    assert len([one for one in desk.lines(1) if one.text == "one more"]) == 1  # the same click twice
    assert shown("/incidents/1?page=11") == [*range(2000, 2200)]

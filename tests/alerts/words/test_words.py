"""Messages: what they say, that they fit a telephone whatever stands in the inventory, and that no language lacks a word."""

import re
import string
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.alarm import Evidence, Severity
from alerts.cause import Impact
from alerts.causes.codes import CODES as OF_CAUSES
from alerts.incident import Entry, Incident, IncidentState
from alerts.local_time import EAT
from alerts.notification import Occasion
from alerts.rules.codes import CODES as OF_RULES
from alerts.subject import Subject
from alerts.words.gsm import ALPHABET, LONGEST, Part, fit, plain
from alerts.words.language import Language
from alerts.words.lines import line
from alerts.words.messages import Composer
from alerts.words.names import Names
from alerts.words.phrases import LANGUAGES, clock, duration, evidence, explain
from inventory.model import Inventory, Name
from inventory.sample_network import generate

SMALL = generate(30)
SINCE = 1_790_000_000.0  # 2026-09-21 17:13:20 EAT
OCCASIONS: tuple[Occasion, ...] = ("opened", "update", "repeat", "escalation", "recovery", "overdue")


@pytest.fixture(scope="module")
def govnet() -> Inventory:
    return generate()


def case(network: Inventory, region: str = "Mbeya", **other: object) -> Incident:
    """A region's router is down, and its sites with it."""
    sites = tuple(sorted(site.key for site in network.members() if site.region == region))
    found = Incident(
        number=4821,
        state=IncidentState.OPEN,
        severity=Severity.CRITICAL,
        worst=Severity.CRITICAL,
        family="reachability",
        roots=(Subject("device", "mbe-pe-1", "mbe-pe-1"),),
        since=SINCE,
        opened_at=SINCE + 12,
        changed_at=SINCE + 12,
        told_at=SINCE + 12,
        impact=Impact(sites=sites, institutions=sites, devices=("mbe-pe-1", *sites)),
        evidence=(Evidence("device-down", {"device": "mbe-pe-1"}),),
        fine=("iru-eassy-1",),
        power=True,
    )
    return replace(found, **other)  # type: ignore[arg-type]


def test_given_a_regions_router_dies_then_the_message_reads_as_people_agreed(govnet: Inventory) -> None:
    composer = Composer(Names(govnet))
    english = composer.compose(case(govnet), "opened", "en", "4821-K7QD").short
    swahili = composer.compose(case(govnet), "opened", "sw", "4821-K7QD").short
    assert english.startswith("NOC 4821 CRITICAL Mbeya PE down since 17:13 EAT. 4 councils cut off.")
    assert english.endswith("Power suspected. Reply NOC OK 4821-K7QD")
    assert swahili.startswith("NOC 4821 HATARI PE Mbeya haipatikani tangu 17:13 EAT. Halmashauri 4 hazina mawasiliano.")
    assert swahili.endswith("Inashukiwa hitilafu ya umeme. Jibu NOC OK 4821-K7QD")


def test_given_all_is_back_then_one_message_says_since_when_and_for_how_long_it_was_gone(govnet: Inventory) -> None:
    over = case(govnet, state=IncidentState.RESOLVED, recovered_at=SINCE + 2280, resolved_at=SINCE + 2400)
    composer = Composer(Names(govnet))
    assert composer.compose(over, "recovery", "en").short.startswith(
        "NOC 4821 RESOLVED Mbeya PE up 17:51 EAT after 38 min. All 4 councils back."
    )
    assert "imerejea 17:51 EAT baada ya dakika 38" in composer.compose(over, "recovery", "sw").short


def test_given_a_lone_router_on_a_lone_line_then_the_message_does_not_pretend_to_know_which(govnet: Inventory) -> None:
    root = Subject("device", "lga-chamwino-r1", "lga-chamwino-r1")
    lone = case(govnet, roots=(root,), power=False, fine=(), severity=Severity.MAJOR)
    lone = replace(lone, impact=Impact(("lga-chamwino",), ("lga-chamwino",), devices=("lga-chamwino-r1",)))
    short = Composer(Names(govnet)).compose(lone, "opened", "en", "1-ABCD").short
    assert short.startswith("NOC 4821 MAJOR Chamwino DC down since 17:13 EAT. Line, router or power.")


def test_given_a_cable_carries_nothing_then_the_mail_says_whom_to_call_with_which_number(govnet: Inventory) -> None:
    cut = case(govnet, roots=(Subject("link", "up-seacom-1"),), power=False, evidence=(Evidence("no-path"),))
    cut = replace(cut, impact=Impact(circuits=("iru-seacom-1",)))
    text = Composer(Names(govnet), "https://noc.example/i/{number}").compose(cut, "opened", "en")
    assert text.subject == "NOC 4821 CRITICAL SEACOM cable carries nothing"
    assert "circuit SEACOM/IRU/1" in text.body
    assert "https://noc.example/i/4821" in text.body
    assert "EASSy fine." in text.short


def test_given_more_institutions_than_anybody_reads_then_the_mail_counts_the_rest(govnet: Inventory) -> None:
    many = tuple(sorted(govnet.institutions))[:30]
    text = Composer(Names(govnet)).compose(case(govnet, impact=Impact(many, many)), "opened", "en")
    assert "and 18 more" in text.body


@settings(max_examples=150, deadline=None)
@given(
    name=st.text(max_size=200),
    occasion=st.sampled_from(OCCASIONS),
    language=st.sampled_from(["en", "sw"]),
    sites=st.integers(0, 40),
    code=st.sampled_from(["", "4821-K7QD"]),
)
def test_rule_40_given_any_name_then_a_message_fits_and_is_never_broken(
    name: str, occasion: Occasion, language: str, sites: int, code: str
) -> None:
    network = SMALL
    site = replace(network.sites["pop-mbe"], name=Name(name, name)) if "pop-mbe" in network.sites else None
    key = "pop-mbe" if site else next(iter(network.sites))
    site = site or replace(network.sites[key], name=Name(name, name))
    hostile = replace(network, sites={**network.sites, key: site})
    root = next(device.key for device in hostile.devices_at[key])
    impact = Impact(tuple(sorted(hostile.sites))[:sites], devices=(root,))
    incident = case(network, roots=(Subject("device", root, root),), impact=impact)
    text = Composer(Names(hostile)).compose(incident, occasion, language, code, SINCE + 900)
    assert len(text.short) <= LONGEST
    assert set(text.short) <= ALPHABET - {"\n", "\r"}
    assert text.short.startswith("NOC 4821 ")
    if code and occasion != "recovery":
        assert text.short.endswith(f"NOC OK {code}")
    assert text.subject.isprintable()
    assert all(each.isprintable() for each in text.body.split("\n"))


def test_given_no_room_then_words_go_and_the_code_stays() -> None:
    parts = [Part("NOC 1 MAJOR " + "x" * 200 + " down.", name="x" * 200), Part("spare", 3), Part("Reply NOC OK 1-ABCD")]
    text = fit(parts)
    assert len(text) <= LONGEST
    assert "spare" not in text
    assert ".. down. Reply NOC OK 1-ABCD" in text


def test_given_signs_that_a_telephone_lacks_then_they_become_their_likeness() -> None:
    assert plain("Ng'ambo – “ō” [x] 中\n{y}\x00~^|€") == "Ng'ambo - \"o\" (x) ? (y) -'/E"


def test_given_times_then_they_are_said_on_the_clock_of_dar_es_salaam() -> None:
    assert clock(SINCE, SINCE) == "17:13 EAT"
    assert clock(SINCE, SINCE + 86_400) == "21.09. 17:13 EAT"
    assert EAT.utcoffset(None).total_seconds() == 3 * 3600
    assert [duration(s, "en") for s in (20, 2280, 12_000, 190_800)] == ["20 s", "38 min", "3 h 20 min", "2 d 5 h"]
    assert duration(12_000, "sw") == "saa 3 dakika 20"


@pytest.mark.parametrize("name", [field.name for field in fields(Language) if field.name != "code"])
def test_given_two_languages_then_neither_lacks_a_word_nor_a_figure(name: str) -> None:
    english, swahili = getattr(LANGUAGES["en"], name), getattr(LANGUAGES["sw"], name)
    assert list(english) == list(swahili)
    for key, words in english.items():
        assert figures(words) >= figures(swahili[key]), key


def figures(words: str | tuple[str, ...]) -> set[str]:
    texts = words if isinstance(words, tuple) else (words,)
    return {field for text in texts for _, field, _, _ in string.Formatter().parse(text) if field}


@pytest.mark.parametrize(("code", "known"), [*OF_RULES.items(), *OF_CAUSES.items()])
def test_given_a_code_of_evidence_then_it_has_a_sentence_that_uses_its_own_figures(
    code: str, known: tuple[str, ...]
) -> None:
    values = dict.fromkeys(known, 2.0)
    for language in LANGUAGES.values():
        said = evidence(Evidence(code, values), language, Names(Inventory()))
        assert said
        assert "?" not in said
        assert not re.search(r"[{}]", said)


def test_given_an_explanation_then_it_tells_how_often_and_what_is_well(govnet: Inventory) -> None:
    said = explain(case(govnet, times=3), "en", Names(govnet), SINCE + 100)
    assert "EASSy fine." in said
    assert "Same fault 3 times this month." in said


def test_given_a_line_nobody_wrote_a_sentence_for_then_it_is_shown_as_it_is(govnet: Inventory) -> None:
    entry = Entry(1, SINCE, "note", "noc-zamu-1", "something-new", {"until": SINCE}, "a pole fell")
    assert line(entry, "en", Names(govnet)) == "something-new until 17:13 EAT “a pole fell”"


def lone(network: Inventory, **other: object) -> Incident:
    """A council's only router does not answer."""
    site = ("lga-chamwino",)
    root = Subject("device", "lga-chamwino-r1", "lga-chamwino-r1")
    impact = Impact(sites=site, institutions=site, devices=("lga-chamwino-r1",))
    known = {"roots": (root,), "power": False, "fine": (), "severity": Severity.MAJOR, "impact": impact}
    return case(network, **(known | other))  # type: ignore[arg-type]


def test_given_a_lone_router_then_the_mail_says_whom_to_call_for_its_line(govnet: Inventory) -> None:
    body = Composer(Names(govnet)).compose(lone(govnet), "opened", "en").body
    link = govnet.links_of["lga-chamwino-r1"][0]
    assert f"Call {govnet.providers[link.provider].name.in_language('en')}" in body
    assert govnet.circuits[link.circuit].reference in body


def test_given_the_last_cable_then_the_message_says_so_and_not_that_nobody_is_cut_off(govnet: Inventory) -> None:
    impact = Impact(circuits=("iru-eassy-1",))
    found = lone(govnet, roots=(Subject("link", "up-eassy-1"),), impact=impact, severity=Severity.CRITICAL)
    assert "No submarine cable carries any more." in Composer(Names(govnet)).compose(found, "opened", "en").short


def test_given_the_poller_is_isolated_then_the_message_says_where_to_look(govnet: Inventory) -> None:
    found = lone(govnet, family="poller", roots=(Subject("poller", "poller"),), impact=Impact(), evidence=())
    for language, said in (("en", "Check its cable and gateway."), ("sw", "Angalia kebo na lango lake.")):
        short = Composer(Names(govnet)).compose(found, "opened", language, "4821-K7QD").short
        assert said in short and short.endswith("4821-K7QD")


def test_given_the_noc_itself_ails_then_the_message_says_what_of_it(govnet: Inventory) -> None:
    found = lone(govnet, family="own", roots=(Subject("own", "channel sms"),), impact=Impact(), severity=Severity.MINOR)
    short = Composer(Names(govnet)).compose(found, "opened", "en").short
    assert short.startswith("NOC 4821 MINOR The NOC itself: channel sms fails since")


def test_given_a_site_that_begins_like_its_region_then_it_is_counted_all_the_same(govnet: Inventory) -> None:
    found = case(govnet, roots=(Subject("region", "Mbeya"),), power=False)
    assert "Mbeya Zonal Referral Hospital cut off." in explain(found, "en", Names(govnet), SINCE)


def test_given_an_earlier_cut_then_the_message_names_it(govnet: Inventory) -> None:
    pieces = (Evidence("port-down"), Evidence("cut-before", {"kind": "link", "key": "ring-south-1"}))
    found = case(govnet, power=False, fine=(), evidence=pieces)
    assert "ring-south-1 was lost before." in Composer(Names(govnet)).compose(found, "opened", "en").short


def test_given_a_timeline_in_swahili_then_severities_and_roles_are_in_it(govnet: Inventory) -> None:
    names = Names(govnet)
    opened = Entry(1, SINCE, "opened", "", "opened", {"severity": "major", "root": "device x", "since": SINCE - 20})
    joined = Entry(1, SINCE, "alarm", "", "joined", {"alarm": "device-down device x", "role": "behind"})
    assert line(opened, "sw", names) == "limefunguliwa kama KUBWA, chanzo kifaa x; dalili ya kwanza 17:13 EAT"
    assert line(joined, "sw", names) == "device-down kifaa x imejiunga kama iliyozuiwa"


def test_given_a_router_whose_death_takes_a_region_then_the_message_says_so(govnet: Inventory) -> None:
    found = case(govnet, impact=Impact(sites=("lga-chunya",), regions=("Mbeya",), devices=("mbe-pe-1",)), fine=())
    assert "All of region Mbeya." in Composer(Names(govnet)).compose(found, "opened", "en").short
    assert "All of region" not in explain(case(govnet, roots=(Subject("region", "Mbeya"),)), "en", Names(govnet))


def test_given_the_noc_itself_ails_then_the_mail_says_where_to_look(govnet: Inventory) -> None:
    found = lone(govnet, family="own", roots=(Subject("own", "disk"),), impact=Impact(), severity=Severity.MINOR)
    assert "noc doctor" in Composer(Names(govnet)).compose(found, "opened", "sw").body


def test_given_a_lone_router_whose_line_is_up_then_nobody_is_told_that_it_may_be_the_line(govnet: Inventory) -> None:
    up = lone(govnet, evidence=(Evidence("device-down"), Evidence("ports-towards-up", {"count": 1})))
    text = Composer(Names(govnet)).compose(up, "opened", "en")
    assert "Router or power: the port towards it is up." in text.short
    assert "look the same" not in text.body and "Call " not in text.body
    assert "Line, router or power." in Composer(Names(govnet)).compose(lone(govnet), "opened", "en").short

"""What stands round every page: ways, language, colours, where one is, and how fresh the data is."""

import re
from pathlib import Path

import pytest
from babel.support import NullTranslations
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.languages import KNOWN, Language, languages
from dashboards.page import Templates
from dashboards.web import marks
from dashboards.web.app import TABLES
from dashboards.web.navigation import entries
from dashboards.web.preferences import accepted
from dashboards.web.viewer import RIGHTS, Right, Role
from tests.dashboards.web.visits import Visits, words

TEMPLATES = Path(__file__).resolve().parents[3] / "dashboards/templates"
NEEDS = {route.path: route.needs for table in TABLES for route in table if "GET" in route.methods}


def ways(text: str) -> set[str]:
    top, foot = re.search(r"<header.*?</header>", text, re.DOTALL), re.search(r"<footer.*?</footer>", text, re.DOTALL)
    assert top
    assert foot
    return set(re.findall(r'href="(/[a-z]+)"', top[0] + foot[0])) - {"/account"}


@pytest.mark.parametrize(("who", "role"), [("own", Role.INSTITUTION), ("read", Role.VIEWER), ("admin", Role.ADMIN)])
def test_given_a_viewer_then_there_are_ways_to_all_pages_that_it_may_see_and_to_no_other(
    visits: Visits, who: str, role: Role
) -> None:
    there = {entry.address for entry in entries(languages()["en"], NEEDS) if entry.needs in RIGHTS[role]}
    assert ways(visits.get("/", who).text) == there


def test_given_the_ways_then_each_has_its_own_letter() -> None:
    letters = [entry.letter for entry in entries(languages()["en"], NEEDS) if entry.letter]
    assert len(letters) == len(set(letters))


def test_given_nobody_then_the_log_in_has_no_ways_no_search_and_no_data(visits: Visits) -> None:
    text = visits.get("/login", "").text
    assert ways(text) == set()
    assert 'id="search"' not in text
    assert "data-age" not in text
    assert 'action="/preferences"' in text


def test_given_a_page_then_it_can_be_skipped_to_its_content_and_says_where_one_is(visits: Visits) -> None:
    text = visits.get("/sites/lga-chamwino").text
    assert re.search(r'class="skip" href="#main"', text)
    assert re.search(r'<main id="main"', text)
    assert re.search(r'<ol class="crumbs">.*aria-current="page"', text, re.DOTALL)
    assert re.search(r'<a href="/sites"[^>]* aria-current="page"', text)


@pytest.mark.parametrize(
    ("cookies", "address", "language"),
    [({}, "/", "en"), ({"noc_language": "sw"}, "/", "sw"), ({"noc_language": "sw"}, "/?lang=en", "en"),
     ({}, "/?lang=sw", "sw"), ({"noc_language": "xx"}, "/", "en")],
)  # fmt: skip
def test_given_an_address_and_a_cookie_then_the_page_is_in_that_language(
    visits: Visits, cookies: dict[str, str], address: str, language: str
) -> None:
    text = visits.get(address, cookies=cookies).text
    assert f'<html lang="{language}"' in text
    assert ("Matukio yaliyo wazi" in text) == (language == "sw")


def test_given_nobody_then_the_browsers_language_is_spoken(visits: Visits) -> None:
    assert '<html lang="sw"' in visits.get("/login", "", headers={"accept-language": "sw-TZ,en;q=0.5"}).text


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=50)
def test_given_any_accept_language_then_it_is_one_that_there_is(header: str) -> None:
    assert accepted(header) in KNOWN


@pytest.mark.parametrize("asked", ["fr", "", "sw;drop", "<script>", "sw-TZ", "%00"])
def test_given_a_language_that_there_is_not_then_a_clear_page_says_which_there_are(visits: Visits, asked: str) -> None:
    answer = visits.get(f"/?lang={asked}")
    assert answer.status_code == 422
    assert "en, sw" in words(answer)
    assert "<script>" not in answer.text


def test_given_a_theme_then_the_page_wears_it(visits: Visits) -> None:
    assert 'data-theme="light"' in visits.get("/", cookies={"noc_theme": "light"}).text
    assert 'data-theme="auto"' in visits.get("/", cookies={"noc_theme": "plaid"}).text


def test_rule_22_given_a_silent_daemon_then_every_page_says_so_and_states_are_of_the_past(visits: Visits) -> None:
    text = visits.later(5 * 86_400).get("/").text
    assert "The daemon has written nothing for" in text
    assert "badge state-down stale" in text
    assert "was down" in text
    assert 'badge state-down"' not in text
    assert "The daemon has written nothing" not in visits.get("/").text


def test_given_two_languages_then_months_have_their_names() -> None:
    at = 1_793_000_000.0  # 26 October 2026
    english, swahili = (marks.filters(languages()[key]) for key in KNOWN)
    assert "26 Oct" in english["when"](at, at + 9e6)
    assert "26 Okt" in swahili["when"](at, at + 9e6)
    assert swahili["clock"](None, at) == swahili["when"](None, at) == "–"


@pytest.mark.parametrize("language", KNOWN)
def test_given_states_and_severities_then_each_has_shape_and_word_and_a_hostile_one_is_only_text(language: str) -> None:
    written = marks.filters(languages()[language])
    for kind, keys in (("state", marks.states(str)), ("severity", marks.severities(str))):
        for key in keys:
            assert f'href="#m-{key}"' in written[kind](key)
            assert re.search(r'class="word">[a-z ]+<', written[kind](key))
    assert "<b>" not in written["state"]("<b>up")


def test_rule_22_given_an_age_over_its_limit_then_it_is_hatched() -> None:
    aged = marks.filters(languages()["en"])["aged"]
    assert 'class="stale"' in aged(100.0, 200.0, 75.0)
    assert "stale" not in str(aged(100.0, 150.0, 75.0)).replace("data-stale-s", "")
    assert ">50 s</time>" in aged(100.0, 150.0)


def test_given_who_may_act_then_their_forms_carry_the_key_and_the_page_its_own_address(visits: Visits) -> None:
    text = visits.get("/sites?q=chamwino").text
    assert 'name="form_key" value="key-of-read"' in text
    assert 'name="back" value="/sites?q=chamwino"' in text


def test_given_rights_then_a_display_sees_no_page_but_the_wall() -> None:
    assert RIGHTS[Role.DISPLAY] == {Right.DISPLAY}


def test_given_names_that_templates_bring_in_then_none_hides_what_the_frame_round_them_reads() -> None:
    read = set(re.findall(r"\w+", " ".join(re.findall(r"{[{%](.*?)[%}]}", (TEMPLATES / "frame.html").read_text()))))
    for path in TEMPLATES.rglob("*.html"):
        brought = set(re.findall(r"{% import \S+ as (\w+)", path.read_text()))
        assert not brought & read, path


def test_given_a_template_then_a_language_is_asked_once_for_a_text_that_never_changes() -> None:
    asked: list[str] = []

    class Texts(NullTranslations):
        def ugettext(self, text: str) -> str:
            asked.append(text)
            return f"{text} <i>%%</i>"

    source = "{{ _('up') }}{% trans %}down{% endtrans %} {{ 'p95 ' ~ _('in') }} {% trans n=1 %}{{ n }} h{% endtrans %}{{ _(x) }}"
    template = Templates(Language("en", Texts()), {})._environment.from_string(source)
    first = template.render(x="<x>")
    assert first == "up <i>%</i>down <i>%</i> p95 in <i>%</i> 1 h <i>%</i><x> <i>%</i>"
    before = len(asked)
    assert template.render(x="<x>") == first
    assert asked[before:] == ["%(n)s h", "<x>"]  # these alone may be others the next time

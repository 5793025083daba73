"""Language and colours are kept in the browser, and the way back leads nowhere else."""

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.web.entrance import doorstep
from tests.dashboards.web.visits import Visits, words


def chosen(visits: Visits, **fields: str) -> tuple[int, str, str]:
    answer = visits.ask("POST", "/preferences", data=fields)
    return answer.status_code, answer.headers.get("location", ""), answer.headers.get("set-cookie", "")


def test_given_a_language_then_it_is_kept_and_the_one_in_the_address_gives_way(visits: Visits) -> None:
    status, way, cookie = chosen(visits, language="sw", back="/sites?q=a&lang=en&page=2")
    assert (status, way) == (303, "/sites?q=a&page=2")
    assert cookie.startswith("noc_language=sw;")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_given_colours_then_they_are_kept_and_the_address_stays(visits: Visits) -> None:
    status, way, cookie = chosen(visits, theme="light", back="/sites?lang=sw")
    assert (status, way) == (303, "/sites?lang=sw")
    assert cookie.startswith("noc_theme=light;")


def test_given_what_there_is_not_then_all_of_it_is_said_and_nothing_kept(visits: Visits) -> None:
    answer = visits.ask("POST", "/preferences", data={"language": "<b>", "theme": "plaid", "back": "/"})
    assert answer.status_code == 422
    assert "set-cookie" not in answer.headers
    assert "language" in words(answer)
    assert "plaid" in words(answer)
    assert "<b>&#39; is none" not in answer.text.replace("&lt;b&gt;", "")


def test_given_a_form_of_another_site_then_nothing_is_kept(visits: Visits) -> None:
    answer = visits.ask("POST", "/preferences", data={"language": "sw"}, headers={"origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "back", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\r\nx: y", "", "x"]
)
def test_given_a_way_back_that_leads_elsewhere_then_it_is_the_start(visits: Visits, back: str) -> None:
    assert chosen(visits, theme="dark", back=back)[1] == "/"


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=100)
def test_given_any_way_back_then_it_stays_here(back: str) -> None:
    way = doorstep.local(back)
    assert way.startswith("/")
    assert not urlsplit(way).netloc

"""Where a request comes from is believed only of proxies that are named; cookies are secure where the browser speaks TLS."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from dashboards.web.entrance import doorstep
from dashboards.web.sources.accounts import Outside
from tests.dashboards.web.visits import Visits


def request(client: str = "192.0.2.1", proxies: tuple[str, ...] = (), url: str = "", **headers: str) -> Request:
    app: Any = SimpleNamespace(state=SimpleNamespace(house=SimpleNamespace(outside=Outside(url, proxies))))
    lines = [(b"host", b"noc.test")]
    lines += [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return Request(
        {
            "type": "http",
            "method": "GET",
            "scheme": "http",
            "path": "/",
            "query_string": b"",
            "headers": lines,
            "client": (client, 1),
            "server": ("noc.test", 80),
            "app": app,
        }
    )


@pytest.mark.parametrize(
    ("client", "said", "proxies", "address"),
    [
        ("192.0.2.1", "", (), "192.0.2.1"),
        ("192.0.2.1", "10.9.9.9", (), "192.0.2.1"),  # nobody is believed
        ("127.0.0.1", "198.51.100.7", ("127.0.0.1",), "198.51.100.7"),
        ("127.0.0.1", "6.6.6.6, 198.51.100.7", ("127.0.0.1",), "198.51.100.7"),  # what the browser wrote itself
        ("127.0.0.1", "198.51.100.7, 10.0.0.3", ("127.0.0.1", "10.0.0.0/8"), "198.51.100.7"),
        ("127.0.0.1", "not an address", ("127.0.0.1",), "127.0.0.1"),
        ("::1", "2001:db8::7", ("::1",), "2001:db8::7"),
        ("127.0.0.1", "198.51.100.7", ("10.0.0.0/8",), "127.0.0.1"),
    ],
)
def test_given_proxies_then_the_nearest_address_that_is_none_of_them_asks(
    client: str, said: str, proxies: tuple[str, ...], address: str
) -> None:
    assert doorstep.caller(request(client, proxies, x_forwarded_for=said)).address == address


@given(st.text(alphabet=st.characters(max_codepoint=0xFF, exclude_characters="\r\n\0"), max_size=200))
def test_given_any_header_then_there_is_an_address(text: str) -> None:
    found = doorstep.caller(request("127.0.0.1", ("127.0.0.1",), x_forwarded_for=text, user_agent=text))
    assert found.address
    assert len(found.address) <= 64
    assert len(found.browser) <= 200


@pytest.mark.parametrize(
    ("asked", "secure"),
    [
        (request(), False),
        (request(url="https://noc.example"), True),
        (request(x_forwarded_proto="https"), False),
        (request("127.0.0.1", ("127.0.0.1",), x_forwarded_proto="https"), True),
    ],
)
def test_given_tls_then_cookies_are_secure(asked: Request, *, secure: bool) -> None:
    assert doorstep.secure(asked) is secure


@pytest.mark.parametrize(
    ("headers", "url", "ours"),
    [
        ({}, "", True),
        ({"origin": "http://noc.test"}, "", True),
        ({"origin": "https://NOC.example"}, "https://noc.example", True),
        ({"origin": "https://noc.example"}, "", False),
        ({"origin": "null"}, "", False),
        ({"origin": "http://["}, "", False),
        ({"origin": "http://noc.test", "sec_fetch_site": "cross-site"}, "", False),
        ({"sec_fetch_site": "same-site"}, "", False),
        ({"sec_fetch_site": "same-origin"}, "", True),
        ({"sec_fetch_site": "none"}, "", True),
    ],
)
def test_given_what_browsers_say_of_a_requests_origin_then_only_our_own_pages_count(
    headers: dict[str, str], url: str, *, ours: bool
) -> None:
    assert doorstep.own(request(url=url, **headers)) is ours


@given(st.text(max_size=100))
def test_given_any_way_then_it_stays_within_the_house(text: str) -> None:
    for way in (text, "/" + text):
        found = doorstep.local(way)
        assert found.startswith("/")
        assert not found.startswith("//")
        assert "\\" not in found


@pytest.mark.parametrize(
    ("asked", "way"),
    [
        ("/sites/", "/sites"),
        ("/sites/?state=down&q=a%20b", "/sites?state=down&q=a%20b"),
        ("http://noc.test//evil.example/", ""),
        ("/login/?next=/sites", "/login?next=/sites"),
        ("/", "/login"),
    ],
)
def test_given_a_slash_too_many_then_one_is_led_to_the_same_place_here_whatever_host_was_named(
    visits: Visits, asked: str, way: str
) -> None:
    answer = visits.get(asked, "", headers={"host": "evil.example"})
    assert answer.headers.get("location", "") == way
    assert visits.ask("POST", "/sites/", "admin", headers={"host": "evil.example"}).status_code in (404, 405)

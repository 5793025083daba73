"""Browsers are named as their owners know them."""

import pytest

from dashboards.browsers import LONGEST, browser_of

CHROME = "Mozilla/5.0 ({}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 {}Safari/537.36{}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox 128, Windows"),
        (CHROME.format("X11; Linux x86_64", "", ""), "Chrome 141, Linux"),
        (CHROME.format("Linux; Android 10; K", "Mobile ", ""), "Chrome 141, Android"),
        (CHROME.format("Windows NT 10.0; Win64; x64", "", " Edg/141.0.0.0"), "Edge 141, Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/17.5 Mobile/15E148 Safari/604.1",
            "Safari 17, iPhone",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
        ("x" * 200, "x" * LONGEST),
    ],
)
def test_given_what_a_browser_calls_itself_then_it_has_a_short_name(text: str, said: str) -> None:
    assert browser_of(text) == said

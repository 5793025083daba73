"""Rates and addresses as people write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inventory.addresses import check_address, check_anchor
from inventory.rates import LEAST_BPS, MOST_BPS, format_rate, parse_rate


@pytest.mark.parametrize(
    ("text", "bps"),
    [("10M", 10**7), ("2.5G", 25 * 10**8), ("155.52M", 155_520_000), ("512k", 512_000), ("64000", 64_000), ("1 Gbps", 10**9)],
)  # fmt: skip
def test_given_a_rate_then_it_is_bits_per_second(text: str, bps: int) -> None:
    assert parse_rate(text) == bps


@pytest.mark.parametrize("text", ["", "0", "-1M", "10MB", "1e9", "ten", "1.5", "99999T", "1.0000001k", "١٠M"])
def test_given_no_rate_then_it_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"rate|zero|negative|under|over|whole"):
        parse_rate(text)


@settings(deadline=None, max_examples=200)
@given(st.integers(LEAST_BPS, MOST_BPS))
def test_given_any_rate_then_writing_and_reading_it_changes_nothing(bps: int) -> None:
    assert parse_rate(format_rate(bps)) == bps


@pytest.mark.parametrize(
    ("bps", "text"),
    [
        (10**7, "10M"),
        (155_520_000, "155.52M"),
        (1_550_000_000, "1.55G"),
        (1_234_560, "1234.56k"),
        (10_000_001, 10_000_001),
    ],
)
def test_given_a_rate_then_it_is_written_in_the_shortest_exact_way(bps: int, text: str | int) -> None:
    assert format_rate(bps) == text


@pytest.mark.parametrize(
    ("text", "address"),
    [("10.0.0.1", "10.0.0.1"), ("2001:DB8::0:1", "2001:db8::1"), ("core-1.noc.go.tz", "core-1.noc.go.tz")],
)
def test_given_an_address_or_a_host_name_then_it_is_taken(text: str, address: str) -> None:
    assert check_address(text) == address


@pytest.mark.parametrize("text", ["", "10.0.0", "10.0.0.256", "1.2.3.4.5", "a b", "-x", "x..y", "::g", "x" * 300])
def test_given_neither_then_it_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="address"):
        check_address(text)


@pytest.mark.parametrize(
    ("text", "anchor"), [("10.0.0.1", "10.0.0.1"), ("127.0.0.1:10000", "127.0.0.1:10000"), ("[::1]:7", "[::1]:7")]
)
def test_given_an_anchor_then_it_may_have_a_port(text: str, anchor: str) -> None:
    assert check_anchor(text) == anchor


def test_given_an_anchor_with_an_absurd_port_then_it_is_refused() -> None:
    with pytest.raises(ValueError, match="port 70000"):
        check_anchor("10.0.0.1:70000")

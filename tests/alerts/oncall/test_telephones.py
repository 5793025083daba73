"""Telephones in any spelling become the one form that takes SMS, or say why they cannot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.oncall.telephones import TelephoneError, masked, normal


@pytest.mark.parametrize(
    "text",
    [
        "0712 345 678",
        "+255 712 345 678",
        "255712345678",
        "00255712345678",
        "712345678",
        "(0712) 345-678",
        "+255.712.345.678",
    ],
)
def test_given_a_mobile_in_any_spelling_then_it_is_255_and_nine_digits(text: str) -> None:
    assert normal(text) == "255712345678"


@pytest.mark.parametrize(
    ("text", "digits"),
    [("0622000001", "255622000001"), ("+254 712 345 678", "254712345678"), ("0044 20 7946 0958", "442079460958")],
)
def test_given_another_network_or_country_then_its_digits_stay(text: str, digits: str) -> None:
    assert normal(text) == digits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+255 22 211 0000",
        "022 211 0000",
        "112",
        "+255 712 345 67",
        "0712 345 6789",
        "call me",
        "15200",
        "+0712345678",
    ],
)
def test_given_a_number_that_takes_no_sms_then_it_is_refused_with_the_form_that_would_do(text: str) -> None:
    with pytest.raises(TelephoneError, match="255"):
        normal(text)


@given(st.text(alphabet="0123456789+ ()-./", max_size=20))
def test_given_any_number_that_is_taken_then_it_is_digits_and_taken_again(text: str) -> None:
    try:
        found = normal(text)
    except TelephoneError:
        return
    assert found.isdecimal() and 8 <= len(found) <= 15 and normal(f"+{found}") == found


def test_given_a_number_for_a_screen_then_its_middle_is_hidden() -> None:
    assert masked("+255 712 345 678") == "255******678"
    assert masked("112") == "***"

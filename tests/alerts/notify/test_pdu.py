"""Short messages in bits: alphabets, packing, and what comes in from anybody."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.notify.pdu import ALPHABET, EXTENSION, PduError, deliver, pack, septets, shortened, submit, text_of, unpack
from alerts.words.gsm import ALPHABET as WORDS_ALPHABET

SIGNS = "".join(sign for sign in ALPHABET if sign != "\x1b") + "".join(EXTENSION)


def test_given_the_alphabet_then_it_is_the_one_that_messages_are_fitted_to() -> None:
    assert len(ALPHABET) == 128 and set(ALPHABET) - {"\x1b"} == set(WORDS_ALPHABET)


@given(text=st.text(alphabet=SIGNS, max_size=80))
def test_given_a_text_then_it_survives_packing(text: str) -> None:
    codes = septets(text)
    assert text_of(unpack(pack(codes), len(codes))) == text


@settings(deadline=None)
@given(text=st.text(max_size=400), number=st.from_regex(r"255[67][0-9]{8}", fullmatch=True))
def test_given_any_text_then_the_pdu_is_well_formed_and_no_longer_than_one_message(text: str, number: str) -> None:
    pdu, length = submit(number, text)
    octets = bytes.fromhex(pdu)
    assert length == len(octets) - 1 and octets[14] <= 160
    assert len(octets) == 15 + (octets[14] * 7 + 7) // 8


@given(text=st.text(alphabet=SIGNS, min_size=161, max_size=300))
def test_given_a_text_that_is_too_long_then_its_end_stays(text: str) -> None:
    short = shortened(f"{text} NOC OK 4821-K7QD")
    assert short.endswith(" NOC OK 4821-K7QD") and len(septets(short)) <= 160


@pytest.mark.parametrize(
    ("pdu", "text"),
    [
        ("07911326040000F0040B911346610089F60000508030713085800CC8F71D14969741F977FD07", "How are you?"),
        # UCS-2, and from a name
        ("0004 05D0 CD30 0C 0008 62112251419021 08 004E004F00430021".replace(" ", ""), "NOC!"),
        # with a header of a message in two parts: six octets, one bit of fill
        ("00440B911346610089F60000508030713085800E0500030C0201" + "9ED3B9ACBE01", ""),
    ],
)
def test_given_a_message_that_came_in_then_it_is_read(pdu: str, text: str) -> None:
    read = deliver(pdu)
    assert read.text == text if text else read.text


@settings(deadline=None, max_examples=300)
@given(octets=st.binary(max_size=180))
def test_given_any_octets_then_they_are_read_or_refused(octets: bytes) -> None:
    try:
        deliver(octets.hex())
    except PduError:
        return


@pytest.mark.parametrize("pdu", ["", "zz", "0", "00", "07911326040000F0"])
def test_given_no_message_then_it_is_refused(pdu: str) -> None:
    with pytest.raises(PduError):
        deliver(pdu)

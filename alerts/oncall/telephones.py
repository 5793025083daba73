"""Telephone numbers that can take an SMS, in the one form that the gateway and the modem want: 255 and nine digits."""

import re

_SEPARATORS = re.compile(r"[ ()./-]")
_TANZANIAN = re.compile(r"(?:\+?255|00255|0)?([67][0-9]{8})\Z")
_ABROAD = re.compile(r"(?:\+|00)([1-9][0-9]{7,14})\Z")  # E.164: 15 digits at most
_AT_HOME = re.compile(r"(?:\+|00)?255")


class TelephoneError(ValueError):
    """No number that an SMS can be sent to; the text says why."""


def normal(text: str) -> str:
    """Digits with the country's code and no plus: 0712 345 678 and +255 712 345 678 are 255712345678.

    Tanzanian numbers must be mobile (6 or 7 after 255); those of other countries are written with + or 00.
    """
    bare = _SEPARATORS.sub("", text)
    found = _TANZANIAN.match(bare)
    if found:
        return f"255{found[1]}"
    abroad = _ABROAD.match(bare)
    if abroad and not _AT_HOME.match(bare):
        return abroad[1]
    if abroad or re.fullmatch(r"(?:0|255)[0-9]{9}", bare):
        raise TelephoneError(f"telephone {text!r} is no mobile number: 255 is followed by 6 or 7 and eight digits more")
    raise TelephoneError(
        f"telephone {text!r} is no number that takes SMS: write +255 712 345 678, or + and the country"
    )


def masked(text: str) -> str:
    """For screens and logs: the country and the last three digits, 255******678."""
    digits = re.sub(r"[^0-9]", "", text)
    return f"{digits[:3]}{'*' * max(0, len(digits) - 6)}{digits[-3:]}" if len(digits) > 6 else "*" * len(digits)

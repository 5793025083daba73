"""Text of devices and people made safe to hand on: one line where one line is due, no control characters, no secrets."""

import re
import unicodedata
from collections.abc import Iterable

from inventory.secret import Secret

LONGEST_ERROR = 200
_NOT_SHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})  # controls, direction marks, halves of pairs


def one_line(text: str, longest: int = 998) -> str:
    """Nothing in it can end a line, a header or a string; blanks are single. At most `longest` characters (RFC 5322)."""
    return re.sub(r"\s+", " ", _clean(text, keep="")).strip()[:longest].rstrip()


def lines(text: str, longest: int = 100_000) -> str:
    """Text of several lines, each ended by \\n alone; at most `longest` characters."""
    unified = re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)
    return _clean(unified, keep="\n\t")[:longest]


def _clean(text: str, keep: str) -> str:
    return "".join(one if one in keep or unicodedata.category(one) not in _NOT_SHOWN else " " for one in text)


def said(text: object, secrets: Iterable[Secret | None] = ()) -> str:
    """What another side or a library said, fit for an error and the log: short, one line, our secrets struck out."""
    words = str(text)
    for secret in secrets:
        if secret is not None and secret.reveal():
            words = words.replace(secret.reveal(), "***")
    return one_line(words, LONGEST_ERROR)

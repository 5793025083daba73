"""Names and descriptions as devices send them are bytes; here they become one line of safe text (SEMANTICS 40)."""

import re

from collectors.contract import Value

# C0 and C1 controls with DEL, the Unicode line ends, and the marks that reverse writing direction: each can break a
# CSV, a log line or a page, or make a name read as another
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+")


def text(value: Value) -> str:
    """One line of printable text: UTF-8 where it is UTF-8, backslash escapes elsewhere; "" for nothing.

    Runs of control characters (NULs, newlines, tabs) become one blank, outer blanks go.
    """
    if isinstance(value, bytes):
        value = value.decode("utf-8", "backslashreplace")
    return "" if value is None else _UNSAFE.sub(" ", str(value)).strip()


def text_or_none(value: Value) -> str | None:
    """Like `text`, and None where the device has no such object."""
    return None if value is None else text(value)

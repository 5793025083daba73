"""What accounts, tokens and displays may be called."""

import re
import unicodedata
from typing import Final

from dashboards.web.sources.accounts import Declined

LONGEST: Final = 64
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?\Z")


def folded(name: str) -> str:
    """As it is kept and looked up: whoever writes their name in capitals is the same person."""
    return unicodedata.normalize("NFKC", name[: 4 * LONGEST]).strip().casefold()


def account_name(name: str) -> str:
    """Plain letters only: two names that look alike are one. `Declined` of any other."""
    found = folded(name)
    if len(name) > LONGEST or not _NAME.match(found):
        raise Declined({"name": "name-letters"})
    return found


def label(text: str, field: str = "label") -> str:
    said = " ".join(text[: 4 * LONGEST].split())
    if not said or len(said) > LONGEST or not said.isprintable():
        raise Declined({field: "label-letters"})
    return said

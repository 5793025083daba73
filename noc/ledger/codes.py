"""Reply codes: four letters and figures for one contact and one incident, kept as salted hashes, good once."""

import hashlib
import random
from collections.abc import Mapping, Sequence
from typing import Any

from alerts.books import CodeState

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that reads like something else
LENGTH = 4
MOST_TRIES = 5
GOOD_FOR_S = 86_400.0
LIVE = "live"


def new_code(source: random.Random) -> str:
    return "".join(source.choice(ALPHABET) for _ in range(LENGTH))


def hashed(salt: str, code: str) -> str:
    return hashlib.sha256(f"{salt}:{code}".encode()).hexdigest()


def new_row(incident: int, contact: str, at: float, code: str, source: random.Random) -> dict[str, Any]:
    salt = f"{source.getrandbits(128):032x}"
    kept = {"incident": incident, "contact": contact, "salt": salt, "hash": hashed(salt, code), "state": LIVE}
    return kept | {"at": at, "expires_at": at + GOOD_FOR_S, "tries": 0}


def tidy(code: str) -> str:
    """As people type it."""
    return "".join(sign for sign in code.upper()[:64] if sign.isalnum())


def judge(
    rows: Sequence[Mapping[str, Any]], code: str, at: float, contact: str
) -> tuple[Mapping[str, Any] | None, CodeState]:
    """The row that the code is of, and what it is; `rows` are those of one incident, newest first."""
    typed = tidy(code)
    for row in rows:
        if hashed(row["salt"], typed) == row["hash"]:
            return row, _state(row, at, contact)
    mine = [row for row in rows if row["contact"] == contact]
    locked = bool(mine) and mine[0]["state"] == CodeState.LOCKED
    return None, CodeState.LOCKED if locked else CodeState.WRONG


def _state(row: Mapping[str, Any], at: float, contact: str) -> CodeState:
    if contact and row["contact"] != contact:
        return CodeState.ANOTHERS
    if row["state"] != LIVE:
        return CodeState(row["state"])
    return CodeState.EXPIRED if at >= row["expires_at"] else CodeState.GOOD


def tried(rows: Sequence[Mapping[str, Any]], contact: str) -> Sequence[Mapping[str, Any]]:
    """The live codes that a wrong try counts against."""
    live = [row for row in rows if row["state"] == LIVE]
    return [row for row in live if row["contact"] == contact] or live


def after(tries: int) -> str:
    """The state of a code that was tried so often."""
    return CodeState.LOCKED.value if tries >= MOST_TRIES else LIVE

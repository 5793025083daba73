"""Secrets that are made here and never kept: cookies, tokens and one-time links; the ledger has their SHA-256."""

import hashlib
import hmac
import secrets
from typing import Final

OCTETS: Final = 32  # 256 bits: nobody guesses them, so a plain hash is enough
LONGEST: Final = 100  # letters that are looked at
TOKEN: Final = "noc_"
DISPLAY: Final = "nocd_"
PREFIX: Final = 6  # letters behind that, by which people recognise a token


def new_secret(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(OCTETS)


def digest(secret: str) -> str:
    """ "" of what cannot be one of ours: too long, empty, or not of plain letters."""
    if not secret or len(secret) > LONGEST or not secret.isascii() or not secret.isprintable():
        return ""
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


def form_key(cookie: str) -> str:
    """What forms of that session carry: made of the cookie, which no other site can read (CSRF)."""
    return hmac.new(cookie.encode("ascii"), b"form", hashlib.sha256).hexdigest()[:32]


def shown(token: str) -> str:
    """The first letters of a token."""
    head, mark, rest = token.partition("_")
    return head + mark + rest[:PREFIX]

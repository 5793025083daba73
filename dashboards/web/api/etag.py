"""Whether what somebody has is still what would be told: known before anything is read or reckoned."""

import hashlib
from collections.abc import Iterable


def digest(*parts: object) -> str:
    """Short, and another one for other parts."""
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:20]


def has(given: str, tag: str) -> bool:
    """If-None-Match: is `tag` among those given? Weakly compared (RFC 9110, 13.1.2)."""
    return given.strip() == "*" or tag.removeprefix("W/") in _tags(given)


def _tags(given: str) -> Iterable[str]:
    return {one.strip().removeprefix("W/") for one in given.split(",")}

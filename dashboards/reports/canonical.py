"""One way to write a value down, so that whoever has the same values has the same bytes, and the same SHA-256.

JSON (RFC 8259) in ASCII without spaces, keys sorted; whole numbers as they are, all others with six decimals.
"""

import hashlib
import json
import math
from collections.abc import Mapping
from typing import Any

DECIMALS = 6


def canonical(value: Any) -> str:
    """ValueError for what is no JSON: not-a-number, or something that is neither text, number, list nor object."""
    if value is None or isinstance(value, bool | str):
        return json.dumps(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError("what is not known is written null")
        return f"{value + 0.0:.{DECIMALS}f}"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(key)}:{canonical(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    raise ValueError(f"{type(value).__name__} cannot be written down")


def sha256(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def fixed(value: float | None) -> float | None:
    """As it will be read again."""
    return None if value is None or not math.isfinite(value) else float(f"{value + 0.0:.{DECIMALS}f}")

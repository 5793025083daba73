"""How every row of a report begins: what it is of, in both languages."""

from typing import Any

from inventory.model import Name


def named(kind: str, key: str, name: Name | None, **more: Any) -> dict[str, Any]:
    english = name.en if name else key
    return {"kind": kind, "key": key, "name": english, "name_sw": name.in_language("sw") if name else key, **more}

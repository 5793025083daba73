"""What the sample network answers to each route, for the description: whoever writes a program sees what will come.

`examples.json` is made by `make api-examples`, which asks every route; a test holds each of them against its model.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

FILE: Final = Path(__file__).with_name("examples.json")
NAME: Final = "sample"


def read() -> Mapping[str, Mapping[str, Any]]:
    """Operation -> `path` and `query` (its parameters), `said` (what is sent) and `told` (what comes)."""
    found: Mapping[str, Mapping[str, Any]] = json.loads(FILE.read_text())
    return found


def put_in(described: Mapping[str, Any]) -> None:
    """Into every operation of a description that has one."""
    every = read()
    for path in described["paths"].values():
        for operation in path.values():
            if (one := every.get(operation["operationId"])) is not None:
                _put(operation, one)


def _put(operation: Mapping[str, Any], one: Mapping[str, Any]) -> None:
    given = {**one.get("path", {}), **one.get("query", {})}
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in given:
            parameter["example"] = given[parameter["name"]]
    if "said" in one and "requestBody" in operation:
        operation["requestBody"]["content"]["application/json"]["examples"] = _named(one["said"])
    for status in ("200", "201"):
        if status in operation["responses"] and "told" in one:
            operation["responses"][status]["content"]["application/json"]["examples"] = _named(one["told"])


def _named(value: Any) -> Mapping[str, Any]:
    return {NAME: {"summary": "Of the sample network", "value": value}}

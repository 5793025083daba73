"""Our scripts are modules that import each other by their names in the folder: `import { now } from "../ages.js";`.

A folder of them tells one story in parts and is sent as one file, named after the folder: a browser asks once, not once a part.
No two of its parts may therefore declare the same name (a test says so), and an import names what it takes, as it is called.
"""

import posixpath
import re
from collections.abc import Mapping
from graphlib import TopologicalSorter
from typing import Final

IMPORT: Final = re.compile(rb'^import \{([\w\s,]+)\} from "(\.{1,2}/[\w./-]+)";\n?', re.MULTILINE)


def joined(modules: Mapping[str, bytes]) -> dict[str, bytes]:
    """By the name under which each is sent ("ages.js", "charts.js"), those before that others import.

    KeyError: one imports what is not there; CycleError (a ValueError): they import each other.
    """
    scripts: dict[str, list[str]] = {}
    for name in TopologicalSorter({name: imported(name, text) for name, text in modules.items()}).static_order():
        scripts.setdefault(sent_as(name), []).append(name)
    found = {script: _as_one(script, {name: modules[name] for name in parts}) for script, parts in scripts.items()}
    order = TopologicalSorter({script: imported(script, text) for script, text in found.items()})
    return {script: found[script] for script in order.static_order()}


def imported(name: str, text: bytes) -> list[str]:
    """By their names in the folder, in the order of the imports."""
    return [_named(name, path) for _, path in IMPORT.findall(text)]


def sent_as(name: str) -> str:
    room = posixpath.dirname(name)
    return f"{room}.js" if room else name


def addressed(name: str, text: bytes, addresses: Mapping[str, str]) -> bytes:
    """The script as a browser takes it; `addresses`: of those that it imports."""

    def line(found: re.Match[bytes]) -> bytes:
        return b'import {%b} from "%b";\n' % (found[1], addresses[_named(name, found[2])].encode())

    return IMPORT.sub(line, text)


def _as_one(script: str, parts: Mapping[str, bytes]) -> bytes:
    """Parts one below the other, and above them once whatever they import of other scripts."""
    wanted: dict[str, set[bytes]] = {}
    for name, text in parts.items():
        for names, path in IMPORT.findall(text):
            wanted.setdefault(sent_as(_named(name, path)), set()).update(re.findall(rb"\w+", names))
    wanted.pop(script, None)
    lines = [
        b'import { %b } from "./%b";\n' % (b", ".join(sorted(names)), other.encode())
        for other, names in sorted(wanted.items())
    ]
    return b"".join([*lines, *(IMPORT.sub(b"", text) for text in parts.values())])


def _named(importer: str, path: bytes) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), path.decode()))

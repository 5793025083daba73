"""What browsers load beside pages: our styles and scripts and uPlot, each under a name that changes with its content.

Our scripts are modules and import each other by their names in the folder (`import { now } from "./ages.js"`). What is sent
says the addresses instead, so a script's own address changes with those it imports, and all of them may be kept for ever.

uPlot comes from npm when the wheel is built or the tree is set up (`make vendor`). Where that could not be done its files
are answered empty: charts are then shown as the tables they stand beside, and everything else works.
"""

import gzip
import hashlib
import logging
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent.parent / "static"
KINDS: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
}
VENDORED: Final = ("vendor/uPlot.iife.min.js", "vendor/uPlot.min.css")
LEVEL: Final = 9  # of gzip; once at the start, some milliseconds for everything
PACKED: Final = frozenset({".css", ".js", ".svg"})
IMPORT: Final = re.compile(rb"""^(import\b[^"';]*)"(\.{1,2}/[\w./-]+)";$""", re.MULTILINE)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asset:
    """`address` holds a digest of the content: it may be kept for ever. `packed`: by gzip, empty where that is no use.

    `needs`: of a script the addresses of all that it imports, and those import; a page asks for them at once.
    """

    name: str
    address: str
    kind: str
    content: bytes
    packed: bytes = b""
    needs: tuple[str, ...] = ()


class Assets:
    """Read once; `named` by the name in the folder ("noc.css"), `at` by the address that browsers ask for."""

    def __init__(self, folder: Path = FOLDER) -> None:
        found = list(_found(folder))
        self.named: Mapping[str, Asset] = {one.name: one for one in found}
        self.at: Mapping[str, Asset] = {one.address: one for one in found}
        whole = hashlib.sha256("".join(sorted(self.at)).encode())
        self.build = whole.hexdigest()[:12]  # another one: an open page loads itself anew

    def address(self, name: str) -> str:
        """KeyError: no such file, a mistake in a template."""
        return self.named[name].address

    def needs(self, name: str) -> tuple[str, ...]:
        return self.named[name].needs


def _found(folder: Path) -> Iterator[Asset]:
    contents = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in KINDS
    }
    absent = [name for name in VENDORED if name not in contents]
    if absent:
        log.warning("charts are shown as tables: %s not installed (make vendor)", ", ".join(absent))
    found: dict[str, Asset] = {}
    imports = {name: _imports(name, content) for name, content in contents.items()}
    for name in TopologicalSorter(imports).static_order():
        found[name] = _asset(name, contents[name], found)
        yield found[name]
    for name in absent:
        yield _asset(name, b"", found)


def _imports(name: str, content: bytes) -> list[str]:
    """Those of our own modules that one imports, by their names in the folder."""
    return [_named(name, path) for _, path in IMPORT.findall(content)] if name.endswith(".js") else []


def _named(importer: str, path: bytes) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), path.decode()))


def _asset(name: str, content: bytes, others: Mapping[str, Asset]) -> Asset:
    """`others`: at least those that it imports; KeyError: it imports what is not there."""
    stem, dot, kind = name.rpartition(".")
    imported = [others[one] for one in _imports(name, content)]
    content = _without_opening(content) if kind in ("css", "js") else content
    if imported:
        content = IMPORT.sub(lambda one: b'%b"%b";' % (one[1], others[_named(name, one[2])].address.encode()), content)
    packed = gzip.compress(content, LEVEL, mtime=0) if dot + kind in PACKED else b""
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(
        name,
        f"/static/{stem}.{digest}.{kind}",
        KINDS[dot + kind],
        content,
        packed if len(packed) < len(content) else b"",
        tuple(dict.fromkeys(address for one in imported for address in (*one.needs, one.address))),
    )


def _without_opening(content: bytes) -> bytes:
    """The comment that one of our files opens with is for who reads the file; licences (`/*!`) stay."""
    return re.sub(rb"\A/\*(?!!).*?\*/\s*", b"", content, count=1, flags=re.DOTALL)

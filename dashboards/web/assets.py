"""What browsers load beside pages: our styles and scripts and uPlot, each under a name that changes with its content.

uPlot comes from npm when the wheel is built or the tree is set up (`make vendor`). Where that could not be done its files
are answered empty: charts are then shown as the tables they stand beside, and everything else works.
"""

import gzip
import hashlib
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Asset:
    """`address` holds a digest of the content: it may be kept for ever. `packed`: by gzip, empty where that is no use."""

    name: str
    address: str
    kind: str
    content: bytes
    packed: bytes = b""


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


def _found(folder: Path) -> Iterator[Asset]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in KINDS:
            yield _asset(path.relative_to(folder).as_posix(), path.read_bytes())
    absent = [name for name in VENDORED if not (folder / name).is_file()]
    if absent:
        log.warning("charts are shown as tables: %s not installed (make vendor)", ", ".join(absent))
    for name in absent:
        yield _asset(name, b"")


def _asset(name: str, content: bytes) -> Asset:
    stem, dot, kind = name.rpartition(".")
    content = _without_opening(content) if kind in ("css", "js") else content
    packed = gzip.compress(content, LEVEL, mtime=0) if dot + kind in PACKED else b""
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(
        name,
        f"/static/{stem}.{digest}.{kind}",
        KINDS[dot + kind],
        content,
        packed if len(packed) < len(content) else b"",
    )


def _without_opening(content: bytes) -> bytes:
    """The comment that one of our files opens with is for who reads the file; licences (`/*!`) stay."""
    return re.sub(rb"\A/\*(?!!).*?\*/\s*", b"", content, count=1, flags=re.DOTALL)

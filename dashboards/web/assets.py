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

from dashboards.web import scripts

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
WRITTEN: Final = (".css", ".js")  # by us, with comments

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
    """Each name changes with the content, and a script's with those of the scripts that it imports."""
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in KINDS
    }
    modules = {name: text for name, text in files.items() if name.endswith(".js") and not name.startswith("vendor/")}
    absent = [name for name in VENDORED if name not in files]
    if absent:
        log.warning("charts are shown as tables: %s not installed (make vendor)", ", ".join(absent))
    for name in [*(name for name in files if name not in modules), *absent]:
        yield _asset(name, files.get(name, b""))
    addresses: dict[str, str] = {}
    needs: dict[str, tuple[str, ...]] = {}
    for name, text in scripts.joined(modules).items():
        imported = scripts.imported(name, text)
        needs[name] = tuple(dict.fromkeys(one for other in imported for one in (*needs[other], addresses[other])))
        found = _asset(name, scripts.addressed(name, text, addresses), needs[name])
        addresses[name] = found.address
        yield found


def _asset(name: str, content: bytes, needs: tuple[str, ...] = ()) -> Asset:
    stem, dot, kind = name.rpartition(".")
    if name.endswith(WRITTEN) and not name.startswith("vendor/"):
        content = _as_sent(content)
    packed = gzip.compress(content, LEVEL, mtime=0) if dot + kind in PACKED else b""
    digest = hashlib.sha256(content).hexdigest()[:12]
    return Asset(
        name,
        f"/static/{stem}.{digest}.{kind}",
        KINDS[dot + kind],
        content,
        packed if len(packed) < len(content) else b"",
        needs,
    )


def _as_sent(content: bytes) -> bytes:
    """Without what is for who reads the file: comments that have lines of their own, and indents; licences (`/*!`) stay."""
    content = re.sub(rb"^[ \t]*/\*(?!!)(?:[^*]|\*(?!/))*\*/[ \t]*$", b"", content, flags=re.MULTILINE)
    lines = (line.strip() for line in content.split(b"\n"))
    return b"\n".join(line for line in lines if line and not line.startswith(b"//"))

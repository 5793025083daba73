"""What browsers load beside pages: our styles and scripts and uPlot, each under a name that changes with its content."""

import hashlib
from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Asset:
    """`address` holds a digest of the content: it may be kept for ever."""

    name: str
    address: str
    kind: str
    content: bytes


class Assets:
    """Read once; `named` by the name in the folder ("noc.css"), `at` by the address that browsers ask for."""

    def __init__(self, folder: Path = FOLDER) -> None:
        found = [
            _asset(path, path.relative_to(folder).as_posix())
            for path in sorted(folder.rglob("*"))
            if path.suffix in KINDS
        ]
        self.named: Mapping[str, Asset] = {one.name: one for one in found}
        self.at: Mapping[str, Asset] = {one.address: one for one in found}

        whole = hashlib.sha256("".join(sorted(self.at)).encode())
        self.build = whole.hexdigest()[:12]  # another one: an open page loads itself anew

    def address(self, name: str) -> str:
        return self.named[name].address


def _asset(path: Path, name: str) -> Asset:
    content = path.read_bytes()
    stem, _, kind = name.rpartition(".")
    return Asset(name, f"/static/{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{kind}", KINDS[path.suffix], content)

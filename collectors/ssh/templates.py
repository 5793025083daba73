"""The only door to ntc-templates and TextFSM: the index is read once, every template compiled once."""

import re
import threading
from functools import cached_property
from pathlib import Path
from typing import Any

from collectors.contract import NotParsed


class Templates:
    """Output of a command -> its records, as ntc-templates describes it. One for the house; any thread may ask."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], Path | None] = {}
        self._machines: dict[Path, Any] = {}
        self._lock = threading.Lock()  # a compiled template keeps its state while it parses

    def parse(self, platform: str, command: str, output: str) -> list[dict[str, Any]]:
        """Records with field names in lower case. NotParsed where there is no template, or it meets a line it does not know."""
        with self._lock:
            return self._parse(platform, command, output)

    def _parse(self, platform: str, command: str, output: str) -> list[dict[str, Any]]:
        import textfsm  # type: ignore[import-untyped]

        path = self._path(platform, command)
        if path is None:
            raise NotParsed(f"no template for {platform} {command!r}")
        machine = self._machine(path)
        try:
            rows = machine.ParseText(output)
        except textfsm.TextFSMError as error:
            raise NotParsed(f"{command!r}: {_line(error)}") from None
        finally:
            machine.Reset()
        names = [name.lower() for name in machine.header]
        return [dict(zip(names, map(_cell, row), strict=True)) for row in rows]

    def _machine(self, path: Path) -> Any:
        import textfsm

        if path not in self._machines:
            with path.open(encoding="utf-8") as opened:
                self._machines[path] = textfsm.TextFSM(opened)
        return self._machines[path]

    def _path(self, platform: str, command: str) -> Path | None:
        key = platform, command
        if key not in self._found:
            matching = (path for known, asked, path in self._index if known.match(platform) and asked.match(command))
            self._found[key] = next(matching, None)
        return self._found[key]

    @cached_property
    def _index(self) -> list[tuple[re.Pattern[str], re.Pattern[str], Path]]:
        """(platform, command, template file) in the order of ntc-templates' index; the first that matches counts."""
        import ntc_templates

        place = Path(ntc_templates.__file__).parent / "templates"
        rows = []
        for line in (place / "index").read_text(encoding="utf-8").splitlines():
            names, *attributes = (part.strip() for part in line.partition("#")[0].split(",", 3))
            if len(attributes) < 3 or names == "Template":
                continue
            _, platform, command = attributes
            if ":" not in names:  # outputs that need several templates: none that is asked here
                rows.append((re.compile(platform), re.compile(_spelled(command)), place / names))
        return rows


def _cell(said: Any) -> Any:
    """What the output has not is told as TextFSM's own tables tell it."""
    return [one if isinstance(one, dict) else str(one) for one in said] if isinstance(said, list) else said


def _spelled(command: str) -> str:
    """ "sh[[ow]] ver" -> "sh(o(w)?)? ver": what may be left off, as the index writes it."""

    def optional(found: re.Match[str]) -> str:
        letters = found[1]
        return "(" + "(".join(letters) + ")?" * len(letters)

    return re.sub(r"\[\[(.+?)\]\]", optional, command)


def _line(error: Exception) -> str:
    """What the template said of the line it stumbled on, short."""
    return str(error).partition("\n")[0][:200]

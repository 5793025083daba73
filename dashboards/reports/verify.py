"""Two reports of the same month held against each other: every input and every figure that differs, by its name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any, Final

from dashboards.reports.canonical import canonical
from dashboards.reports.document import by_name, digests
from dashboards.reports.page import page
from dashboards.reports.traffic import CHECK
from inventory.calendar import Month

Content = Mapping[str, Any]
LISTS: Final = ("figures", "spans", "unwatched", "windows", "days", "changes")
WORDS: Final = {"figures": "", "spans": "time of ", "unwatched": "unwatched ", "windows": "planned work ",
                "days": "chart of ", "changes": "change "}  # fmt: skip
LABELS: Final = frozenset({"name", "name_sw", "site", "region", "provider", "circuit", "subjects", "rank"})


@dataclass(frozen=True, slots=True)
class Difference:
    """`was` in the report, `now` as it is computed again (or as it was when the month was closed)."""

    what: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.what}: the report says {self.was}, it is {self.now}"


def of_itself(content: Content) -> Iterator[Difference]:
    """The digests that it bears are those of what it says."""
    told, found = content.get("sha256"), digests(content)
    for name, digest in found.items():
        was = told.get(name) if isinstance(told, Mapping) else None
        if was != digest:
            yield Difference(f"sha256 {name}", _said(was), digest)


def of_page(text: str, truth: Content, *, wholly: bool = True) -> Iterator[Difference]:
    """What the page shows is what it should, letter for letter; `truth` with `made` as the page says it was made.

    `wholly=False`: only its figures, where another version chose the words.
    """
    made = page(truth)
    if made == text:
        return
    shown, meant = cells(text), cells(made)
    differing = False
    for figure in {**meant, **shown}:
        if shown.get(figure) != meant.get(figure):
            differing = True
            yield Difference(figure, _said(shown.get(figure)), _said(meant.get(figure)))
    if wholly and not differing:
        number, was, now = _line(text, made)
        yield Difference(f"line {number} of the page", _said(was.strip()[:80]), _said(now.strip()[:80]))


def _line(text: str, made: str) -> tuple[int, str, str]:
    here, there = text.splitlines(), made.splitlines()
    for number in range(max(len(here), len(there))):
        was, now = (lines[number] if number < len(lines) else "" for lines in (here, there))
        if was != now:
            return number + 1, was, now
    return len(here), "other ends of lines", "those it was made with"


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: dict[str, str] = {}
        self._figure: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        figure = dict(attrs).get("data-figure")
        if figure is not None:
            self._figure = figure
            self.found.setdefault(figure, "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "code", "p"):
            self._figure = None

    def handle_data(self, data: str) -> None:
        if self._figure is not None:
            self.found[self._figure] += data


def cells(text: str) -> dict[str, str]:
    """Every figure that a page shows, by name."""
    parser = _Cells()
    parser.feed(text)
    parser.close()
    return parser.found


def differences(content: Content, truth: Content, *, labels: bool = True) -> Iterator[Difference]:
    """Inputs first, then figures and what explains them; `labels=False`: names and rows that are gone are let be."""
    for name in ("report", "method", "month", "institution", "period"):
        if content.get(name) != truth.get(name):
            yield Difference(name, _said(content.get(name)), _said(truth.get(name)))
    yield from _inputs(content.get("inputs", {}), truth["inputs"], str(truth["month"]), labels)
    for name in LISTS:
        if name in truth or name in content:
            yield from _rows(WORDS[name], content.get(name), truth.get(name) or (), labels)


def _inputs(was: Mapping[str, Any], now: Mapping[str, Any], month: str, labels: bool) -> Iterator[Difference]:
    for source in {**now, **was}:
        here, there = was.get(source) or {}, now.get(source) or {}
        for name in {**there, **here}:
            old, new = here.get(name), there.get(name)
            if old == new or (not labels and (old is None or new is None)):
                continue
            yield Difference(f"{source} {name}{_days(old, new, month)}", _digest(old), _digest(new))


def _days(old: Any, new: Any, month: str) -> str:
    """The days whose slots differ, where both tell."""
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)):
        return ""
    one, other = str(old.get("days", "")), str(new.get("days", ""))
    first = Month.parse(month).first
    found = [
        str(first + timedelta(days=place // CHECK))
        for place in range(0, max(len(one), len(other)), CHECK)
        if one[place : place + CHECK] != other[place : place + CHECK]
    ]
    return " on " + ", ".join(found[:5]) + (" ..." if len(found) > 5 else "") if found else ""


def _digest(value: Any) -> str:
    return _said(value.get("sha256") if isinstance(value, Mapping) else value)


def _rows(word: str, was: Any, now: Sequence[Any], labels: bool) -> Iterator[Difference]:
    told = was if isinstance(was, list | tuple) else ()
    here, there = by_name(row for row in told if isinstance(row, Mapping)), by_name(now)
    if len(told) != len(now) and len(here) == len(there):
        yield Difference(f"{word}rows", str(len(told)), str(len(now)))
    for name in {**there, **here}:
        what = word + " ".join(name)
        old, new = here.get(name), there.get(name)
        if old is None or new is None:
            if labels:
                yield Difference(what, "nothing" if old is None else "that it is there", _there(new))
            continue
        for field in {**new, **old}:
            if old.get(field) != new.get(field) and (labels or field not in LABELS):
                yield Difference(f"{what} {field}", _said(old.get(field)), _said(new.get(field)))


def _there(row: Any) -> str:
    return "not there" if row is None else "there"


def of_sheet(text: Sequence[Sequence[str]], truth: Sequence[Sequence[str]]) -> Iterator[Difference]:
    """Two flat tables, cell by cell; a row is named by its kind, key and direction."""
    if not text or text[0] != truth[0]:
        yield Difference("the columns", _said(",".join(text[0]) if text else None), _said(",".join(truth[0])))
        return
    heads = list(truth[0])
    here, there = ({_row_name(heads, row): row for row in rows[1:]} for rows in (text, truth))
    for name in {**there, **here}:
        old, new = here.get(name), there.get(name)
        if old is None or new is None:
            yield Difference(name, "nothing" if old is None else "that it is there", _there(new))
            continue
        for field, was, now in zip(heads, old, new, strict=False):
            if was != now:
                yield Difference(f"{name} {field}", _said(was), _said(now))
    if len(text) != len(truth):
        yield Difference("rows", str(len(text)), str(len(truth)))


def _row_name(heads: Sequence[str], row: Sequence[str]) -> str:
    named = dict(zip(heads, row, strict=False))
    if named.get("kind", "").startswith("sha256-"):
        return named["kind"]
    return " ".join(named[word] for word in ("kind", "key", "direction") if named.get(word))


def _said(value: Any) -> str:
    if value is None:
        return "nothing"
    return value if isinstance(value, str) else canonical(value)

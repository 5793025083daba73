"""A report as one page of HTML for paper and screen (A4): tables, charts, method, and the report itself as data in it.

The page is a function of that data alone, so that it can be made again and compared letter for letter.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dashboards.page import render, sound
from dashboards.reports.canonical import canonical
from dashboards.reports.columns import TABLES, Table
from dashboards.reports.document import instant, name_of
from dashboards.reports.figures import charts
from dashboards.reports.shown import NOTHING, moment, shown
from dashboards.reports.words import LANGUAGES

Content = Mapping[str, Any]
DATA: Final = "report-data"  # id of the element that holds the report as JSON
NUMBERS: Final = ("_s", "_bps", "availability", "utilisation", "faults", "rank", "subjects", "slots_present",
                  "slots_expected", "over_committed_days", "number", "slots")  # fmt: skip
_DOWN: Final = ("down", "shut")


@dataclass(frozen=True, slots=True)
class Cell:
    """`figure` names what it shows, so that a changed one can be named: "site lga-bahi availability"."""

    text: str
    figure: str
    number: bool
    small: str = ""
    named: bool = False


def page(content: Content) -> str:
    """`content` is the report as JSON with `made` (at, version, language, frozen_at)."""
    made = content["made"]
    words = LANGUAGES[made["language"]]
    tables = [_table(table, content, words) for table in TABLES[content["report"]]]
    values = {
        "words": words,
        "language": made["language"],
        "title": words[f"title: {content['report']}"],
        "heads": list(_heads(content, words)),
        "tables": [table for table in tables if table["rows"] or table["none"]],
        "charts": [sound(drawn) for drawn in charts(content, words)],
        "method": words[f"method: {content['report']}"].format(known=_known(content)),
        "digests": content["sha256"],
        "made": words["made"].format(at=moment(made["at"]), version=made["version"]),
        "data_id": DATA,
        "data": sound(_embedded(content)),
    }
    return render("reports/report.html", values)


def _embedded(content: Content) -> str:
    """JSON that ends no element of the page, whatever names stand in it."""
    return canonical(content).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _known(content: Content) -> str:
    ledger = content["inputs"].get("ledger")
    return moment(ledger["known"]) if ledger else ""


def _heads(content: Content, words: Mapping[str, str]) -> Iterable[str]:
    period, made = content["period"], content["made"]
    times = {"from": moment(period["from"]), "to": moment(period["to"])}
    yield words["of month"].format(month=content["month"], **times)
    if content["institution"]:
        yield words["of institution"].format(name=_name(content, content["institution"], made["language"]))
    if not period["closed"]:
        yield words["open"].format(until=moment(period["until"]))
    elif made["frozen_at"]:
        yield words["frozen"].format(at=moment(made["frozen_at"]))
    else:
        yield words["closed"] + " " + words["not frozen"]
    for row in content["figures"]:
        if row["kind"] == "network":
            told = {"subjects": row["subjects"], "availability": shown("availability", row["availability"], words)}
            yield words["headline: sla" if row["availability"] is not None else "headline: nothing"].format(**told)


def _name(content: Content, key: str, language: str) -> str:
    for row in content["figures"]:
        if row["key"] == key and row["kind"] == "institution":
            return str(row["name_sw" if language == "sw" else "name"])
    return key


def _table(table: Table, content: Content, words: Mapping[str, str]) -> dict[str, Any]:
    rows = _rows(table, content)
    busiest = content["report"] == "capacity" and table.kind == "site"
    shown_rows = rows[: table.most] if table.most else rows
    return {
        "kind": table.kind,
        "title": words["table: busiest" if busiest else f"table: {table.kind}"],
        "fields": [(words[field], _is_number(field), _unit(field, words)) for field in table.fields],
        "rows": [[_cell(row, field, content, words) for field in table.fields] for row in shown_rows],
        "none": words.get(f"none: {table.kind}", ""),
        "more": list(_more(table, content, words, (len(shown_rows), len(rows)))),
    }


def _more(table: Table, content: Content, words: Mapping[str, str], numbers: tuple[int, int]) -> Iterable[str]:
    """What of the rows does not stand in the table."""
    if numbers[0] < numbers[1]:
        yield words["more"].format(shown=numbers[0], total=numbers[1])
    siteless = sum(_siteless(row) for row in content["figures"]) if table.kind == "institution" else 0
    if siteless:
        yield words["siteless"].format(number=siteless)


def _siteless(row: Mapping[str, Any]) -> bool:
    """An institution that no site is of: of its availability nothing can be said."""
    return bool(row["kind"] == "institution" and "site" in row and row["site"] is None)


def _rows(table: Table, content: Content) -> list[dict[str, Any]]:
    source: Sequence[Mapping[str, Any]] = content.get(table.source, ())
    rows = [dict(row) for row in source if _belongs(table, row)]
    for row in rows:
        if table.source in ("spans", "unwatched"):
            row["for_s"] = instant(row["to"]) - instant(row["from"])
    if table.order:
        field, sign = table.order.removeprefix("-"), -1 if table.order.startswith("-") else 1
        rows.sort(key=lambda row: (row.get(field) is None, sign * (row.get(field) or 0), name_of(row)))
    return rows


def _belongs(table: Table, row: Mapping[str, Any]) -> bool:
    if table.source == "spans":
        return row["state"] in _DOWN
    if table.source != "figures":
        return True
    if table.kind == "use":
        return bool(row["kind"] == "contract")
    if table.kind == "over":
        return bool(row["kind"] == "allocation" and row["over_subscribed_by"])
    return bool(row["kind"] == table.kind) and not _siteless(row)


def _unit(field: str, words: Mapping[str, str]) -> str:
    return "Mb/s" if field.endswith("_bps") else words["unit: time"] if field.endswith("_s") else ""


def _is_number(field: str) -> bool:
    return field.endswith(NUMBERS)


def _cell(row: Mapping[str, Any], field: str, content: Content, words: Mapping[str, str]) -> Cell:
    figure = " ".join((*name_of(row), field))
    if field == "label":
        name = row["name_sw" if content["made"]["language"] == "sw" else "name"]
        return Cell(str(name), figure, False, "" if name == row["key"] else str(row["key"]), named=True)
    if field == "slots":
        return Cell(
            f"{row['slots_present']} / {row['slots_expected']}" if "slots_present" in row else NOTHING, figure, True
        )
    value = row.get(field)
    if field == "reason" and row.get("kind") != "change":
        return Cell(words.get(f"reason: {value}", str(value or "")), figure, False)
    return Cell(shown(field, value, words), figure, _is_number(field))


def embedded(text: str) -> Content | None:
    """The report that a page holds; None where it holds none. The page is untrusted: ValueError for broken JSON."""
    opening = f'<script type="application/json" id="{DATA}">'
    _, found, rest = text.partition(opening)
    if not found:
        return None
    content = json.loads(rest.partition("</script>")[0])
    return content if isinstance(content, dict) else None

"""What charts are drawn from, for browsers: columns of any subject over any range, and the same as a file."""

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from dashboards.charts.asked import Asked, AskedWrong, asked
from dashboards.charts.labels import label_of, labels
from dashboards.charts.panel import Subject, subjects
from dashboards.charts.sheet import sheet
from dashboards.charts.told import bands_told, marks_told, ranked_told, strip_told
from dashboards.web.attachment import spreadsheet
from dashboards.web.entrance.outfit import LEVEL
from dashboards.web.frame import Frame, Framed
from dashboards.web.refusal import BadQuestion, mistaken
from dashboards.web.route import Route
from dashboards.web.sight.charts import Drawn
from dashboards.web.sight.lines import Around
from dashboards.web.viewer import Right
from inventory.model import Link

PARTS: Final = ("measurement", "scope", "row", "quantities")
SETTLED_S: Final = 900  # after its end nothing of a range is likely to change
KEPT_S: Final = 3600


def data(frame: Framed, request: Request) -> Response:
    question, wanted = _wanted(frame, request)
    around, limits = _around(frame, request, question)
    key = ("panels", frame.language.key, tuple(sorted(limits.items())))
    panels = frame.sight.charts.made(wanted, question, key, lambda drawn: _panels(frame, drawn, limits))
    head = {
        "from": question.start,
        "to": question.end,
        "step": question.layer.word,
        "live": question.live,
        "query": question.query,
        "notes": [*map(frame.said, question.notes), *filter(None, [around.away])],
        "strip": strip_told(around.strip, lambda key: frame.words.reasons.get(key, key)),
        "bands": bands_told(around.bands),
        "marks": marks_told(around.marks),
    }
    return _kept(frame, request, f'{_json(head)[:-1]},"panels":[{panels}]}}', question)


def _panels(frame: Frame, drawn: Sequence[Drawn], limits: Mapping[str, int]) -> str:
    known = labels(frame.gettext)
    return ",".join(_panel(one, limits, lambda name: label_of(name, known)) for one in drawn)


def _panel(one: Drawn, limits: Mapping[str, int], label: Callable[[str], str]) -> str:
    """Its numbers are JSON already."""
    mine = {name: bps for name, bps in limits.items() if name in one.subject.quantities}
    around = _json({"p95": ranked_told(one.ranked), "limits": mine})
    return f"{one.written.panel(one.subject.quantities, label)},{around[1:]}"


def _json(content: Mapping[str, Any]) -> str:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False)


def csv(frame: Framed, request: Request) -> Response:
    question, wanted = _wanted(frame, request)
    drawn = frame.sight.charts.drawn(wanted, question)
    around, _ = _around(frame, request, question)
    text = sheet([(one.subject, one.columns) for one in drawn], question, around.strip, frame.words.reasons)
    name = "-".join([*dict.fromkeys(_plain(one.subject.row) for one in drawn), question.query])
    return spreadsheet(text, _plain(name)[:120])


def _wanted(frame: Frame, request: Request) -> tuple[Asked, list[Subject]]:
    """BadQuestion with all mistakes of range and subjects at once."""
    problems: dict[str, str] = {}
    question, wanted = None, None
    try:
        question = question_of(frame, request)
    except BadQuestion as wrong:
        problems.update(wrong.problems)
    try:
        wanted = subjects(*(request.query_params.getlist(name) for name in PARTS))
    except ValueError as wrong:
        problems["measurement"] = str(wrong)
    if question is None or wanted is None:
        raise mistaken(problems)
    return question, wanted


def question_of(frame: Frame, request: Request) -> Asked:
    """BadQuestion with all mistakes of the range."""
    try:
        return asked(request.query_params, frame.sight.now)
    except AskedWrong as wrong:
        raise mistaken(wrong.problems) from wrong


def _around(frame: Frame, request: Request, question: Asked) -> tuple[Around, Mapping[str, int]]:
    """Of the link or the circuit that the charts are about, where the address names one."""
    lines, given = frame.sight.lines, request.query_params
    carriers: Sequence[Link] = ()
    limits: dict[str, int] = {}
    if "link" in given:
        link = lines.link(given["link"])
        carriers, limits = [link], {"in_bps": link.in_bps, "out_bps": link.out_bps}
    elif "circuit" in given:
        circuit = lines.circuit(given["circuit"])
        carriers = lines.links_of(circuit.key)
        limits = {"in_bps": circuit.in_bps, "out_bps": circuit.out_bps}
    else:
        return Around(), {}
    return lines.around(carriers, question, frame.language.key), {name: bps for name, bps in limits.items() if bps}


def _kept(frame: Frame, request: Request, content: str, question: Asked) -> Response:
    """A range that is over may be kept by the browser that asked; others only where nothing changed meanwhile."""
    text = content.encode()
    tag = f'"{hashlib.blake2b(text, digest_size=12).hexdigest()}"'
    over = not question.live and question.end + SETTLED_S < frame.sight.now
    headers = {
        "etag": tag,
        "cache-control": f"private, max-age={KEPT_S}" if over else "private, no-cache",
        "vary": "Cookie, Authorization, Accept-Language, Accept-Encoding",
    }
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
        text = frame.sight.charts.packed(tag, lambda: gzip.compress(text, LEVEL, mtime=0))
    return Response(text, media_type="application/json", headers=headers)


def _plain(text: str) -> str:
    """What every file system takes as a name."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-._") else "-" for letter in text)


ROUTES: Final = (Route("/charts/data", data, Right.SEE), Route("/charts/data.csv", csv, Right.SEE))

"""What if a cable is lost, more is allocated, traffic grows: a question in an address, its answer as table and sentences."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import JSONResponse, Response

from dashboards.capacity.question import UnclearError, Wished, question
from dashboards.capacity.what_if import Answer
from dashboards.capacity.what_if_table import answer_told
from dashboards.figures import mbps, percent, rate
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.refusal import mistaken
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from inventory.allocation import DIRECTIONS
from inventory.sentence import Sentence

MOST: Final = 12  # words of a kind
KINDS: Final = ("add", "to", "lose", "onto")


def what_if(frame: Framed, request: Request) -> Response:
    given = request.query_params
    add, to, lose, onto = (_split(given.getlist(name)) for name in KINDS)
    wished = Wished(add, to, lose, onto, growth=given.get("growth", "").strip()[:40])
    asked = any((wished.add, wished.to, wished.lose, wished.onto, wished.growth))
    problems: Mapping[str, str] = {}
    answer: Answer | None = None
    try:
        if asked:
            answer = frame.sight.capacity.what_if(question(frame.sight.inventory, wished))
    except UnclearError as error:
        problems = dict(error.problems)
    if given.get("format") == "json":
        if answer is None:
            raise mistaken(problems or {"": Sentence("nothing-asked", "nothing is asked")})
        return JSONResponse({"on": str(frame.sight.capacity.today), "question": wished.said(), **answer_told(answer)})
    inventory = frame.sight.inventory
    return frame.page(
        "iru/what_if.html",
        title=frame.gettext("What if"),
        crumbs=[Crumb(frame.gettext("IRU"), "/iru"), Crumb(frame.gettext("What if"))],
        status=422 if problems else 200,
        tab="what-if",
        wished=wished,
        problems=problems,
        answer=answer,
        sentences=list(_sentences(answer, frame)) if answer else [],
        json="?" + urlencode([*_fields(wished), ("format", "json")]),
        examples=_examples(frame),
        names=sorted(
            {name for one in inventory.contracts.values() for name in (one.key, one.pool, *one.circuits) if name}
        ),
        mbps=mbps,
        percent=percent,
    )


def _split(given: list[str]) -> tuple[str, ...]:
    """One field of the form holds several words."""
    return tuple(word[:100] for text in given for word in text.replace(",", " ").split())[:MOST]


def _fields(wished: Wished) -> Iterator[tuple[str, str]]:
    for name in KINDS:
        yield from ((name, word) for word in getattr(wished, name))
    if wished.growth:
        yield "growth", wished.growth


def _examples(frame: Frame) -> list[tuple[str, str]]:
    """Addresses of what is asked again and again."""
    _ = frame.gettext
    contracts = frame.sight.inventory.contracts.values()
    found = [
        (_("without {contract}").format(contract=one.key), "?" + urlencode({"lose": one.key}))
        for one in contracts
        if one.pool
    ]
    if found:
        found.append((_("300 Mb/s more"), "?" + urlencode({"add": "30x10M"})))
    return [*found, (_("3 % more each month"), "?" + urlencode({"growth": "3%/month"}))]


def _sentences(found: Answer, frame: Frame) -> Iterator[str]:
    """As `noc iru what-if` remarks, in the viewer's language."""
    _ = frame.gettext
    ways: Mapping[Any, str] = {"in": _("in"), "out": _("out")}
    measured = any(one.before.present for one in found.outcomes)
    if not measured:
        yield _("Nothing was measured in the last 30 days: this is of what is committed alone.")
    if found.added and measured:
        text = _("Of what is added {into} in and {out} out is used at p95, as of today's commits.")
        yield text.format(into=percent(found.used_share["in"]), out=percent(found.used_share["out"]))
    for way in DIRECTIONS:
        if found.uncarried_bps[way]:
            text = _("Not carried {way}: {rate} at p95; no contract is left for it.")
            yield text.format(way=ways[way], rate=rate(found.uncarried_bps[way]))
    for one in found.outcomes:
        side = {"key": one.contract, "way": ways[one.direction]}
        if one.ratio is not None and one.ratio > 1:
            text = _("{key} {way}: {rate} more than it can carry, at p95.")
            yield text.format(**side, rate=rate((one.after.bps or 0.0) - one.delivered_bps))
        if one.over_bps:
            yield _("{key} {way}: {rate} committed beyond capacity.").format(**side, rate=rate(one.over_bps))
        head = one.level_on
        if head is not None and head.early is not None and head.answer != "exhausted":
            text = _("{key} {way}: level between {early} and {late} (80 % sure).")
            yield text.format(**side, early=head.early, late=head.late or _("> 5 years"))
    if measured and any(one.after.provisional and one.delivered_bps > 0 for one in found.outcomes):
        least = min(found.outcomes, key=lambda one: one.before.present)
        text = _("Provisional: {present} of {expected} slots of 30 days are there.")
        yield text.format(present=least.before.present, expected=least.before.expected)


ROUTES: Final = (Route("/iru/what-if", what_if, Right.WATCH),)

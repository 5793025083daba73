"""Looking for anything by its name over the API."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Query
from fastapi.responses import Response
from pydantic import Field

from dashboards.figures import iso
from dashboards.search import LONGEST
from dashboards.web.api import models_own as models
from dashboards.web.api.asked import Asking
from dashboards.web.api.pages import Question
from dashboards.web.api.reading import reading


class SearchQuestion(Question):
    """What is looked for."""

    q: Annotated[
        str,
        Field(max_length=LONGEST, description="Name, address, circuit, institution, number.", examples=["chamwino"]),
    ]
    limit: Annotated[int, Field(ge=1, le=200)] = 50


def search(asked: Asking, question: Annotated[SearchQuestion, Query()]) -> Response:
    """Sites, devices, links, circuits, providers, services, institutions, incidents that you may see."""
    sight = asked.sight

    def make() -> Mapping[str, Any]:
        found = sight.search.ask(question.q, asked.language)
        hits = [_hit(one.kind, one.key, one.text, one.note, one.address) for one in found.things[: question.limit]]
        for hit, one in zip(hits, found.things, strict=False):
            hit["state"] = sight.search.state(one)
        if found.exact and not hits:
            hits = [_hit("incident", found.exact.rpartition("/")[2], "", "", found.exact)]
        return {"at": iso(sight.now), "total": max(found.total, len(hits)), "hits": hits}

    return asked.told(make, asked.standing(), sight.records.version())


def _hit(kind: str, key: str, text: str, note: str, address: str) -> dict[str, Any]:
    return {"kind": kind, "key": key, "text": text, "note": note, "address": address, "state": None}


ROUTES: Final = (reading("/search", search, models.Hits, "Look for anything"),)

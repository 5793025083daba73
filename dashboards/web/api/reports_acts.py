"""Closing a month's reports for ever, and whether a report that was handed out still holds, over the API."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import Body
from fastapi.responses import Response
from pydantic import Field

from dashboards.figures import iso
from dashboards.web.api import models_reports as models
from dashboards.web.api.acting import Act, Acting, as_json
from dashboards.web.api.asked import Asking, body
from dashboards.web.api.reading import acting
from dashboards.web.api.reports import sealed_told
from dashboards.web.viewer import Right

MOST_TOLD: Final = 1000
Handed = Annotated[
    dict[str, Any],
    Body(description="A report as GET /reports/{kind}/{month} or `noc report ... --format json` told it, whole."),
]


class Closing(Act):
    """Which month."""

    month: Annotated[
        str,
        Field(pattern=r"^\d{4}-\d{2}$", description="YYYY-MM of local days; it must be over.", examples=["2026-10"]),
    ]


def close_reports(doing: Acting, said: Closing) -> Response:
    """Keep a month's figures as they are now, for ever; the daemon does it a day after the month's end. Made beside:
    503 with Retry-After while it is; asked again it tells what came of it."""
    sight = doing.sight.reports
    month = sight.month(said.month)

    def act() -> Mapping[str, Any]:
        sight.closed(month)
        kept = [sealed_told(one) for one in sight.sealed() if one.month == month]
        return {"told": {"month": str(month), "closed": kept}}

    return doing.beside(said, act)


def verify_report(asked: Asking, said: Handed) -> Response:
    """Every figure computed again from what is kept, and what differs. Made beside: 503 with Retry-After while it is."""
    as_json(asked.request)
    found = asked.sight.reports.verified(json.dumps(said, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    differences = found["differences"]
    told = {
        "at": iso(asked.sight.now),
        "verified": not differences,
        **{name: found[name] for name in ("report", "month")},
        "institution": found["institution"] or None,
        "unlike": found["unlike"] or None,
        "total": len(differences),
        "differences": differences[:MOST_TOLD],
    }
    return Response(body(told), 200, {"cache-control": "no-store"}, "application/json")


ROUTES: Final = (
    acting("/reports/close", close_reports, models.ClosedMonth, "Close a month"),
    acting("/reports/verify", verify_report, models.Verified, "Verify a report", needs=Right.WATCH),
)

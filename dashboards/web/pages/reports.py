"""Reports of months: availability, use of capacity, IRU; looked at, and taken away as page, table, data or paper."""

from dataclasses import dataclass
from html import escape
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import Depends
from fastapi.responses import Response

from dashboards.reports.document import REPORTS
from dashboards.reports.words import LANGUAGES
from dashboards.web.entrance.outfit import POLICY
from dashboards.web.frame import Crumb, Frame, Framed
from dashboards.web.refusal import NotNow
from dashboards.web.route import Route
from dashboards.web.sight.reports import FORMS
from dashboards.web.viewer import Right

MEDIA: Final = {
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
}
# the report's own page: its style stands in it, nothing of it runs, and it reaches nobody
ALONE: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'; "
    "base-uri 'none'; form-action 'none'"
)
FRAMING: Final = f"{POLICY}; frame-src 'self'"


def reports(frame: Framed) -> Response:
    sight = frame.sight.reports
    sealed = {(one.month, one.report): one for one in sight.sealed()}
    return frame.page(
        "reports/list.html",
        title=frame.gettext("Reports"),
        crumbs=[Crumb(frame.gettext("Reports"))],
        months=sight.months(),
        kinds=REPORTS,
        titles=_titles(frame),
        sealed=sealed,
    )


def _titles(frame: Frame) -> dict[str, str]:
    words = LANGUAGES[frame.language.key]
    return {report: words[f"title: {report}"] for report in REPORTS}


@dataclass(frozen=True, slots=True)
class _View:
    """`institution` "": of all; `lang` "": the viewer's."""

    institution: str = ""
    lang: str = ""


View = Annotated[_View, Depends(_View)]


def report(frame: Framed, kind: str, month: str, view: View) -> Response:
    sight = frame.sight.reports
    which, when = sight.kind(kind), sight.month(month)
    whose, language = sight.institution(view.institution), _language(frame, view)
    seal = next((one for one in sight.sealed() if (one.month, one.report) == (when, which)), None)
    title = _titles(frame)[which]
    names = frame.sight.inventory.institutions
    answer = frame.page(
        "reports/report.html",
        title=f"{title}, {when}",
        crumbs=[Crumb(frame.gettext("Reports"), "/reports"), Crumb(f"{title}, {when}")],
        kind=which,
        month=when,
        institution=whose,
        names=sorted((one.name.in_language(frame.language.key), key) for key, one in names.items()),
        lang=language,
        seal=seal,
        address=lambda form: _address(which, str(when), form, institution=whose, lang=language),
        forms=FORMS,
    )
    answer.headers["content-security-policy"] = FRAMING
    return answer


def _address(kind: str, month: str, form: str, **more: Any) -> str:
    kept = {name: value for name, value in more.items() if value}
    return f"/reports/{kind}/{month}/report.{form}" + (f"?{urlencode(kept)}" if kept else "")


def _language(frame: Frame, view: _View) -> str:
    return view.lang if view.lang in LANGUAGES else frame.language.key


def download(frame: Framed, kind: str, month: str, form: str, view: View) -> Response:
    """As `noc report` writes it. 503 with Retry-After while it is being made, 409 where nothing is known of the month."""
    sight = frame.sight.reports
    which, when = sight.kind(kind), sight.month(month)
    whose, language = sight.institution(view.institution), _language(frame, view)
    try:
        octets = sight.made(which, when, form, institution=whose, language=language)
    except NotNow as error:
        if form != "html":
            raise
        return _why_not(str(error))
    name = "-".join(filter(None, ("govnet", which, str(when), whose))) + f".{form}"
    placed = "inline" if form == "html" else "attachment"
    headers = {"content-disposition": f'{placed}; filename="{name}"', "content-security-policy": ALONE}
    return Response(octets, media_type=MEDIA[form], headers=headers)


def _why_not(text: str) -> Response:
    """What stands in the report's frame where there is none: a whole page of ours may not be framed."""
    content = f"<!doctype html><title>409</title><p>{escape(text)}</p>"
    return Response(content, 409, {"content-security-policy": ALONE}, MEDIA["html"])


ROUTES: Final = (
    Route("/reports", reports, Right.WATCH),
    Route("/reports/{kind}/{month}", report, Right.WATCH),
    Route("/reports/{kind}/{month}/report.{form}", download, Right.WATCH),
)

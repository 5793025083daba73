"""Sites, links and devices over the API: how they stand, with the keys that `--json` of the commands has."""

from dataclasses import replace
from typing import Annotated, Any, Final, Literal

from fastapi import Query
from fastapi.responses import Response
from pydantic import Field

from dashboards.status import sorting, view
from dashboards.status_chosen import ASKED, chooser
from dashboards.status_told import WRONG, as_json
from dashboards.web.api import models
from dashboards.web.api.asked import Asked, Asking
from dashboards.web.api.pages import ListQuestion
from dashboards.web.api.reading import Key, reading
from dashboards.web.api.selecting import Terms, understood
from dashboards.web.sight.places import found
from dashboards.words import LANGUAGES
from inventory.status import Kind, StatusRow


class StatusQuestion(ListQuestion):
    """The questions of `noc site|link|device status`."""

    select: Terms = ()
    down: Annotated[bool, Field(description="Only what is not up.")] = False
    sort: Literal["worst", "name", "use", "since"] = "worst"


Asks = Annotated[StatusQuestion, Query()]


def sites(asked: Asking, question: Asks) -> Response:
    """Every site that you may see, the worst first."""
    return _listed(asked, "site", question)


def links(asked: Asking, question: Asks) -> Response:
    """Every link of sites that you may see, the worst first."""
    return _listed(asked, "link", question)


def devices(asked: Asking, question: Asks) -> Response:
    """Every device of sites that you may see, the worst first."""
    return _listed(asked, "device", question)


def site(asked: Asking, key: Key) -> Response:
    """How one site stands."""
    return _one(asked, "site", key)


def link(asked: Asking, key: Key) -> Response:
    """How one link stands."""
    return _one(asked, "link", key)


def device(asked: Asking, key: Key) -> Response:
    """How one device stands."""
    return _one(asked, "device", key)


def _listed(asked: Asked, kind: Kind, question: StatusQuestion) -> Response:
    meant = understood(lambda: chooser(kind, question.select), ASKED[kind])

    def make() -> dict[str, Any]:
        picture = asked.sight.picture
        rows = [row for row in picture.rows[kind].values() if meant(row) and (row.state in WRONG or not question.down)]
        seen = view(kind, rows, picture.mark, asked.sight.now, sort=question.sort, words=LANGUAGES[asked.language])
        shown = asked.page(seen.rows, sorting(question.sort), question)
        return {**as_json(replace(seen, rows=shown.rows), picture.mark), "next": shown.next or None}

    return asked.told(make, asked.standing())


def _one(asked: Asked, kind: Kind, key: Key) -> Response:
    picture = asked.sight.picture
    row: StatusRow = found(picture.rows[kind], key, kind)

    def make() -> dict[str, Any]:
        told = as_json(view(kind, [row], picture.mark, asked.sight.now, words=LANGUAGES[asked.language]), picture.mark)
        return {"at": told["at"], "daemon": told["daemon"], kind: told[f"{kind}s"][0]}

    return asked.told(make, asked.standing())


ROUTES: Final = (
    reading("/sites", sites, models.SiteList, "Sites and how they stand"),
    reading("/sites/{key}", site, models.OneSite, "One site"),
    reading("/links", links, models.LinkList, "Links and how they stand"),
    reading("/links/{key}", link, models.OneLink, "One link"),
    reading("/devices", devices, models.DeviceList, "Devices and how they stand"),
    reading("/devices/{key}", device, models.OneDevice, "One device"),
)

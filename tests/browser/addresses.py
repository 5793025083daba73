"""Every page of the web, by the tables of routes: a route that is added is looked at, or the tests say what is missing."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from dashboards.web.app import TABLES
from dashboards.web.route import Route

# what stands for a route's parameters
EXAMPLES: Final[Mapping[str, str]] = {
    "/accounts/{name}": "/accounts/asha",
    "/regions/{key:path}": "/regions/Mbeya",
    "/sites/{key}": "/sites/lga-chamwino",
    "/devices/{key}": "/devices/dod-pe-1",
    "/devices/{key}/interfaces/{name:path}": "/devices/dar-edge-1/interfaces/xe-0/0/0",
    "/services/{key}": "/services/gms",
    "/incidents/{number}": "/incidents/1",
    "/windows/{number}": "/windows/1",
    "/notices/{number}": "/notices/1",
    "/links/{key}": "/links/up-seacom-1",
    "/circuits/{key}": "/circuits/iru-seacom-1",
    "/providers/{key}": "/providers/seacom",
    "/iru/requests/{number}": "/iru/requests/1",
    "/iru/{key}": "/iru/eassy-iru",
    "/reports/{kind}/{month}": "/reports/sla/2026-10",
}
# pages that show more with a question
ASKED: Final = (
    "/search?q=mbeya",
    "/incidents?q=state%3Dclosed",
    "/links?q=region%3DDodoma",
    "/links/up-seacom-1?range=30d",
    "/iru/what-if?lose=eassy",
)
# not pages: data, files, streams, and what only sends on
NO_PAGES: Final = re.compile(
    r"^/(static|api|live|wall/live|charts/data|favicon|log-?out|setup|healthz|preferences)|\.csv$|report\.\{form\}|/search/suggestions|/ack$|/end$|/\{number\}/\{name\}$|^/incidents/(ack|\{number\}/)|/end$"
)


class Unknown(Exception):
    """A route whose parameters have no example here."""


def pages() -> Iterator[str]:
    """Addresses of all pages that an administrator can open."""
    for table in TABLES:
        for route in table:
            if "GET" in route.methods and not NO_PAGES.search(route.path):
                yield address(route)
    yield from ASKED


def address(route: Route) -> str:
    if "{" not in route.path:
        return route.path
    if route.path not in EXAMPLES:
        raise Unknown(f"{route.path}: say in EXAMPLES what stands for it")
    return EXAMPLES[route.path]

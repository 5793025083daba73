"""Everything that is read over the API is as its description says, for everybody only what they may see."""

import json
from typing import Any

import pytest
from pydantic import BaseModel

from dashboards.web.api.tables import TABLES
from dashboards.web.route import Route
from dashboards.web.viewer import Right
from tests.dashboards.web.api.front import MINE, VIEWERS, Front

READS = {
    route.path.removeprefix("/api/v1"): route
    for table in TABLES
    for route in table
    if "GET" in route.methods and "responses" in route.more
}
FILLED = {  # what stands for what is in braces, and what must be asked
    "/sites/{key}": f"/sites/{MINE}",
    "/links/{key}": "/links/lga-chamwino-a",
    "/devices/{key}": "/devices/lga-chamwino-r1",
    "/devices/{key}/facts": "/devices/lga-chamwino-r1/facts",
    "/circuits/{key}": "/circuits/nictbb-lga-chamwino-a",
    "/incidents/{number}": "/incidents/1",
    "/inventory/{kind}": "/inventory/links",
    "/series": "/series?measurement=link&row=lga-chamwino-a&quantity=in_bps",
    "/search": "/search?q=chamwino",
    "/iru/what-if": "/iru/what-if?growth=3%25/month",
    "/iru/requests/{number}": "",
}


def told_by(route: Route) -> type[BaseModel]:
    model: type[BaseModel] = route.more["responses"][200]["model"]
    return model


@pytest.mark.parametrize("path", [path for path in READS if FILLED.get(path, path)])
def test_given_a_reading_route_then_what_it_tells_is_what_it_says_it_tells(front: Front, path: str) -> None:
    answer = front.ask(FILLED.get(path, path), "admin")
    if answer.status_code == 503 and path.startswith("/iru"):
        assert "retry-after" in answer.headers  # being computed
        return
    assert answer.status_code == 200, answer.text
    told_by(READS[path]).model_validate_json(answer.content)

"""The description of the API (OpenAPI 3.1), made from the routes once and told as it is."""

from collections.abc import Sequence
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response

from dashboards.web.api.asked import KEPT, body
from dashboards.web.api.etag import digest, has
from dashboards.web.api.models import Problem
from dashboards.web.api.reading import ROOT
from dashboards.web.route import Route
from dashboards.web.viewer import Right

VERSION: Final = "1.0.0"


def described(app: FastAPI) -> dict[str, Any]:
    """The whole document, of everything below /api/v1."""
    routes = [route for route in app.routes if str(getattr(route, "path", "")).startswith(ROOT)]
    found = get_openapi(title="GovNet NOC", version=VERSION, openapi_version="3.1.0", routes=routes)
    schemas = found["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema()
    for schema in schemas.values():
        schema.pop("additionalProperties", None)
    found["components"]["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "noc api token add"},
        "session": {"type": "apiKey", "in": "cookie", "name": "noc_session"},
    }
    found["security"] = [{"token": []}, {"session": []}]
    return found


def openapi(request: Request) -> Response:
    content: bytes = request.app.state.description(request.app)
    tag = f'"{digest(content)}"'
    headers = {"etag": tag, "cache-control": KEPT}
    if has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(content, 200, headers, "application/json")


class Description:
    """Made when it is first asked for."""

    def __init__(self) -> None:
        self._content = b""

    def __call__(self, app: FastAPI) -> bytes:
        if not self._content:
            self._content = body(described(app))
        return self._content


ROUTES: Final[Sequence[Route]] = (Route(f"{ROOT}/openapi.json", openapi, Right.SEE, more={"include_in_schema": False}),)

"""The description of the API (OpenAPI 3.1), made from the routes once and told as it is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import Response

from dashboards.web.api import examples
from dashboards.web.api.asked import KEPT, body
from dashboards.web.api.etag import digest, has
from dashboards.web.api.models import Problem
from dashboards.web.api.reading import ROOT
from dashboards.web.entrance.gate import SESSION
from dashboards.web.route import Route
from dashboards.web.viewer import Right

VERSION: Final = "1.0.0"
ABOUT: Final = (
    "Everything that the commands and pages of the NOC read, and what people do there. Times are ISO 8601 in UTC, "
    "rates bit/s, shares ratios; null is not known. Keys may be added within v1, none is taken away. "
    "Sentences are English, or Swahili with Accept-Language: sw. Problems are told as RFC 9457."
)


class Description:
    """Made when it is first asked for; the same in every thread, so it does not matter who makes it."""

    def __init__(self) -> None:
        self._made: Mapping[str, Any] = {}
        self.content = b""
        self.tag = ""

    def of(self, app: FastAPI) -> Mapping[str, Any]:
        if not self.content:
            made = described(app)
            content = body(made)
            self._made, self.tag, self.content = made, f'"{digest(content)}"', content
        return self._made

    def paths(self, app: FastAPI) -> Sequence[str]:
        return tuple(self.of(app)["paths"])

    def asks(self, app: FastAPI, path: str, method: str) -> bool:
        """Is there anything to ask for in a query there?"""
        operation = self.of(app)["paths"].get(path, {}).get(method.lower(), {})
        return any(one["in"] == "query" for one in operation.get("parameters", ()))

    def names(self, app: FastAPI, path: str, method: str) -> Sequence[str]:
        """Parameters and fields of the body that can be asked for there."""
        operation = self.of(app)["paths"].get(path, {}).get(method.lower(), {})
        fields = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        schema = self.of(app)["components"]["schemas"].get(fields.get("$ref", "").rpartition("/")[2], {})
        return [*(one["name"] for one in operation.get("parameters", ())), *schema.get("properties", ())]


def described(app: FastAPI) -> dict[str, Any]:
    """The whole document, of everything below /api/v1."""
    routes = [route for route in app.routes if str(getattr(route, "path", "")).startswith(f"{ROOT}/")]
    found = get_openapi(title="GovNet NOC", version=VERSION, openapi_version="3.1.0", description=ABOUT, routes=routes)
    schemas = found["components"]["schemas"]
    schemas["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    for name in set(_told(found)):
        schemas.get(name, {}).pop("additionalProperties", None)
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    found["components"]["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "`noc api token add NAME --scope read|act|admin`; what the scope does not hold answers 403.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": SESSION,
            "description": "Whoever is logged in to the pages; acts need the form key in the header X-Form-Key, too.",
        },
    }
    found["security"] = [{"token": []}, {"session": []}]
    examples.put_in(found)
    return found


def _told(found: Mapping[str, Any]) -> Iterator[str]:
    """Schemas that only answers are made of: keys may be added to them, so nobody should refuse what is new."""
    asked = {
        operation["requestBody"]["content"]["application/json"]["schema"].get("$ref", "").rpartition("/")[2]
        for path in found["paths"].values()
        for operation in path.values()
        if "requestBody" in operation
    }
    return (name for name in found["components"]["schemas"] if name not in asked)


def openapi(request: Request) -> Response:
    """This description."""
    description: Description = request.app.state.description
    description.of(request.app)
    headers = {"etag": description.tag, "cache-control": KEPT}
    if has(request.headers.get("if-none-match", ""), description.tag):
        return Response(status_code=304, headers=headers)
    return Response(description.content, 200, headers, "application/json")


ROUTES: Final[Sequence[Route]] = (Route(f"{ROOT}/openapi.json", openapi, Right.SEE, more={"include_in_schema": False}),)

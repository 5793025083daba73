"""One request to the API: what was asked, by whom, and the answer with its headers."""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import Response

from dashboards.status import age_of
from dashboards.web.api.etag import digest, has
from dashboards.web.api.pages import ListQuestion, Page, Place, Row, number, page, written
from dashboards.web.frame import sight_of
from dashboards.web.preferences import accepted
from dashboards.web.refusal import BadQuestion
from dashboards.web.sight.sight import Sight

KEPT: Final = "private, no-cache"  # may be kept by who asked, and is asked about again each time
KEEPING: Final[Mapping[str, str]] = {"cache-control": KEPT, "vary": "Authorization, Cookie, Accept-Language"}
SLOT_S: Final = 60  # ages move on although nothing else does


class Asked:
    """`told` answers a question; `make` runs only when the one who asks has not got the same already."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.sight: Sight = sight_of(request)
        self.language = accepted(request.headers.get("accept-language", ""))  # of sentences; keys have none
        if request.url.query:
            _nothing_asked(request)

    def told(self, make: Callable[[], Mapping[str, Any]], *versions: object, revision: int | None = None) -> Response:
        """`versions`: of everything that is read for it. `next` of the content becomes a link, too.

        `revision`: of a thing that acts can be held against; its tag begins with it, and is a strong one.
        """
        headers = self._headers(versions, revision)
        if self._has(headers):
            return Response(status_code=304, headers=headers)
        content = make()
        return Response(body(content), 200, {**headers, **self._onward(content)}, "application/json")

    def unchanged(self, *versions: object) -> Response | None:
        """304 to whoever has a thing with a revision as it is, before it is even looked for."""
        digested = self._digest(*versions)
        for given in self.request.headers.get("if-none-match", "").split(","):
            if given.strip().strip('"').rpartition(".")[2] == digested:
                return Response(status_code=304, headers={**KEEPING, "etag": given.strip()})
        return None

    def sent(self, make: Callable[[], bytes], *versions: object) -> Response:
        """The same of what is JSON already."""
        headers = self._headers(versions, None)
        if self._has(headers):
            return Response(status_code=304, headers=headers)
        return Response(make(), 200, headers, "application/json")

    def _headers(self, versions: Sequence[object], revision: int | None) -> dict[str, str]:
        digested = self._digest(*versions)
        tag = f'W/"{digested}"' if revision is None else f'"{revision}.{digested}"'
        return {"etag": tag, **KEEPING}

    def _has(self, headers: Mapping[str, str]) -> bool:
        return has(self.request.headers.get("if-none-match", ""), headers["etag"])

    def page(self, rows: Sequence[Row], place: Callable[[Row], Place], question: ListQuestion) -> Page[Row]:
        """`rows` in the order of `place`, which is another one for each."""
        return page(rows, place, question, self.request.url.path)

    def after(self, question: ListQuestion) -> int | None:
        """Of lists that are kept by numbers: the last that was told; None on the first page."""
        return number(question, self.request.url.path)

    def onward(self, last: int, question: ListQuestion) -> str:
        """The cursor of the page after that number."""
        return written((last,), question, self.request.url.path)

    def standing(self) -> object:
        """Version of how everything stands; a daemon that falls silent changes it although it writes nothing."""
        picture = self.sight.picture
        return picture.version, age_of(picture.mark, self.sight.now).silent_since is not None

    def _digest(self, *versions: object) -> str:
        viewer, request = self.sight.viewer, self.request
        sites = sorted(viewer.sites) if viewer.sites is not None else None
        scope = (viewer.name, viewer.role, sorted(viewer.rights), sites, sorted(viewer.institutions), self.language)
        asked = (request.url.path, request.url.query)
        return digest(request.app.state.epoch, versions, scope, asked, self.sight.now // SLOT_S)

    def _onward(self, content: Mapping[str, Any]) -> Mapping[str, str]:
        if not content.get("next"):
            return {}
        address = self.request.url.include_query_params(cursor=content["next"])
        return {"link": f'<{address.path}?{address.query}>; rel="next"'}


def _nothing_asked(request: Request) -> None:
    """BadQuestion where something is asked of what takes no questions; others say themselves what they do not know."""
    path = getattr(request.scope.get("route"), "path", "")
    if request.app.state.description.asks(request.app, path, request.method):
        return
    problems = {name[:100]: "nothing can be asked for here" for name in request.query_params}
    raise BadQuestion("; ".join(f"{name}: {said}" for name, said in problems.items()), problems)


Asking = Annotated[Asked, Depends(Asked)]


def body(content: object) -> bytes:
    """JSON (RFC 8259): what is no number is null; half a character, which UTF-8 has not, a question mark."""
    try:
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    except ValueError:
        text = json.dumps(_finite(content), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8", "replace")


def _finite(content: Any) -> Any:
    if isinstance(content, float):
        return content if math.isfinite(content) else None
    if isinstance(content, Mapping):
        return {key: _finite(value) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_finite(value) for value in content]
    return content

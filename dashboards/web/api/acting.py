"""How acts come in over the API: as JSON, once even when sent twice, and not on what was changed meanwhile."""

import json
import threading
from base64 import b64decode, b64encode
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from alerts.books import Books
from alerts.desk.acts import ActRefused
from dashboards.figures import iso
from dashboards.web.api.asked import Asking, body
from dashboards.web.api.etag import digest
from dashboards.web.refusal import BadQuestion, NotNow, Refusal, Unseen

SLOTS: Final = 4096  # answers that are remembered; as many keys ago, a repeat is done again
REMEMBERED_S: Final = 86_400
MARK: Final = "api answer"
FIELDS: Final[Mapping[str, str]] = {
    "selector": "select",
    "target": "key",
    "check": "next_check_at",
}  # as they are called here


class Changed(Refusal):
    """412: somebody else changed it since it was read."""

    status = 412


class KeyReused(BadQuestion):
    """422: the key was sent before, with something else."""

    code = "key-reused"


class InWork(NotNow):
    """409: the same key is being acted on now; its answer is there in a moment."""

    code = "in-work"
    retry_s = 1


class Flights:
    """Keys that are being acted on now, in this process. Safe in several threads."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._names: set[str] = set()

    @contextmanager
    def alone(self, name: str) -> Iterator[None]:
        """InWork while another one of that name is in it."""
        with self._turn:
            if name in self._names:
                raise InWork("the same Idempotency-Key is being acted on: ask again in a moment")
            self._names.add(name)
        try:
            yield
        finally:
            with self._turn:
                self._names.discard(name)


class _Repeated(Exception):
    """It was done before; what was answered then."""

    def __init__(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        super().__init__()
        self.answer = Response(content, status, {**headers, "idempotency-replayed": "true"}, "application/json")


class Act(BaseModel):
    """What is sent with an act; anything else in it is a mistake, and said to be one."""

    model_config = ConfigDict(extra="forbid")


Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        description="The same key within a day, for the same act, does it once and answers the same again; with "
        "something else in the body 422, while it is being acted on 409.",
        examples=["5f1c2c0e-8e0b-4a4e-9d6b-0a7f7d3c9a11"],
    ),
]
Match = Annotated[
    str,
    Header(
        alias="If-Match",
        max_length=200,
        description="ETag of it as it was read, or its revision in quotes; 412 when it is another by now.",
    ),
]


class Doing:
    """`once` runs an act in a transaction of the ledger and answers; what is refused leaves nothing."""

    def __init__(self, asked: Asking, key: Key = "", match: Match = "") -> None:
        as_json(asked.request)
        self.asked = asked
        self.sight = asked.sight
        self._key = key
        self._match = match
        self._said = ""

    def once(
        self, said: Act, act: Callable[[Books], Mapping[str, Any]], *, status: int = 200, secrets: Collection[str] = ()
    ) -> Response:
        """`said` is what was sent. `act` returns what is `told` of it, with the `number` (or name) of what is made (201).

        `secrets`: keys of what is told that are told once, and null when the same key comes again.
        """
        self._said = said.model_dump_json()
        try:
            with self._alone(), refusing(), self.sight.cases.acting() as books:
                self.repeated(books)
                told = act(books)
                return self.answered(books, told, status, secrets)
        except _Repeated as repeated:
            return repeated.answer

    def beside(self, said: Act, act: Callable[[], Mapping[str, Any]]) -> Response:
        """The same of what is done by another process, in a transaction of its own, and cannot be done twice."""
        self._said = said.model_dump_json()
        try:
            with self._alone(), refusing():
                if self._key:
                    with self.sight.cases.acting() as books:
                        self.repeated(books)
                told = act()
                with self.sight.cases.acting() as books:
                    return self.answered(books, told, 200, ())
        except _Repeated as repeated:
            return repeated.answer

    def _alone(self) -> AbstractContextManager[None]:
        flights: Flights = self.asked.request.app.state.flights
        return flights.alone(self._name()) if self._key else nullcontext()

    def repeated(self, books: Books) -> None:
        """_Repeated where this was done before."""
        if not self._key:
            return
        kept = json.loads(books.mark(self._slot()) or "{}")
        if kept.get("key") != self._name() or kept["at"] < self.sight.now - REMEMBERED_S:
            return
        if kept["asked"] != self._what():
            raise KeyReused(
                "this Idempotency-Key was sent before with something else", {"Idempotency-Key": "another act had it"}
            )
        raise _Repeated(kept["status"], b64decode(kept["body"]), kept["headers"])

    def answered(self, books: Books, told: Mapping[str, Any], status: int, secrets: Collection[str]) -> Response:
        """The answer, remembered in the same transaction; secrets are not."""
        headers = {"cache-control": "no-store"}
        if status == 201 and "number" in told:
            headers["location"] = f"{self.asked.request.url.path}/{told['number']}"
        if "revision" in told:
            headers["etag"] = f'"{told["revision"]}"'
        content = {"at": iso(self.sight.now), **told["told"]}
        if self._key:
            again = body(content | dict.fromkeys(secrets))
            kept = {"key": self._name(), "at": self.sight.now, "asked": self._what(), "status": status}
            kept |= {"headers": headers, "body": b64encode(again).decode()}
            books.put_mark(self._slot(), json.dumps(kept))
        return Response(body(content), status, headers, "application/json")

    def matching(self, revision: int) -> None:
        """Changed where If-Match names another revision."""
        if not self._match or self._match.strip() == "*":
            return
        given = {one.strip().removeprefix("W/").strip('"').partition(".")[0] for one in self._match.split(",")}
        if str(revision) not in given:
            raise Changed(f"it is at revision {revision} by now: read it again, and decide again")

    def _name(self) -> str:
        return digest(self.sight.viewer.name, self._key)

    def _slot(self) -> str:
        return f"{MARK} {int(self._name(), 16) % SLOTS}"

    def _what(self) -> str:
        request = self.asked.request
        return digest(request.method, request.url.path, self._said)


def there(*, found: bool, what: str) -> None:
    """Unseen where it is not."""
    if not found:
        raise Unseen(f"there is no {what}")


class NotJson(Refusal):
    """415."""

    status = 415


def as_json(request: Request) -> None:
    """NotJson where something else was sent."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    sent = request.headers.get("content-length", "") not in ("", "0") or "transfer-encoding" in request.headers
    if sent and kind != "application/json":
        raise NotJson(f"acts are sent as application/json, not as {kind[:100] or 'something without a name'}")


Acting = Annotated[Doing, Depends(Doing)]


@contextmanager
def refusing() -> Iterator[None]:
    """What people's acts refuse, as the API tells it: 422 with the field where one is wrong, else 409."""
    try:
        yield
    except ActRefused as error:
        field = FIELDS.get(getattr(error, "field", ""), getattr(error, "field", ""))
        if field:
            raise BadQuestion(str(error), {field: str(error)}) from error
        raise NotNow(str(error)) from error

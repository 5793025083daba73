"""What admins do with accounts, tokens and displays, over the API; secrets are told once, and never kept."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Final, Literal

from fastapi import Body
from fastapi.responses import Response
from pydantic import Field

from alerts.books import Books
from dashboards.access_words import problem_words
from dashboards.web.api import models_access as models
from dashboards.web.api.access import Name, Number, told_of
from dashboards.web.api.acting import Act, Acting, Doing, there
from dashboards.web.api.incident_acts import Nothing
from dashboards.web.api.models import Told
from dashboards.web.api.reading import acting
from dashboards.web.entrance.doorstep import url_of
from dashboards.web.entrance.gate import WALL
from dashboards.web.refusal import BadQuestion, NotNow
from dashboards.web.sources.accounts import AccountSource, Declined
from dashboards.web.viewer import Right

AS_IT_STANDS: Final = frozenset({"name-taken", "last-admin", "account-disabled"})  # nothing that was sent is wrong
Grant = Literal["viewer", "operator", "admin", "institution"]
Scopes = list[Literal["read", "act", "admin"]]
Keys = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=100)]],
    Field(
        default_factory=list,
        max_length=200,
        description="Of an institution viewer, and needed there.",
        examples=[["lga-chamwino"]],
    ),
]


class NewAccount(Act):
    """Somebody, or a program, that may come in."""

    name: Annotated[str, Field(min_length=1, max_length=64, description="a to z, figures, . _ - @", examples=["juma"])]
    role: Grant = "viewer"
    institutions: Keys
    language: Literal["en", "sw"] = "sw"


class NewRole(Act):
    """What it may do from its next click on."""

    role: Grant
    institutions: Keys


class NewToken(Act):
    """For a program, which then may do what the account may, as far as the scopes go."""

    account: Annotated[str, Field(min_length=1, max_length=64)]
    label: Annotated[str, Field(min_length=1, max_length=64, description="What it is for.", examples=["ticket robot"])]
    scopes: Annotated[Scopes, Field(default_factory=lambda: ["read"], min_length=1, max_length=3)]
    days: Annotated[int | None, Field(ge=1, le=3650, description="Good for so long; without it until revoked.")] = None


class NewDisplay(Act):
    """A screen on a wall."""

    name: Annotated[str, Field(min_length=1, max_length=64, examples=["NOC, left"])]
    language: Literal["en", "sw"] = "sw"
    theme: Literal["auto", "dark", "light"] = "dark"


Unsaid = Annotated[Nothing, Body()]
UNSAID: Final = Nothing()


def add_account(doing: Acting, said: NewAccount) -> Response:
    """An account, and once the link by which its owner chooses a password within 24 hours; tokens need no password."""

    def act(everybody: AccountSource) -> Mapping[str, Any]:
        key = everybody.add(doing.sight.viewer.name, said.name, said.role, said.institutions, said.language)
        made = everybody.account(said.name)
        assert made is not None
        return {"number": made.name, "told": {"account": told_of(made, models.Account), "link": _link(doing, key)}}

    return _done(doing, said, act, status=201, secrets=("link",))


def change_account(doing: Acting, name: Name, said: NewRole) -> Response:
    """Another role; the last admin who can log in stays one."""
    who = doing.sight.viewer.name
    return _of_account(doing, said, name, lambda every: every.change(who, name, said.role, said.institutions))


def disable_account(doing: Acting, name: Name, said: Unsaid = UNSAID) -> Response:
    """Let it in no more: its sessions end at once, its tokens open nothing."""
    return _of_account(doing, said, name, lambda every: every.disable(doing.sight.viewer.name, name))


def enable_account(doing: Acting, name: Name, said: Unsaid = UNSAID) -> Response:
    """Let it in again, with the password and the tokens that it had."""
    return _of_account(doing, said, name, lambda every: every.enable(doing.sight.viewer.name, name))


def reset_account(doing: Acting, name: Name, said: Unsaid = UNSAID) -> Response:
    """End its password and its sessions; once the link by which its owner chooses another password."""
    return _of_account(doing, said, name, lambda every: every.reset(doing.sight.viewer.name, name), "link")


def _of_account(
    doing: Doing, said: Act, name: str, do: Callable[[AccountSource], str | None], secret: str = ""
) -> Response:
    def act(everybody: AccountSource) -> Mapping[str, Any]:
        there(found=everybody.account(name) is not None, what=f"account {name!r}")
        key = do(everybody)
        told: dict[str, Any] = {"account": told_of(everybody.account(name), models.Account)}
        return {"told": told | ({secret: _link(doing, key)} if secret and key else {})}

    return _done(doing, said, act, secrets=(secret,) if secret else ())


def add_token(doing: Acting, said: NewToken) -> Response:
    """A token, and once its `secret`: what goes into Authorization: Bearer. Never of more scope than what asks for it."""

    def act(everybody: AccountSource) -> Mapping[str, Any]:
        secret = everybody.add_token(doing.sight.viewer.name, said.account, said.label, said.scopes, said.days)
        made = max(everybody.tokens(), key=lambda one: one.number)
        return {"number": made.number, "told": {"token": told_of(made, models.Token), "secret": secret}}

    return _done(doing, said, act, status=201, secrets=("secret",))


def revoke_token(doing: Acting, number: Number, said: Unsaid = UNSAID) -> Response:
    """It opens nothing any more."""

    def act(everybody: AccountSource) -> Mapping[str, Any]:
        there(found=any(one.number == number for one in everybody.tokens()), what=f"token {number}")
        everybody.revoke_token(doing.sight.viewer.name, number)
        return {"told": {"token": _numbered(everybody.tokens(), number, models.Token)}}

    return _done(doing, said, act)


def add_display(doing: Acting, said: NewDisplay) -> Response:
    """A display, and once the `address` to open on that screen; with several screens each opens it."""

    def act(everybody: AccountSource) -> Mapping[str, Any]:
        secret = everybody.add_display(doing.sight.viewer.name, said.name, said.language, said.theme)
        made = max(everybody.displays(), key=lambda one: one.number)
        address = f"{url_of(doing.asked.request)}{WALL}?token={secret}"
        return {"number": made.number, "told": {"display": told_of(made, models.Display), "address": address}}

    return _done(doing, said, act, status=201, secrets=("address",))


def revoke_display(doing: Acting, number: Number, said: Unsaid = UNSAID) -> Response:
    """It shows nothing any more, on whichever screens it is open."""

    def act(everybody: AccountSource) -> Mapping[str, Any]:
        there(found=any(one.number == number for one in everybody.displays()), what=f"display {number}")
        everybody.revoke_display(doing.sight.viewer.name, number)
        return {"told": {"display": _numbered(everybody.displays(), number, models.Display)}}

    return _done(doing, said, act)


def _numbered(every: Sequence[Any], number: int, model: type[Told]) -> Mapping[str, Any]:
    return told_of(next(one for one in every if one.number == number), model)


def _done(
    doing: Doing,
    said: Act,
    act: Callable[[AccountSource], Mapping[str, Any]],
    *,
    status: int = 200,
    secrets: Sequence[str] = (),
) -> Response:
    everybody = doing.sight.access.everybody

    def carried_out(books: Books) -> Mapping[str, Any]:
        with _declining():
            return act(everybody.within(books))

    return doing.once(said, carried_out, status=status, secrets=secrets)


@contextmanager
def _declining() -> Iterator[None]:
    """What was declined, in English: 409 where nothing that was sent is wrong, else 422 with the fields."""
    try:
        yield
    except Declined as error:
        words = problem_words(lambda text: text)
        problems = {name: words.get(word, word) for name, word in error.problems.items()}
        text = "; ".join(f"{name}: {said}" for name, said in problems.items())
        kind = NotNow if AS_IT_STANDS.issuperset(error.problems.values()) else BadQuestion
        refusal = kind(text, problems)
        refusal.code, *_ = error.problems.values()
        raise refusal from error


def _link(doing: Doing, key: str) -> str:
    return f"{url_of(doing.asked.request)}/setup?key={key}"


ROUTES: Final = tuple(
    acting(path, answer, told, summary, made=made, needs=Right.ADMIN)
    for path, answer, told, summary, made in (
        ("/accounts", add_account, models.MadeAccount, "Add an account", True),
        ("/accounts/{name}/role", change_account, models.OneAccount, "Another role", False),
        ("/accounts/{name}/disable", disable_account, models.OneAccount, "Disable an account", False),
        ("/accounts/{name}/enable", enable_account, models.OneAccount, "Enable an account", False),
        ("/accounts/{name}/reset", reset_account, models.MadeAccount, "Reset an account", False),
        ("/tokens", add_token, models.MadeToken, "Make a token", True),
        ("/tokens/{number}/revoke", revoke_token, models.OneToken, "Revoke a token", False),
        ("/displays", add_display, models.MadeDisplay, "Add a display", True),
        ("/displays/{number}/revoke", revoke_display, models.OneDisplay, "Revoke a display", False),
    )
)

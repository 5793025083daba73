"""Every route of the web as somebody of every role; what an institution's viewer reads names nobody else's things."""

import re
from collections.abc import Iterator, Mapping, Sequence

import pytest

from dashboards.web.app import TABLES
from dashboards.web.route import Route
from dashboards.web.viewer import RIGHTS, Right, Role
from inventory.model import Inventory
from tests.dashboards.web.api.front import MINE
from tests.dashboards.web.doors import NEIGHBOUR, ROLES, SECRET_WORDS, Doors, doors

ROUTES = [route for table in TABLES for route in table]
SAFE = [route for route in ROUTES if "GET" in route.methods]
UNSAFE = [route for route in ROUTES if "GET" not in route.methods]
STREAMS = ("/live", "/wall/live")
SAME_FOR_ALL = ("/api/v1/openapi.json",)  # its examples are of the sample network
# what stands for a parameter: by the word before it in the path, else by its name: (the institution's own, another's)
EXAMPLES: Mapping[str, tuple[str, str]] = {
    "sites": (MINE, "lga-nowhere"),
    "regions": ("Dodoma", "Mbeya"),
    "devices": (f"{MINE}-r1", NEIGHBOUR),
    "links": (f"{MINE}-a", "core-dar-dod-1"),
    "circuits": (f"nictbb-{MINE}-a", "nictbb-core-dar-dod-1"),
    "providers": ("ttcl", "seacom"),
    "services": ("", "gepg"),
    "institutions": (MINE, "university-udsm"),
    "incidents": ("1", "2"),
    "interfaces": ("ether1", "ge-0"),
    "iru": ("", "seacom-iru"),
    "inventory": ("sites", "sites"),
    "static": ("nothing.css", "nothing.css"),
    "accounts": ("", "nobody-else"),
    "reports": ("sla", "sla"),
    "number": ("1", "9999"),
    "name": ("ack", "nothing"),
    "key": ("", "nothing"),
    "month": ("2026-10", "2026-10"),
    "form": ("csv", "csv"),
}


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    with doors(tmp_path_factory.mktemp("doors")) as found:
        yield found


def filled(path: str, inventory: Inventory, *, own: bool) -> str:
    """The path with something for each parameter; a new kind of parameter needs its line in EXAMPLES."""
    parts = path.split("/")
    others = [key for key, site in inventory.sites.items() if site.member and key != MINE]
    for place, part in enumerate(parts):
        if "{" not in part:
            continue
        name = re.sub(r".*\{(\w+)(:\w+)?\}.*", r"\1", part)
        example = EXAMPLES.get(parts[place - 1], EXAMPLES.get(name))
        if example is None:
            pytest.fail(
                f"{path}: say in EXAMPLES of {__name__} what may stand for {{{name}}} after {parts[place - 1]!r}"
            )
        value = others[0] if example[1] == "lga-nowhere" and not own else example[0 if own else 1]
        parts[place] = re.sub(r"\{.*\}", value, part)
    return "/".join(parts)


def allowed(route: Route, role: str) -> bool:
    return route.needs is Right.PUBLIC or (role != "nobody" and route.needs in RIGHTS[Role(role)])


def ident(route: Route) -> str:
    return f"{route.methods[0]} {route.path}"


@pytest.mark.parametrize("route", SAFE, ids=ident)
def test_given_a_page_then_each_role_gets_what_its_right_says(front: Doors, route: Route) -> None:
    path = filled(route.path, front.inventory, own=False)
    for role in ROLES:
        answer = front.ask(path, role, whole=False)
        if allowed(route, role):
            assert answer.status not in (401, 403, 500), f"{role}: {answer.status}"
            assert not answer.headers.get("location", "").startswith("/login") or route.path == "/", role
        else:
            assert_refused(answer.status, answer.headers, role, api=path.startswith("/api/"))


def assert_refused(status: int, headers: Mapping[str, str], role: str, *, api: bool) -> None:
    if role != "nobody":
        assert status == 403, f"{role}: {status}"
    elif api:
        assert status == 401
        assert headers["www-authenticate"].startswith("Bearer")
    else:
        assert status == 303
        assert headers["location"].startswith("/login")


@pytest.mark.parametrize("route", [route for route in UNSAFE if route.needs is not Right.PUBLIC], ids=ident)
def test_given_an_act_then_each_role_may_what_its_right_says_and_nobody_without_the_key(
    front: Doors, route: Route
) -> None:
    path = filled(route.path, front.inventory, own=False)
    for role in ROLES:
        answer = front.ask(path, role, route.methods[0], form={}, whole=False)
        if (
            allowed(route, role) and route.needs is not Right.SEE
        ):  # those are by tokens, and one's own is by session alone
            assert answer.status not in (401, 403, 500), f"{role}: {answer.status}"
        else:
            assert answer.status == (401 if role == "nobody" and path.startswith("/api/") else 403), role


@pytest.fixture(scope="module")
def session(front: Doors) -> tuple[str, str]:
    return front.with_cookie()


@pytest.mark.parametrize("route", [route for route in UNSAFE if route.needs is not Right.PUBLIC], ids=ident)
def test_given_an_act_with_a_session_but_not_its_key_then_nothing_is_done(
    front: Doors, session: tuple[str, str], route: Route
) -> None:
    path = filled(route.path, front.inventory, own=False)
    answer = front.ask(path, method=route.methods[0], form={"form_key": "0" * 32}, cookie=session[0])
    assert answer.status == 403


def foreign_words(inventory: Inventory) -> Sequence[str]:
    """Keys and names of everything that is not the institution's own, but for words that its own names have.

    Regions are on every map of the country.
    """
    own, others = set(), set()
    mine = {device.key for device in inventory.devices_at[MINE]}
    links = {link.key for key in mine for link in inventory.links_of[key]}
    circuits = {link.circuit for key in mine for link in inventory.links_of[key]}
    tables = [
        (inventory.sites, {MINE}),
        (inventory.devices, mine),
        (inventory.links, links),
        (inventory.circuits, circuits),
        (inventory.institutions, {MINE}),
        (inventory.services, set()),
        (inventory.contracts, set()),
        (inventory.contacts, set()),
    ]
    for table, kept in tables:
        for key, thing in table.items():
            name = getattr(thing, "name", None)
            said = {key} | ({name} if isinstance(name, str) else {name.en, name.sw} if name else set())
            (own if key in kept else others).update(word for word in said if word)
    return sorted(word for word in {*others, *SECRET_WORDS} - own if len(word) > 3)


def test_given_an_institution_then_no_answer_names_what_is_not_its_own(front: Doors) -> None:
    words = foreign_words(front.inventory)
    assert NEIGHBOUR in words
    pattern = re.compile("|".join(rf"(?<![\w-]){re.escape(word)}(?![\w-])" for word in words))
    named: dict[str, set[str]] = {}
    for route in SAFE:
        if route.path in (*STREAMS, *SAME_FOR_ALL) or not allowed(route, "institution"):
            continue
        for path in asked_of(route, front.inventory):
            answer = front.ask(path, "institution", accept="text/html")
            told = answer.text.replace(path, "") if answer.body else ""
            if found := set(pattern.findall(told)):
                named[path] = found
    assert not named, "\n".join(f"{path}: {sorted(found)[:5]}" for path, found in named.items())


def asked_of(route: Route, inventory: Inventory) -> Iterator[str]:
    yield filled(route.path, inventory, own=True)
    if route.path in ("/search", "/search/suggestions", "/api/v1/search"):
        yield from (f"{route.path}?q={word}" for word in ("dod", "mbeya", "lga", "seacom", "1"))


NAMING = ("sites", "devices", "links", "circuits", "regions", "services", "providers", "institutions", "incidents")


@pytest.mark.parametrize(
    "route",
    [route for route in SAFE if re.search(rf"/({'|'.join(NAMING)})/\{{", route.path) and route.needs is Right.SEE],
    ids=ident,
)
def test_given_an_institution_and_a_key_of_somebody_elses_then_it_is_not_there(front: Doors, route: Route) -> None:
    path = filled(route.path, front.inventory, own=False)
    assert reached(front, path, "institution") == 404, path
    assert reached(front, path, "viewer") != 404, f"{path}: the example is no example"


def reached(front: Doors, path: str, role: str) -> int:
    """The status where it leads."""
    answer = front.ask(path, role, whole=False)
    return front.ask(answer.headers["location"], role, whole=False).status if answer.status == 303 else answer.status

"""Accounts, tokens and displays over the API: who may hand out what, secrets told once, and nothing done twice."""

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from dashboards.web.sources.accounts import Caller
from noc.web.keys import LedgerKeys
from tests.dashboards.web.api.front import Front, opened


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    with opened(tmp_path_factory.mktemp("access")) as one:
        one.house.accounts.add("admin", "chief", "admin", (), "en")
        yield one


def token(desk: Front, *scopes: str, account: str = "chief") -> str:
    return desk.house.accounts.add_token("admin", account, "of a test", scopes, None)


def keys(desk: Front) -> LedgerKeys:
    """Of the ledger, behind those of the test."""
    found = vars(desk.house.keys)["_real"]
    assert isinstance(found, LedgerKeys)
    return found


def kept_marks(desk: Front) -> str:
    with sqlite3.connect(desk.home / "data" / "ledger.db") as db:
        return json.dumps(db.execute("select name, value from mark").fetchall())


def test_given_an_account_and_a_token_made_then_each_secret_is_told_once_and_never_kept(desk: Front) -> None:
    said = {"name": "robot", "role": "operator", "language": "en"}
    made, again = (desk.post("/accounts", said, "admin", idempotency_key="a-1") for _ in range(2))
    assert (made.status_code, again.status_code, again.headers["idempotency-replayed"]) == (201, 201, "true")
    assert made.headers["location"] == "/api/v1/accounts/robot"
    assert keys(desk).invited(made.json()["link"].partition("key=")[2]) == "robot"
    assert again.json() == made.json() | {"link": None}
    asked = {"account": "robot", "label": "tickets", "scopes": ["read", "act"], "days": 30}
    first, other = (desk.post("/tokens", asked, "admin", idempotency_key="t-1") for _ in range(2))
    secret = first.json()["secret"]
    assert other.json() == first.json() | {"secret": None}
    assert desk.told("/me", secret)["name"] == "robot"
    number = first.json()["token"]["number"]
    assert first.headers["location"] == f"/api/v1/tokens/{number}"
    assert desk.told(f"/tokens/{number}", "admin")["token"]["label"] == "tickets"
    assert secret not in desk.ask("/tokens", "admin").text + kept_marks(desk) + desk.ask("/audit", "admin").text
    assert desk.post(f"/tokens/{number}/revoke", who="admin").json()["token"]["revoked_at"]
    assert desk.ask("/me", secret).status_code == 401
    deeds = [(one["act"], one["who"]) for one in desk.told("/audit?limit=3", "admin")["deeds"]]
    assert deeds == [("api token revoke", "ada"), ("api token add", "ada"), ("account add", "ada")]


def test_given_an_account_then_its_role_is_changed_and_it_is_disabled_enabled_and_reset(desk: Front) -> None:
    desk.post("/accounts", {"name": "juma"}, "admin")
    changed = desk.post("/accounts/juma/role", {"role": "institution", "institutions": ["lga-chamwino"]}, "admin")
    assert (changed.json()["account"]["role"], changed.json()["account"]["institutions"]) == (
        "institution",
        ["lga-chamwino"],
    )
    assert desk.post("/accounts/juma/disable", who="admin").json()["account"]["disabled_at"]
    assert desk.post("/accounts/juma/reset", who="admin").status_code == 409
    assert desk.post("/accounts/juma/enable", who="admin").json()["account"]["disabled_at"] is None
    key = desk.post("/accounts/juma/reset", who="admin").json()["link"].partition("key=")[2]
    assert keys(desk).invited(key) == "juma"
    assert desk.told("/accounts/juma", "admin")["account"]["name"] == "juma"


def test_given_a_display_then_its_address_opens_the_wall_until_it_is_revoked(desk: Front) -> None:
    made = desk.post("/displays", {"name": "NOC, left"}, "admin").json()
    secret, number = made["address"].partition("token=")[2], made["display"]["number"]
    assert made["address"] == f"http://noc.test/wall?token={secret}"
    assert keys(desk).exchange(secret, Caller())
    assert desk.post(f"/displays/{number}/revoke", who="admin").json()["display"]["revoked_at"]
    assert keys(desk).exchange(secret, Caller()) == ""
    assert desk.told(f"/displays/{number}", "admin")["display"]["name"] == "NOC, left"


GRANTS: tuple[tuple[str, dict[str, Any], set[str]], ...] = (  # what is asked for, and the scopes that it takes
    ("/tokens", {"account": "chief", "label": "x", "scopes": ["read"]}, {"read"}),
    ("/tokens", {"account": "chief", "label": "x", "scopes": ["act"]}, {"act"}),
    ("/tokens", {"account": "chief", "label": "x", "scopes": ["admin"]}, set()),
    ("/accounts", {"name": "eyes", "role": "viewer"}, {"read"}),
    ("/accounts", {"name": "hands", "role": "operator"}, {"read", "act"}),
    ("/accounts", {"name": "head", "role": "admin"}, {"read", "act"}),
    ("/accounts/chief/reset", {}, {"read", "act"}),
    ("/accounts/chief/role", {"role": "admin"}, {"read", "act"}),
    ("/displays", {"name": "wall of {scopes}"}, {"read"}),
)


@pytest.mark.parametrize(("path", "said", "needed"), GRANTS, ids=range(len(GRANTS)))
@pytest.mark.parametrize(
    "has", [set(), {"read"}, {"act"}, {"read", "act"}], ids=lambda has: "+".join(sorted(has)) or "-"
)
def test_given_a_token_then_it_hands_out_no_right_that_it_has_not_got(
    desk: Front, path: str, said: dict[str, Any], needed: set[str], has: set[str]
) -> None:
    asking = token(desk, "admin", *has)
    said = {
        name: f"{value}{len(has)}{'a' * ('act' in has)}" if name == "name" else value for name, value in said.items()
    }
    accounts, tokens = (len(desk.told(f"/{kind}?limit=1000", "admin")[kind]) for kind in ("accounts", "tokens"))
    answer = desk.post(path, said, asking)
    if needed <= has:
        assert answer.status_code in (200, 201), answer.text
        return
    assert (answer.status_code, answer.json()["code"]) == (403, "beyond-your-rights")
    assert (accounts, tokens) == tuple(
        len(desk.told(f"/{kind}?limit=1000", "admin")[kind]) for kind in ("accounts", "tokens")
    )


def test_given_the_forms_of_the_pages_then_a_token_hands_out_no_more_by_them(desk: Front) -> None:
    asking = token(desk, "admin")
    form = {"data": {"account": "chief", "label": "x", "scopes": "act"}}
    before = desk.told("/tokens?limit=1000", "admin")["total"]
    assert desk.ask("tokens", asking, "POST", **form).status_code in (403, 404)
    answer = desk.ask("http://noc.test/tokens", asking, "POST", **form)
    assert (answer.status_code, desk.told("/tokens?limit=1000", "admin")["total"]) == (403, before)


@pytest.mark.parametrize(
    ("path", "said", "status", "named", "code"),
    [
        ("/accounts", {"name": "Ro<b>t"}, 422, "name", "name-letters"),
        ("/accounts", {"name": "chief"}, 409, "name", "name-taken"),
        ("/accounts", {"name": "x", "role": "display"}, 422, "role", "not-understood"),
        ("/accounts", {"name": "x", "role": "institution"}, 422, "institutions", "institution-needed"),
        (
            "/accounts",
            {"name": "x", "role": "institution", "institutions": ["nobody"]},
            422,
            "institutions",
            "institution-unknown",
        ),
        ("/accounts", {"name": "x", "password": "y"}, 422, "password", "not-understood"),
        ("/accounts/nobody/disable", {}, 404, "", "not-there"),
        ("/accounts/%2e%2e%2fchief/disable", {}, 404, "", "not-there"),
        ("/tokens", {"account": "nobody", "label": "x"}, 422, "account", "account-unknown"),
        ("/tokens", {"account": "chief", "label": "a\u0007b"}, 422, "label", "label-letters"),
        ("/tokens", {"account": "chief", "label": "x", "scopes": ["all"]}, 422, "scopes.0", "not-understood"),
        ("/tokens", {"account": "chief", "label": "x", "scopes": []}, 422, "scopes", "not-understood"),
        ("/tokens", {"account": "chief", "label": "x", "days": 10**9}, 422, "days", "not-understood"),
        ("/tokens/9999/revoke", {}, 404, "", "not-there"),
        ("/tokens/0/revoke", {}, 422, "number", "not-understood"),
        ("/displays", {"name": "x", "theme": "pink"}, 422, "theme", "not-understood"),
        ("/displays/9999/revoke", {}, 404, "", "not-there"),
    ],
)
def test_given_what_cannot_be_then_the_field_is_named_and_nothing_is_made(  # noqa: PLR0917
    desk: Front, path: str, said: dict[str, Any], status: int, named: str, code: str
) -> None:
    before = desk.told("/audit?limit=1", "admin")["deeds"]
    answer = desk.post(path, said, "admin")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (status, code), answer.text
    assert named in told.get("problems", {"": ""})
    assert desk.told("/audit?limit=1", "admin")["deeds"] == before


def test_given_the_last_admin_who_can_log_in_then_it_stays_one(tmp_path: Any) -> None:
    with opened(tmp_path) as alone:
        alone.house.accounts.add("admin", "boss", "admin", (), "en")
        answer = alone.post("/accounts/boss/disable", who="admin")
        assert (answer.status_code, answer.json()["code"]) == (409, "last-admin")

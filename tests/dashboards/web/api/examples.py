"""Asks every route of the API before a sample network, and keeps what it tells as the examples of the description.

python -m tests.dashboards.web.api.examples
"""

import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from alerts.incident import IncidentState
from dashboards.web.api.examples import FILE
from tests.dashboards.web.api.front import MINE, Front, opened
from tests.noc.reported import MONTH
from tests.noc.web.capacity_stage import Stage, stage

ROWS, VALUES, KEYS = 2, 4, 12  # of a list, of a series, of a map: the rest is cut off
PATIENCE_S: Final = 60.0
OUTSIDE: Final = "https://noc.example.go.tz"
AHEAD: Final = (datetime.now(UTC) + timedelta(hours=4)).strftime("%Y-%m-%dT%H:00:00Z")
ASKED: Final[Mapping[str, dict[str, Any]]] = {  # operation -> parameters, what is sent, as whom
    "site": {"path": {"key": MINE}},
    "link": {"path": {"key": f"{MINE}-a"}},
    "device": {"path": {"key": f"{MINE}-r1"}},
    "device_facts": {"path": {"key": f"{MINE}-r1"}},
    "circuit": {"path": {"key": f"nictbb-{MINE}-a"}},
    "region": {"path": {"key": "Dodoma"}},
    "provider": {"path": {"key": "ttcl"}},
    "service": {"path": {"key": "gepg"}},
    "institution": {"path": {"key": MINE}},
    "inventory_of": {"path": {"kind": "circuits"}},
    "series": {"query": {"measurement": "link", "row": "{link}", "quantity": ["in_bps", "out_bps"], "points": 300}},
    "search": {"query": {"q": "chamwino"}},
    "incident": {"path": {"number": 1}},
    "silence": {"path": {"number": 1}},
    "planned_work": {"path": {"number": 2}},
    "notice": {"path": {"number": 1}},
    "oncall_calls": {"query": {"site": MINE}},
    "iru_what_if": {"query": {"growth": "3%/month", "lose": ["seacom-iru"]}},
    "iru_request": {"path": {"number": 1}},
    "account": {"path": {"name": "robot"}},
    "token": {"path": {"number": 1}},
    "display": {"path": {"number": 1}},
    "override": {"path": {"number": 1}},
    "overrides": {"query": {"all": True}},
}
LETTER: Final = {"institution": MINE, "pool": "cables", "in_bps": 10_000_000, "out_bps": 2_000_000, "beside": True}
ACTS: Final[Mapping[str, dict[str, Any]]] = {  # in this order
    "add_account": {"said": {"name": "robot", "role": "operator", "language": "en"}},
    "change_account": {"path": {"name": "robot"}, "said": {"role": "operator"}},
    "disable_account": {"path": {"name": "robot"}, "said": {}},
    "enable_account": {"path": {"name": "robot"}, "said": {}},
    "reset_account": {"path": {"name": "robot"}, "said": {}},
    "add_token": {"said": {"account": "robot", "label": "ticket robot", "scopes": ["read", "act"], "days": 365}},
    "revoke_token": {"path": {"number": 1}, "said": {}},
    "add_display": {"said": {"name": "NOC, left", "language": "sw", "theme": "dark"}},
    "revoke_display": {"path": {"number": 1}, "said": {}},
    "add_override": {"said": {"schedule": "noc", "contact": "a-mushi", "to": AHEAD, "reason": "wedding"}},
    "end_override": {"path": {"number": 1}, "said": {}},
    "test_oncall": {"said": {"whom": ["a-mushi"], "channels": ["sms", "mail"]}},
    "ack_incident": {"path": {"number": 1}, "said": {}},
    "assign_incident": {"path": {"number": 1}, "said": {"owner": "a-mushi"}},
    "note_incident": {"path": {"number": 1}, "said": {"text": "TTCL sends a crew from Iringa, two hours"}},
    "wait_incident": {"path": {"number": 1}, "said": {"ticket": "TTCL-77812", "next_check_at": AHEAD}},
    "resolve_incident": {"path": {"number": 4}, "said": {"text": "spliced at km 41"}},
    "close_incident": {"path": {"number": 4}, "said": {"cause": "fibre cut by road works"}},
    "add_silence": {"said": {"select": ["region=Dodoma", "kind=lga"], "to": AHEAD, "reason": "power works"}},
    "end_silence": {"path": {"number": 3}, "said": {}},
    "add_maintenance": {"said": {"target": "device", "key": "dod-core-1", "to": AHEAD, "reason": "new line card"}},
    "end_maintenance": {"path": {"number": 4}, "said": {}},
    "add_request": {"said": LETTER | {"reference": "PO-RALG/2026/118"}},
    "approve_request": {"path": {"number": 1}, "said": {}, "as": "admin"},
    "change_request": {"path": {"number": 1}, "said": {"in_bps": 20_000_000}},
    "withdraw_request": {"path": {"number": 1}, "said": {"reason": "not this year"}},
    "end_request": {"path": {"number": 1}, "said": {"reason": "moved to another building"}},
    "refuse_request": {"path": {"number": 2}, "said": {"reason": "the port has no room"}},
}
AS_IF: Final[Mapping[str, dict[str, Any]]] = {  # what only a NOC that runs for long would tell
    "counts": {"rows": [{"name": "noc_polls_total", "label": "snmp", "text": "polls that ended", "value": 183_245.0,
                         "counter": True, "per_s": 30.1}]},
    "findings": {"findings": [{"topic": "clock", "grade": "warning", "text": "nothing keeps the clock right",
                               "advice": "apt-get install chrony"}]},
    "health": {"channels": [{"name": "sms", "last_accepted_at": "2026-11-22T02:14:00Z", "failing_since": None,
                             "error": "", "queued": 0, "oldest_s": 0.0}]},
    "store": {"layers": [{"name": "hour", "chunks": 1490, "octets": 18_234_112, "octets_a_day": 604_160.0,
                          "first_at": "2026-10-22T00:00:00Z", "last_at": "2026-11-22T02:00:00Z",
                          "kept_since": "2021-11-22T00:00:00Z", "due_octets": 0}]},
}  # fmt: skip
OF_A_MONTH: Final[Mapping[str, dict[str, Any]]] = {
    "report": {"path": {"kind": "sla", "month": str(MONTH)}},
    "verify_report": {},
    "close_reports": {"said": {"month": str(MONTH)}},
    "reports": {},
}


def made() -> Mapping[str, Any]:
    with tempfile.TemporaryDirectory() as home:
        found = dict(of_the_network(Path(home) / "network")) | dict(of_a_month(Path(home) / "month"))
        text = json.dumps(found, ensure_ascii=False)
    text = text.replace(home, "/var/lib/govnet-noc").replace("http://noc.test", OUTSIDE)
    text = re.sub(r"(key=|token=|noc_)[\w-]{20,}", r"\1A-long-word-that-is-told-once", text)
    return dict(sorted(json.loads(text).items()))


def of_the_network(home: Path) -> Iterator[tuple[str, Any]]:
    with opened(home) as front:
        one_that_is_well(front)
        paths = operations(front)
        front.post("/iru/requests", LETTER | {"reference": "MS/2026/1", "pool": "", "contracts": {"tix-port": 1}})
        for name, asked in ACTS.items():
            if name == "refuse_request":
                front.post("/iru/requests", LETTER | {"reference": "MS/2026/14"})
            yield name, told(front, paths[name], name, asked)
        for name, (method, path) in paths.items():
            if method == "get" and name not in OF_A_MONTH:
                yield name, told(front, (method, path), name, ASKED.get(name, {}))


def operations(front: Front) -> Mapping[str, tuple[str, str]]:
    described = front.ask("/openapi.json").json()["paths"]
    return {one["operationId"]: (how, path) for path, found in described.items() for how, one in found.items()}


def told(front: Front, route: tuple[str, str], name: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    method, path = route
    query = {key: value.format(link=next(iter(front.inventory.links))) if isinstance(value, str) else value
             for key, value in asked.get("query", {}).items()}  # fmt: skip
    address = path.format(**asked.get("path", {}))
    who = asked.get("as") or ("act" if method == "post" and "/accounts" not in path else "admin")
    if any(word in path for word in ("/accounts", "/tokens", "/displays")):
        who = "admin"
    more = {"params": query, **({"json": asked["said"]} if "said" in asked else {})}
    address = address.removeprefix("/api/v1")
    with waiting() as until:
        while (answer := front.ask(address, who, method.upper(), **more)).status_code == 503:
            until(name)
    return kept(name, answer, {**asked, **({"query": query} if query else {})})


def of_a_month(home: Path) -> Iterator[tuple[str, Any]]:
    keyed = {"x-form-key": "key-ali"}
    with stage(home) as found:
        report = asked_of(found, f"/api/v1/reports/sla/{MONTH}")
        yield "report", kept("report", report, OF_A_MONTH["report"])
        verified = asked_of(found, "/api/v1/reports/verify", "POST", json=report.json(), headers=keyed)
        yield "verify_report", kept("verify_report", verified, {"said": report.json()})
        closing = OF_A_MONTH["close_reports"]
        closed = asked_of(found, "/api/v1/reports/close", "POST", json=closing["said"], headers=keyed)
        yield "close_reports", kept("close_reports", closed, closing)
        yield "reports", kept("reports", asked_of(found, "/api/v1/reports"), {})


def asked_of(found: Stage, path: str, method: str = "GET", **more: Any) -> httpx.Response:
    with waiting() as until:
        while (answer := found.get(path, "ali", method, **more)).status_code == 503:
            until(path)
    return answer


@contextmanager
def waiting() -> Iterator[Any]:
    end = time.monotonic() + PATIENCE_S

    def until(name: str) -> None:
        assert time.monotonic() < end, name
        time.sleep(0.1)

    yield until


def kept(name: str, answer: httpx.Response, asked: Mapping[str, Any]) -> Mapping[str, Any]:
    assert answer.status_code in (200, 201), f"{name}: {answer.status_code} {answer.text}"
    found = {key: cut(asked[key]) for key in ("path", "query", "said") if key in asked}
    return found | {"told": cut(answer.json() | AS_IF.get(name, {}))}


def cut(value: Any) -> Any:
    """So that it can be read at a glance."""
    if isinstance(value, list):
        plain = all(not isinstance(one, dict | list) for one in value)
        return [cut(one) for one in value[: VALUES if plain else ROWS]]
    if isinstance(value, dict):
        return {key: cut(one) for key, one in list(value.items())[: KEYS if small(value) else None]}
    return value


def small(value: Mapping[str, Any]) -> bool:
    """A map of many of the same, not the fields of a thing."""
    return len(value) > 2 * KEYS and len({type(one) for one in value.values()}) == 1


def one_that_is_well(front: Front) -> None:
    """An incident that can be resolved by hand."""
    with front.house.cases.acting() as books:
        known = books.incident(2)
        assert known is not None
        books.add(replace(known, number=0, state=IncidentState.OPEN, bad=False, members={}, revision=0))


def main() -> None:
    found = made()
    FILE.write_text(json.dumps(found, ensure_ascii=False, separators=(",", ":")).replace('},"', '},\n"') + "\n")
    sys.stdout.write(f"{FILE}: {len(found)} operations, {FILE.stat().st_size} octets\n")


if __name__ == "__main__":
    main()

"""The whole house, from a cut line to a telephone: real daemon, real lab, a gateway that checks every octet."""

import json
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.alerts.notify.gateway import KEY, Gateway, running
from tests.noc.stage import Stage, has_loopback_net, stage
from tests.patience import wait_until

pytestmark = [
    pytest.mark.skipif(not has_loopback_net(), reason="needs all of 127/8"),
    pytest.mark.xdist_group("alerting"),
]
LINK, DEVICE = "lga-chamwino-a", "lga-chamwino-r1"


class Heartbeats:
    """Whoever keeps the sign of life."""

    def __init__(self) -> None:
        self.heard = 0
        keeper = self

        class Take(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                keeper.heard += 1
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Take)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/beat"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture(scope="module")
def heartbeats() -> Iterator[Heartbeats]:
    found = Heartbeats()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture(scope="module")
def gateway() -> Iterator[Gateway]:
    with running("v2") as one:
        yield one


@pytest.fixture(scope="module")
def govnet(tmp_path_factory: pytest.TempPathFactory, gateway: Gateway, heartbeats: Heartbeats) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("alerting"), sites=6) as one:
        configured(one.config, gateway.url, heartbeats.url)
        secrets = one.home / "secrets.toml"
        secrets.write_text(secrets.read_text() + f'\n[mgov]\nkey = "{KEY}"\n')
        one.start_lab()
        one.start_daemon()
        wait_until("everything is up", lambda: all_up(one), 45)
        yield one


def configured(path: Path, gateway: str, heartbeat: str) -> None:
    text = path.read_text()
    text = re.sub(r'^gateway = "https.*$', f'gateway = "{gateway}"', text, flags=re.M)
    text = text.replace("dry_run = true", "dry_run = false").replace("allow_http = false", "allow_http = true")
    text = re.sub(r'^service = ""', 'service = "S1"', text, flags=re.M)
    text = re.sub(r'^system = ""', 'system = "X1"', text, flags=re.M)
    head, _, tail = text.partition("[heartbeat]")
    tail = tail.replace('url = ""', f"url = {json.dumps(heartbeat)}", 1)
    path.write_text(f"{head}[heartbeat]{tail}")


def all_up(one: Stage) -> bool:
    rows = [*one.rows("site").values(), *one.rows("link").values()]
    return len(rows) > 20 and all(row["state"] == "up" and not row["stale"] for row in rows)


def incidents(one: Stage) -> list[dict[str, Any]]:
    return list(one.json("incident", "list")["incidents"])


def test_rule_34_given_a_cut_and_a_kill_before_the_page_then_one_page_goes_out_and_one_recovery(
    govnet: Stage, gateway: Gateway
) -> None:
    before = len(gateway.taken)
    govnet.noc("lab", "do", "link_down", LINK)
    wait_until("it is down", lambda: govnet.state("device", DEVICE) == "down", 25)
    govnet.kill_daemon()
    govnet.start_daemon()
    wait_until("a page", lambda: len(gateway.taken) > before, 60)
    found = incidents(govnet)
    assert [one["severity"] for one in found] == ["major"]
    number = found[0]["number"]
    assert f"NOC {number} KUBWA H/W Chamwino haipatikani tangu" in gateway.taken[before]["message"]

    govnet.kill_daemon()
    govnet.start_daemon()
    taken = govnet.noc("incident", "ack", str(number), "--as", "noc-zamu-1")
    assert str(number) in taken.stdout
    govnet.noc("lab", "do", "link_up", LINK)
    wait_until("the recovery", lambda: len(gateway.taken) > before + 1, 180)
    told = [message["message"] for message in gateway.taken[before:]]
    assert len(told) == 2, told
    assert f"NOC {number} IMETATULIWA" in told[1]
    assert len({message["messageId"] for message in gateway.taken}) == len(gateway.taken)
    assert not gateway.complaints
    story = govnet.json("incident", "show", str(number))
    assert "acknowledged" in json.dumps(story)


def test_rule_35_given_a_daemon_that_lives_then_it_says_so_outside_and_a_dead_one_does_not(
    govnet: Stage, heartbeats: Heartbeats
) -> None:
    wait_until("a heartbeat", lambda: heartbeats.heard, 20)
    govnet.kill_daemon()
    silent = heartbeats.heard
    govnet.start_daemon()
    wait_until("another one", lambda: heartbeats.heard > silent, 20)


def test_given_the_doctor_then_it_knows_the_ledger_and_the_channels(govnet: Stage) -> None:
    done = govnet.noc("doctor", "--json", check=False)
    found = {one["topic"]: one["grade"] for one in json.loads(done.stdout)["findings"]}
    assert found["ledger"] == "fine"
    assert found["heartbeat"] == "fine"
    assert govnet.metric("channel_accepted") >= 0


def test_given_broken_rules_at_a_reload_then_they_are_refused_and_the_old_ones_go_on(govnet: Stage) -> None:
    rules = govnet.home / "rules"
    rules.mkdir(exist_ok=True)
    (rules / "mine.yaml").write_text("rules:\n  device-down:\n    severty: major\n")
    checked = govnet.noc("check", check=False)
    assert checked.returncode == 2
    assert "mine.yaml:3" in checked.stdout + checked.stderr
    govnet.processes["daemon"].send_signal(1)
    wait_until("it is refused", lambda: "the old one goes on" in govnet.log("daemon"), 20)
    (rules / "mine.yaml").unlink()
    assert govnet.healthy()

"""The whole house on a small GovNet: cut, death, hang, reboot, reload and stop, as an engineer would see them."""

import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from inventory.reading import load
from inventory.writing import write
from noc.store.reader import MetricReader
from tests.noc.stage import Stage, has_loopback_net, stage
from tests.patience import wait_until
from tests.stalls import stalls

pytestmark = [
    pytest.mark.skipif(not has_loopback_net(), reason="needs all of 127/8"),
    pytest.mark.xdist_group("way"),
]


@pytest.fixture(scope="module")
def govnet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with stage(tmp_path_factory.mktemp("govnet"), sites=6) as one:
        one.config.write_text(one.config.read_text().replace("counters_s = 30", "counters_s = 5"))
        one.start_lab()
        one.start_daemon()
        wait_until("everything is up", lambda: all_up(one), 45)
        yield one


def known(one: Stage, device: str) -> dict[str, Any] | None:
    """Facts of a device, as soon as both its parts are stored."""
    facts = one.json("device", "facts", device)[device]
    return facts if facts["interfaces"] and facts["system"] else None


def all_up(one: Stage) -> bool:
    rows = [*one.rows("site").values(), *one.rows("link").values()]
    return len(rows) > 20 and all(row["state"] == "up" and not row["stale"] for row in rows)


def access_link(one: Stage) -> dict[str, object]:
    """The only link of a council, and its ends."""
    return dict(one.rows("link")["lga-chamwino-a"])


def test_given_a_fresh_start_then_sites_links_and_facts_are_answered(govnet: Stage) -> None:
    sites = govnet.rows("site", "kind=lga")
    assert sites and all(not row["stale"] for row in sites.values())
    facts = wait_until("the interfaces of a core are known", lambda: known(govnet, "dar-core-1"), 20)
    assert facts["system"]["sysName"] == "dar-core-1"
    assert {"ifIndex", "ifName", "admin", "oper", "speed_bps", "in_octets"} <= set(facts["interfaces"][0])
    busy = [row for row in govnet.rows("link").values() if row["figures"].get("in_bps")]
    wait_until("rates are known", lambda: busy or govnet.rows("link")["up-tix-1"]["figures"].get("in_bps"), 60)


def test_given_a_cut_link_then_it_is_down_within_ten_seconds_and_its_site_is_not_up(
    govnet: Stage,
) -> None:
    link = access_link(govnet)
    device, interface = str(link["labels"]["a"]).split(":")  # type: ignore[index]
    govnet.noc("lab", "do", "link_down", device, interface)
    with stalls() as kept_back:
        began = time.monotonic()
        wait_until("the link is down", lambda: govnet.shown("link", str(link["key"])) == "down", 10, every_s=0.05)
        took_s = time.monotonic() - began
    assert took_s - kept_back.all_s() < 12
    site = str(link["labels"]["site"])  # type: ignore[index]
    wait_until("the site behind it is not up", lambda: govnet.state("site", site) in ("down", "unreachable"), 15)
    asked = govnet.noc("link", "status", "--down", "--check", check=False)
    assert asked.returncode == 1 and "down" in asked.stdout
    govnet.noc("lab", "do", "link_up", device, interface)
    wait_until("all is well again", lambda: all_up(govnet), 20)


def test_given_a_silent_router_then_it_is_down_and_the_far_ports_stay_as_they_are(govnet: Stage) -> None:
    link = access_link(govnet)
    device = str(link["labels"]["b"]).split(":")[0]  # type: ignore[index]
    govnet.noc("lab", "do", "device_down", device)
    wait_until("the device is down", lambda: govnet.state("device", device) == "down", 15)
    assert govnet.state("link", str(link["key"])) == "up"
    govnet.noc("lab", "do", "device_up", device)
    wait_until("all is well again", lambda: all_up(govnet), 20)


def test_given_a_dead_regional_router_then_it_alone_is_down_and_what_hangs_on_it_unreachable(govnet: Stage) -> None:
    link = access_link(govnet)
    regional, cpe = (str(link["labels"][end]).split(":")[0] for end in ("a", "b"))  # type: ignore[index]
    govnet.noc("lab", "do", "device_down", regional)
    wait_until("the router is down", lambda: govnet.state("device", regional) == "down", 15)
    wait_until("its site is unreachable", lambda: govnet.state("device", cpe) == "unreachable", 15)
    states = {key: row["state"] for key, row in govnet.rows("device").items()}
    assert [key for key, state in states.items() if state == "down"] == [regional]
    govnet.noc("lab", "do", "device_up", regional)
    wait_until("all is well again", lambda: all_up(govnet), 25)


def test_given_a_hung_agent_then_the_device_is_up_and_agent_silent(govnet: Stage) -> None:
    device = str(access_link(govnet)["labels"]["b"]).split(":")[0]  # type: ignore[index]
    govnet.noc("lab", "do", "agent_hang", device)
    row = wait_until("agent-silent", lambda: hung(govnet, device), 25)
    assert row["state"] == "up"
    govnet.noc("lab", "do", "agent_resume", device)
    wait_until("the agent is heard", lambda: govnet.rows("device")[device]["reason"] == "", 15)


def hung(one: Stage, device: str) -> dict[str, object] | None:
    row = one.rows("device")[device]
    return row if row["reason"] == "agent-silent" else None


def test_given_reboot_wrap_and_reindex_then_no_spike_and_no_broken_history(govnet: Stage) -> None:
    device = str(access_link(govnet)["labels"]["b"]).split(":")[0]  # type: ignore[index]
    [speed, *_] = [i["speed_bps"] for i in govnet.json("device", "facts", device)[device]["interfaces"]]
    interface = str(access_link(govnet)["labels"]["b"]).split(":")[1]  # type: ignore[index]
    for deed in ("wrap32", "reindex", "reboot"):
        polled = len(rates_of(govnet, device, interface))
        govnet.noc("lab", "do", deed, device)
        wait_until(f"polled after {deed}", lambda n=polled: len(rates_of(govnet, device, interface)) >= n + 3, 60)
    rates = rates_of(govnet, device, interface)
    known = rates[~np.isnan(rates).any(axis=1)]
    assert known.max() <= 1.1 * speed and (known > 0).any()
    assert len(known) > len(rates) / 2, "history breaks off"


def rates_of(one: Stage, device: str, interface: str) -> np.ndarray:
    """In and out of one interface, a line a poll."""
    with MetricReader(one.home / "data" / "metrics.db") as reader:
        series = reader.read("interface", device, interface, ("in_bps", "out_bps"), start=0, end=2**32 - 1)
    return series.values.T


def test_given_a_broken_new_inventory_then_it_is_refused_whole_and_a_good_one_is_taken(govnet: Stage) -> None:
    path = govnet.home / "inventory" / "contacts.yaml"
    good = path.read_text()
    path.write_text(good + "\nnonsense: [\n")
    govnet.processes["daemon"].send_signal(signal.SIGHUP)
    wait_until("the refusal is logged", lambda: "is refused, the old one goes on" in govnet.log("daemon"), 10)
    assert govnet.healthy()
    path.write_text(good)
    rename_one_device(govnet, "lga-")
    govnet.processes["daemon"].send_signal(signal.SIGHUP)
    wait_until("the new one is taken", lambda: "devices changed" in govnet.log("daemon"), 10)
    wait_until("all is well", lambda: all_up(govnet), 20)


def test_given_secrets_that_are_gone_at_a_reload_then_the_log_says_who_will_not_answer(govnet: Stage) -> None:
    secrets = govnet.home / "secrets.toml"
    aside = secrets.rename(secrets.with_name("aside.toml"))
    govnet.processes["daemon"].send_signal(signal.SIGHUP)
    wait_until("it is said", lambda: "no user [snmp.routers], which devices refer to" in govnet.log("daemon"), 10)
    aside.rename(secrets)
    govnet.processes["daemon"].send_signal(signal.SIGHUP)
    wait_until("all is well", lambda: all_up(govnet) and not any(map(reason_of, govnet.rows("device").values())), 20)


def reason_of(row: dict[str, Any]) -> str:
    return str(row["reason"])


def test_given_an_inventory_without_a_site_then_its_rows_go_and_nothing_breaks(govnet: Stage) -> None:
    found = load(govnet.home / "inventory")
    gone = next(key for key in found.sites if key.startswith("lga-") and key != "lga-chamwino")
    devices = {key: one for key, one in found.devices.items() if one.site != gone}
    left = replace(
        found,
        sites={key: one for key, one in found.sites.items() if key != gone},
        institutions={key: one for key, one in found.institutions.items() if one.site != gone},
        devices=devices,
        links={key: one for key, one in found.links.items() if all(end.device in devices for end in one.ends)},
    )
    write(left, govnet.home / "inventory")
    govnet.processes["daemon"].send_signal(signal.SIGHUP)
    wait_until("its row is gone", lambda: gone not in govnet.rows("site"), 15)
    all_twice = govnet.metric("rounds_total") + 2 * govnet.metric("devices")
    wait_until("every device was asked once more", lambda: govnet.metric("rounds_total") >= all_twice)
    assert govnet.healthy() and all_up(govnet) and gone not in govnet.rows("site")
    assert "Traceback" not in govnet.log("daemon")


def rename_one_device(one: Stage, prefix: str) -> None:
    """Give one device another name: a change that touches it alone."""
    path = one.home / "inventory" / "devices.yaml"
    text = path.read_text()
    key = next(line.strip(" :\n") for line in text.splitlines() if line.startswith(f"  {prefix}"))
    path.write_text(text.replace(f"  {key}:\n", f"  {key}:\n    name: renamed\n", 1))


def test_given_a_stopped_daemon_then_everything_still_answers_and_says_how_old_it_is(govnet: Stage) -> None:
    assert govnet.kill_daemon(signal.SIGTERM) == 0
    for kind in ("link", "site", "device"):
        done = govnet.noc(kind, "status")
        assert "stopped" in done.stdout + done.stderr
        assert all(len(line) <= 80 for line in done.stdout.splitlines())
    assert govnet.noc("doctor", check=False).returncode == 1
    assert govnet.noc("poll", "dar-core-1").returncode == 0
    assert govnet.noc("poll", "dar-core-9", check=False).returncode == 2

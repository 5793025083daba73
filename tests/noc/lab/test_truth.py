"""What the lab says was true is what an onlooker would have found."""

import json
from pathlib import Path

from noc.lab.truth import truth_of, write_truth
from tests.noc.lab.asker import act, alive, world
from tests.noc.lab.network import START


def states(intervals: list[dict[str, object]], key: str = "state") -> list[tuple[object, object]]:
    return [(one["from_s"], one[key]) for one in intervals]


def test_given_a_run_then_its_truth_tells_events_and_intervals(tmp_path: Path) -> None:
    lab = world(
        act(10, "device_down", device="p1", lasts=20),
        act(40, "link_down", device="p2", interface="ge-0/0/1", lasts=10),
        act(60, "circuit_cut", circuit="iru-sea"),
        act(70, "agent_hang", device="p3"),
        seed=5,
    )
    write_truth(lab, START + 100, tmp_path / "truth.json")
    truth = json.loads((tmp_path / "truth.json").read_text())
    assert (truth["seed"], truth["attached_to"], truth["until_s"]) == (5, "c1", 100)
    assert [(event["at_s"], event["do"]) for event in truth["events"]] == [
        (10, "device_down"),
        (30, "device_up"),
        (40, "link_down"),
        (50, "link_up"),
        (60, "circuit_cut"),
        (70, "agent_hang"),
    ]
    assert truth["events"][2]["link"] == "ring-3"
    assert truth["events"][0]["time"].endswith("Z")
    assert states(truth["devices"]["p1"]) == [(0, "up"), (10, "down"), (30, "up")]
    assert [one["state"] for one in truth["devices"]["s1-r1"]] == ["up", "unreachable", "up"]
    assert truth["devices"]["s1-r1"][-1]["to_s"] is None
    assert states(truth["sites"]["s1"]) == [(0, "up"), (10, "unreachable"), (30, "up")]
    assert states(truth["links"]["ring-3"]) == [(0, "up"), (40, "down"), (50, "up")]
    assert truth["links"]["ring-3"][1]["ends"] == {"p2:ge-0/0/1": "down", "p3:ge-0/0/0": "down"}
    assert states(truth["links"]["up-sea"]) == [(0, "up"), (60, "cut-beyond")]
    assert states(truth["circuits"]["iru-sea"], "anchors") == [(0, True), (60, False)]
    assert states(truth["agents"]["p3"], "hung") == [(0, False), (70, True)]
    assert [state for _, state in states(next(iter(truth["sessions"].values())), "bgpPeerState")] == [6, 3]


def test_given_any_moment_then_truth_and_echo_agree() -> None:
    lab = world(
        act(10, "link_down", link="ring-1", lasts=60),
        act(20, "link_down", link="ring-3", lasts=20),
        act(30, "power_cut", site="s3", lasts=60),
        act(35, "link_down", link="s2-b", lasts=20),
    )
    truth = truth_of(lab, START + 120)
    for t in range(0, 120, 5):
        up = {
            key
            for key, intervals in truth["devices"].items()
            for one in intervals
            if one["from_s"] <= t and (one["to_s"] is None or t < one["to_s"]) and one["state"] == "up"
        }
        assert up == alive(lab, t), t

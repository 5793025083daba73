"""Scenarios of capacity from end to end: figures of a past, rules, causes and what people are told."""

import pytest

from noc.scenario.file import path_of, read_play
from noc.scenario.outcome import incidents_of
from noc.scenario.player import Player
from noc.scenario.scoring import play_scored


@pytest.mark.parametrize(
    ("name", "root"),
    [
        ("contract-ending", "seacom-iru"),
        ("commit-exceeded", "lga-chunya"),
        ("headroom-near", "eassy-iru"),
        ("over-committed", "seacom-iru"),
    ],
)
def test_given_a_past_then_one_case_with_the_right_root_and_nobody_woken(name: str, root: str) -> None:
    outcome, score, _ = play_scored(read_play(path_of(name)))
    assert score.clean, [finding.text for finding in score.findings]
    assert [(one["root"], one["family"]) for one in outcome["incidents"]] == [(root, "capacity")]
    assert not [one for one in outcome["notifications"] if one["page"]]


def test_given_a_cut_whose_load_fills_the_other_cable_then_that_is_a_symptom_in_the_same_case() -> None:
    player = Player(read_play(path_of("cable-cut-moves-load")), seed=12)
    with player.stage.raw_ledger as ledger:
        player.run()
        [incident] = incidents_of(player.stage)
        with ledger.reading() as books:
            joined = {str(entry.figures.get("alarm", "")) for entry in books.entries(incident.number)}
    assert incident.root.key == "up-seacom"
    assert any("diversity-lost" in alarm for alarm in joined)
    assert any("up-eassy" in alarm for alarm in joined), joined

"""From a run that is over to its outcome with the score in it, held to what the scenario's own file promises."""

from collections.abc import Mapping
from typing import Any

from noc.scenario.file import Play
from noc.scenario.outcome import incidents_of, outcome_of, truth_of
from noc.scenario.player import Player
from noc.scenario.score import Score, score
from noc.scenario.stage import Stage


def play_scored(play: Play, *, seed: int | None = None, loss: float = 0.0) -> tuple[dict[str, Any], Score, list[str]]:
    """(the outcome with its score, the score, the lines of the log)."""
    return scored(Player(play, seed=play.seed if seed is None else seed, loss=loss))


def scored(player: Player) -> tuple[dict[str, Any], Score, list[str]]:
    """Let it run; then as `play_scored`."""
    with player.stage.raw_ledger:
        stage = player.run()
        outcome = outcome_of(stage, incidents_of(stage))
        found = score_of(stage, outcome)
    outcome["score"] = found.to_json()
    return outcome, found, stage.recorder.lines


def score_of(stage: Stage, outcome: Mapping[str, Any]) -> Score:
    """Each time the daemon was killed one message may have gone out twice (SEMANTICS 34)."""
    play = stage.play
    return score(
        truth_of(stage),
        outcome["incidents"],
        outcome["notifications"],
        until_s=play.lasts_s,
        expect=play.expect,
        twice=sum(act.do == "kill" for act in play.house),
    )

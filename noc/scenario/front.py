"""What `noc scenario run` does with a scenario: play it once or many times, tell the story, write it down, score it."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from noc.scenario.file import Play
from noc.scenario.outcome import incidents_of, outcome_of
from noc.scenario.player import Player

Say = Callable[[str], None]


def play_virtual(play: Play, *, seed: int | None = None, loss: float = 0.0) -> tuple[dict[str, Any], list[str]]:
    """(the outcome, the lines of the log)."""
    player = Player(play, seed=play.seed if seed is None else seed, loss=loss)
    with player.stage.raw_ledger:
        stage = player.run()
        found = outcome_of(stage, incidents_of(stage))
    return found, stage.recorder.lines


def play_and_tell(play: Play, options: Mapping[str, Any], say: Say) -> int:
    """The exit status."""
    found, lines = play_virtual(play, seed=options["seed"], loss=options["loss"])
    for line in lines:
        if " state " not in line:
            say(line)
    write(found, lines, options)
    return 0


def write(found: Mapping[str, Any], lines: list[str], options: Mapping[str, Any]) -> None:
    out, log = options.get("out"), options.get("log")
    if out:
        Path(out).write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if log:
        Path(log).write_text("\n".join(lines) + "\n", encoding="utf-8")

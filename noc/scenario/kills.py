"""What becomes of pages when the daemon dies: killed at any step that somebody outside could notice, then started again.

Between two such steps (a transaction begun, about to commit, committed; a message before and after it is handed over)
nothing leaves the daemon, so dying there is dying at the next of them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from noc.scenario.file import Play
from noc.scenario.outcome import incidents_of, outcome_of
from noc.scenario.player import Player

Outcome = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Killed:
    """A run in which the daemon died once (or, with `step` None, did not)."""

    outcome: Outcome
    steps: int
    step: int | None = None


def play_killed(play: Play, *, seed: int, step: int | None = None) -> Killed:
    """Play it; the daemon dies at its `step`-th step."""
    player = Player(play, seed=seed)
    player.stage.dies_at = step
    with player.stage.raw_ledger:
        stage = player.run()
        return Killed(outcome_of(stage, incidents_of(stage)), stage.steps, step)


def pages_of(outcome: Outcome) -> Counter[tuple[str, str, str]]:
    """(root, contact, occasion) -> how many pages with keys of their own were taken."""
    roots = {row["number"]: row["root"] for row in outcome["incidents"]}
    keys = {
        (row["key"], roots.get(row["incident"], "?"), row["to"], row["occasion"])
        for row in outcome["notifications"]
        if row["page"] and row["fate"] == "sent"
    }
    return Counter((root, to, occasion) for _, root, to, occasion in keys)


def wrongs(undisturbed: Killed, killed: Killed) -> Iterator[str]:
    """Pages lost, pages that should not be, more than one page again; mails may be under way several at a time."""
    wanted, found = pages_of(undisturbed.outcome), pages_of(killed.outcome)
    for page, count in (wanted - found).items():
        yield f"step {killed.step}: lost {count} of {' '.join(page)}"
    for page, count in (found - wanted).items():
        yield f"step {killed.step}: {count} too many of {' '.join(page)}"
    sent = Counter((row["key"], row["page"]) for row in killed.outcome["notifications"] if row["fate"] == "sent")
    for (key, _), count in sent.items():
        if count > 2:
            yield f"step {killed.step}: {key} went out {count} times"
    pages = sum(count - 1 for (_, page), count in sent.items() if page)
    if pages > 1:
        yield f"step {killed.step}: {pages} pages went out again"

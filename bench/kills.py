"""The daemon dies at a thousand instants of scenarios: what is lost, what goes out twice, against the same runs undisturbed."""

import argparse
import logging
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

from noc.scenario.file import path_of, read_play
from noc.scenario.kills import Killed, play_killed, wrongs

SCENARIOS = (
    "router-with-twelve",
    "core-dies",
    "children-back-first",
    "ring-cut-twice",
    "two-ways-to-a-site",
    "two-at-once",
    "gateway-down-modem-up",
    "cable-cut",
    "region-without-power",
    "two-routers-at-a-site",
)


def one(asked: tuple[str, int, int]) -> tuple[list[str], float]:
    """Wrongs of one kill, and its CPU-seconds."""
    logging.disable(logging.CRITICAL)
    name, seed, number = asked
    began = time.process_time()
    play = read_play(Path(path_of(name)))
    undisturbed = _undisturbed(name, seed)
    step = Random(f"{name} {seed} {number}").randint(1, undisturbed.steps)
    found = [f"{name} seed {seed}: {wrong}" for wrong in wrongs(undisturbed, play_killed(play, seed=seed, step=step))]
    return found, time.process_time() - began


_KNOWN: dict[tuple[str, int], Killed] = {}  # of this process


def _undisturbed(name: str, seed: int) -> Killed:
    if (name, seed) not in _KNOWN:
        _KNOWN[name, seed] = play_killed(read_play(Path(path_of(name))), seed=seed)
    return _KNOWN[name, seed]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("scenarios", nargs="*", default=SCENARIOS)
    options = parser.parse_args()
    names = list(options.scenarios)
    asked = [(names[number % len(names)], number // len(names) // 25, number) for number in range(options.kills)]
    asked.sort()
    with ProcessPoolExecutor(options.jobs) as pool:
        results = list(pool.map(one, asked, chunksize=max(1, len(asked) // (8 * options.jobs))))
    found = [wrong for wrongs_of_one, _ in results for wrong in wrongs_of_one]
    print(f"{len(asked)} kills in {len(names)} scenarios, {sum(cpu for _, cpu in results):.0f} CPU-s")
    print(f"lost pages {_count(found, 'lost')}, too many {_count(found, 'too many')}, again {_count(found, 'again')}")
    for wrong in found:
        print(f"  {wrong}")


def _count(found: list[str], word: str) -> int:
    return sum(word in wrong for wrong in found)


if __name__ == "__main__":
    main()

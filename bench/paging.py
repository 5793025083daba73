"""From a silent death to the page in a channel's hands, over many phases of the polls, in simulated time.

    python bench/paging.py --runs 35 --jobs 2

Each simulated run kills two cores, two routers with six sites each and two sites' routers, one after another, at random
moments; phases are another in every run. `lit`: the far ports stay up, so only silence tells; `dark`: they go down, and
whoever is asked next sees it; `traps`: dark, and the neighbours send linkDown. Baseline: the limits of the contract.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from random import Random

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

MUST = {"critical": 15.0, "major": 30.0}
AIM = {"critical": 12.0, "major": 27.0}
TRAP_MUST, TRAP_AIM, SCREEN_MUST, SCREEN_AIM = 10.0, 8.0, 5.0, 3.0
LOWER = {"core": "critical", "router": "critical", "site": "major"}
SLOT_S, DEAD_S = 300, 60
VICTIMS = (
    ("core", "core-2"),
    ("site", "s-a7-r1"),
    ("router", "pe-a"),
    ("core", "core-3"),
    ("site", "s-b7-r1"),
    ("router", "pe-b"),
)
MODES = ("lit", "dark", "traps")
Delay = tuple[str, str, float | None, float | None]  # mode, who died, seconds to the screen, seconds to the page


def network() -> str:
    """Three cores in a ring, two routers on it with six sites each and one more."""
    sites, devices, links = ['noc = "noc Dodoma"'], ['sw = "switch noc"'], []
    for number in (1, 2, 3):
        sites.append(f'core-{number} = "core Dodoma"')
        devices.append(f'core-{number} = "core core-{number}"')
        links.append(f'n-{number} = "sw core-{number} access 1G"')
        links.append(f'c-{number} = "core-{number} core-{number % 3 + 1} core 10G"')
    for name, ways in (("a", (1, 2)), ("b", (1, 3)), ("c", (1, 3))):
        sites.append(f'pop-{name} = "regional Mbeya"')
        devices.append(f'pe-{name} = "regional pop-{name}"')
        links += [f'r-{name}{way} = "core-{way} pe-{name} ring 5G"' for way in ways]
        for number in range(1, 7) if name != "c" else (7, 8):
            far = name if name != "c" else "ab"[number - 7]
            key = f"s-{far}{number if name != 'c' else 7}"
            sites.append(f'{key} = "lga Mbeya"')
            devices.append(f'{key}-r1 = "cpe {key}"')
            links.append(f'{key}-l = "pe-{name} {key}-r1 access 10M"')
    parts = (("sites", sites), ("devices", devices), ("links", links))
    return "".join(f"[network.{name}]\n" + "\n".join(lines) + "\n" for name, lines in parts)


def scenario(seed: int, mode: str) -> tuple[str, list[float]]:
    """Its text, and when whom death meets."""
    draw = Random(f"{seed} {mode}")
    at = [120 + number * SLOT_S + draw.random() * 20 for number in range(len(VICTIMS))]
    ports = "" if mode == "lit" else "ports = true\n"
    events = [
        f'[[event]]\nat = {when:.3f}\ndo = "device_down"\ndevice = "{device}"\nfor = "{DEAD_S}s"\n{ports}'
        for when, (_, device) in zip(at, VICTIMS, strict=True)
    ]
    head = f'title = "deaths"\nseed = {seed}\nlasts = "{120 + len(VICTIMS) * SLOT_S}s"\n'
    traps = f"traps = {'true' if mode == 'traps' else 'false'}\n"
    first = '[poll]\ncollect = ["interfaces"]\n[network]\nattached_to = "sw"\n'
    return head + traps + first + network() + "\n".join(events), at


def simulated(asked: tuple[int, str]) -> tuple[list[Delay], float]:
    """Delays of one run, and its CPU-seconds."""
    import logging

    from noc.scenario.file import read_play
    from noc.scenario.player import Player

    logging.disable(logging.CRITICAL)
    seed, mode = asked
    text, at = scenario(seed, mode)
    before = time.process_time()
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "deaths.toml"
        path.write_text(text)
        player = Player(read_play(path), seed=seed)
        with player.stage.raw_ledger:
            stage = player.run()
    pages = [one for one in stage.recorder.messages() if one["page"]]
    found = [
        (mode, kind, screen(stage.recorder.lines, device, when), paged(pages, when))
        for when, (kind, device) in zip(at, VICTIMS, strict=True)
    ]
    return found, time.process_time() - before


def paged(pages: Iterable[Mapping[str, object]], when: float) -> float | None:
    moments = (float(str(one["at_s"])) - when for one in pages if one["occasion"] == "opened")
    return min((moment for moment in moments if 0 <= moment < SLOT_S / 2), default=None)


def screen(lines: Sequence[str], device: str, when: float) -> float | None:
    """When a state that is not up was first shown of the device or a link of its own."""
    for line in lines:
        moment = float(line[:12])
        if when <= moment < when + SLOT_S / 2 and line[12:].startswith("state") and " down" in line:
            return moment - when
    return None


def ranked(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def rows(delays: Sequence[Delay], what: int) -> Iterator[tuple[str, str, list[float], int]]:
    for mode in dict.fromkeys(one[0] for one in delays):
        for kind in dict.fromkeys(one[1] for one in delays):
            values = [one[what] for one in delays if one[:2] == (mode, kind)]
            yield mode, kind, [float(value) for value in values if value is not None], values.count(None)


def table(delays: Sequence[Delay]) -> None:
    print(f"{'':8}{'who died':10}{'deaths':>7}{'none':>6}{'p50':>8}{'p95':>8}{'max':>8}{'must':>7}{'aim':>6}")
    for what, words in ((3, "page"), (2, "screen")):
        print(f"until the {words}, seconds")
        for mode, kind, values, none in rows(delays, what):
            trap, critical = mode == "traps", LOWER[kind] == "critical"
            must, aim = MUST[LOWER[kind]], AIM[LOWER[kind]]
            if trap and critical:
                must, aim = TRAP_MUST, TRAP_AIM
            limits = f"{must:7.0f}{aim:6.0f}" if what == 3 else ""
            limits = f"{SCREEN_MUST:7.0f}{SCREEN_AIM:6.0f}" if what == 2 and trap else limits
            spread = "".join(f"{ranked(values, share):8.2f}" for share in (0.5, 0.95, 1.0)) if values else ""
            print(f"{mode:8}{kind:10}{len(values):>7}{none:>6}{spread}{limits}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--runs", type=int, default=100, help="simulated runs of each mode, two deaths of a kind in each"
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--modes", nargs="+", choices=MODES, default=MODES)
    asked = parser.parse_args()
    work = [(seed, mode) for mode in asked.modes for seed in range(1, asked.runs + 1)]
    with ProcessPoolExecutor(asked.jobs) as pool:
        results = list(pool.map(simulated, work))
    print(f"{len(work)} runs, {sum(cpu for _, cpu in results):.0f} CPU-s")
    table([one for found, _ in results for one in found])


if __name__ == "__main__":
    main()

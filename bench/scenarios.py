"""All shipped scenarios with many seeds: how often somebody is woken for nothing, and how late the right ones are.

    python bench/scenarios.py --seeds 100 --jobs 2
    python bench/scenarios.py --only cable --seeds 10

Seeds move every poll's phase; all but the first of each scenario lose up to 5 % of packets each way. The baseline is
the same run without traps: what polls alone would have taken. CPU-seconds are of the processes that play.
"""

import argparse
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

ERRORS = ("false page", "missed", "late", "wrong root", "wrong members", "wrong severity", "extra incident")
MORE = ("recovery", "unexpected")
HERE = Path(__file__).resolve().parents[1]
SHIPPED = HERE / "noc" / "scenario" / "scenarios"
HEAVY = {"busy-hour": 10, "nine-days": 10}  # so many times fewer seeds


@dataclass
class Sum:
    """Of many runs."""

    runs: int = 0
    cpu_s: float = 0.0
    faults: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    delays: dict[str, list[float]] = field(default_factory=lambda: {"critical": [], "major": []})
    shown: list[float] = field(default_factory=list)

    def add(self, one: Mapping[str, Any]) -> None:
        self.runs += 1
        self.cpu_s += one["cpu_s"]
        self.faults += one["faults"]
        self.errors.update(one["errors"])
        for severity, delays in one["delays"].items():
            self.delays[severity] += delays
        self.shown += one["shown"]


def hush() -> None:
    """What a simulated daemon would log is not for this table."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def run(path: Path, number: int, traps: bool) -> dict[str, Any]:
    """One seed of one scenario, in a process of its own."""
    from noc.scenario.file import read_play
    from noc.scenario.scoring import play_scored

    play = read_play(path)
    if not traps:
        play = replace(play, traps=1.0)
    loss = 0.0 if number == 0 else 0.05 * (number * 37 % 100) / 100
    before = time.process_time()
    _, found, _ = play_scored(play, seed=play.seed + 1000 * number, loss=loss)
    return {
        "name": path.stem,
        "seed": play.seed + 1000 * number,
        "loss": loss,
        "traps": traps,
        "cpu_s": time.process_time() - before,
        "faults": len(found.told),
        "errors": Counter(one.error for one in found.findings),
        "delays": {severity: found.delays(severity) for severity in ("critical", "major")},
        "shown": [
            one.opened_after_s for one in found.told if one.opened_after_s is not None and one.fault.page == "must"
        ],
        "texts": [f"{one.error}: {one.fault} {one.text}" for one in found.findings],
    }


def plan(only: str, seeds: int, traps: Sequence[bool]) -> Iterator[tuple[Path, int, bool]]:
    for path in sorted(SHIPPED.glob("*.toml")):
        if only in path.stem:
            for number in range(max(1, seeds // HEAVY.get(path.stem, 1))):
                yield from ((path, number, each) for each in traps)


def percentile(values: Sequence[float], share: float) -> str:
    if not values:
        return "-"
    ranked = sorted(values)
    return f"{ranked[min(len(ranked) - 1, int(share * len(ranked)))]:.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=100, help="of each scenario; a tenth of it of the heavy ones")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--only", default="", help="scenarios with this in their name")
    parser.add_argument("--traps", choices=("both", "with", "without"), default="both")
    asked = parser.parse_args()
    traps = {"both": (True, False), "with": (True,), "without": (False,)}[asked.traps]
    work = list(plan(asked.only, asked.seeds, traps))
    sums: dict[tuple[str, bool], Sum] = {}
    began = time.monotonic()
    with ProcessPoolExecutor(asked.jobs, initializer=hush) as pool:
        waiting = [pool.submit(run, *each) for each in work]
        for done, each in enumerate(as_completed(waiting), 1):
            one = each.result()
            sums.setdefault((one["name"], one["traps"]), Sum()).add(one)
            for text in one["texts"]:
                print(
                    f"  {one['name']} seed={one['seed']} loss={one['loss']:.3f} traps={one['traps']}: {text}",
                    flush=True,
                )
            if done % 100 == 0:
                print(f"... {done} of {len(work)}, {time.monotonic() - began:.0f} s", flush=True)
    table(sums)


def table(sums: Mapping[tuple[str, bool], Sum]) -> None:
    print(
        f"{'scenario':<22}{'traps':<6}{'runs':>5}{'cpu s':>7}{'faults':>7}{'false':>6}{'missed':>7}{'root':>5}{'other':>6}"
    )
    for (name, traps), one in sorted(sums.items()):
        missed = one.errors["missed"] + one.errors["late"]
        other = sum(one.errors[error] for error in (*ERRORS[4:], *MORE))
        row = f"{name:<22}{'yes' if traps else 'no':<6}{one.runs:>5}{one.cpu_s / one.runs:>7.2f}{one.faults:>7}"
        print(f"{row}{one.errors['false page']:>6}{missed:>7}{one.errors['wrong root']:>5}{other:>6}")
    for traps in sorted({traps for _, traps in sums}, reverse=True):
        whole = Sum()
        for (_, with_traps), one in sums.items():
            if with_traps == traps:
                whole.runs += one.runs
                whole.cpu_s += one.cpu_s
                whole.faults += one.faults
                whole.errors.update(one.errors)
                whole.shown += one.shown
                for severity, delays in one.delays.items():
                    whole.delays[severity] += delays
        summary(traps, whole)


def summary(traps: bool, whole: Sum) -> None:
    print(
        f"\n{'with' if traps else 'without'} traps: {whole.runs} runs, {whole.faults} faults, {whole.cpu_s:.0f} CPU-s"
    )
    print("  " + ", ".join(f"{error} {whole.errors[error]}" for error in (*ERRORS, *MORE)))
    for severity, delays in whole.delays.items():
        spread = ", ".join(
            f"{word} {percentile(delays, share)}" for word, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
        )
        print(f"  fault to page, {severity}: {spread} s of {len(delays)}")
    print(
        f"  fault to screen: p50 {percentile(whole.shown, 0.5)}, max {percentile(whole.shown, 1.0)} s of {len(whole.shown)}"
    )


if __name__ == "__main__":
    main()

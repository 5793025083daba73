"""Hostile datagrams by the million against all that reads what comes from the network: nothing breaks, grows, or believes.

An input counts as wrong when a value is taken from it that the strict walk (the oracle) would not have given, or
that did not come with the right id from the right place; as crashed when it raises what is not expected. Of a whole engine
"accepted" are questions answered, "refused" those that failed by name; its counters are shown below it.
The same --seed gives the same inputs. Recordings of ../shared are used where they are there. Exit status 1: something is wrong.
"""

import argparse
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.fuzz_inputs import Attack, Hostile, Tally

SHOWN = 3


def resident() -> int:
    """Octets of memory in use by this process."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def run(attack: Attack, count: int, hostile: Hostile) -> Tally:
    tally, started = Tally(), time.perf_counter()
    attack(tally, hostile, count // 4)
    settled = resident()
    attack(tally, hostile, count - tally.inputs)
    tally.growth = max(0, resident() - settled)
    tally.seconds = time.perf_counter() - started
    return tally


def show(tallies: dict[str, Tally]) -> None:
    print(f"{'':<26}{'inputs':>10}{'a second':>10}{'accepted':>10}{'refused':>10}{'wrong':>7}{'crash':>6}{'grown':>9}")
    for name, tally in tallies.items():
        rate = tally.inputs / max(tally.seconds, 1e-9)
        print(
            f"{name:<26}{tally.inputs:>10,}{rate:>10,.0f}{tally.accepted:>10,}{tally.refused:>10,}"
            f"{len(tally.wrong):>7}{len(tally.crashed):>6}{tally.growth >> 10:>6} KiB"
        )
        for said in (*tally.wrong[:SHOWN], *tally.crashed[:SHOWN]):
            print(f"    {said}")
        if tally.told:
            print("    " + ", ".join(f"{name} {count:,}" for name, count in tally.told.items() if count))
    total = sum(tally.inputs for tally in tallies.values())
    print(f"{'all':<26}{total:>10,}{total / sum(tally.seconds for tally in tallies.values()):>10,.0f}")


def main() -> None:
    from bench.fuzz_attacks import ATTACKS

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=1_000_000, help="over all classes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="classes whose name contains this")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    chosen = [row for row in ATTACKS if arguments.only in row.name]
    shares = sum(row.share for row in chosen)
    tallies = {
        row.name: run(row.attack, arguments.inputs * row.share // shares + 1, Hostile(arguments.seed, row.corpus()))
        for row in chosen
    }
    if arguments.json:
        print(json.dumps({name: {**asdict(tally), "sound": tally.sound} for name, tally in tallies.items()}))
    else:
        show(tallies)
    sys.exit(0 if all(tally.sound for tally in tallies.values()) else 1)


if __name__ == "__main__":
    main()

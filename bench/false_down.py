"""How often loss alone is called down: a whole network under 5 % loss each way in virtual time, judged by the board."""

import argparse
import random
import sys
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]

from tests.alerts.field import Field, inventory_of  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=2500, help="device hours")
    parser.add_argument("--devices", type=int, default=25)
    parser.add_argument("--loss", type=float, default=0.05, help="each way")
    parser.add_argument("--for", dest="seconds", type=float, default=300, help="stop after so much CPU")
    asked = parser.parse_args()
    spokes = [("core-1", "core-2"), ("core-1", "pe"), ("core-2", "pe")]
    spokes += [("pe", f"c{number}") for number in range(max(1, asked.devices - 3))]
    inventory = inventory_of(spokes)
    size = len(inventory.devices)
    field = Field(inventory, "core-1", seed=random.randrange(10**9), loss=1 - (1 - asked.loss) ** 2)
    began = time.process_time()
    downs = agents = 0
    while field.now / 3600 * size < asked.hours and time.process_time() - began < asked.seconds:
        field.run_for(600)
        downs += sum(each.kind == "device" and each.after in ("down", "unreachable") for each in field.said)
        agents += sum(each.kind == "device" and each.reason == "agent-silent" for each in field.said)
        field.said.clear()
    hours = field.now / 3600 * size
    print(f"{size} devices, {asked.loss:.0%} loss each way, probes every 5 s, twice a second in doubt")
    print(f"{'device hours':24} {hours:12.0f}")
    print(f"{'rounds':24} {field.asked:12d}")
    print(f"{'false down':24} {downs:12d}   (<= 1 in 2500 h)")
    print(f"{'false agent-silent':24} {agents:12d}")
    print(f"{'CPU':24} {time.process_time() - began:12.1f} s")


if __name__ == "__main__":
    main()

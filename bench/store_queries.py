"""Seven questions to the metric store and to five other engines: CPU-seconds of client and server, in the same run.

Each engine has a process of its own, and a server where it needs one, on loopback with a temporary directory. A question
is asked of another port each time; answers must agree. Baseline of every ratio: the best of the other engines.
"""

import argparse
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from math import exp, log
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import mean

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from bench.store_data import BUSY, PORTS, network
from bench.store_engines import ENGINES, Engine

QUESTIONS = {
    "newest": "newest of all 3,576 links",
    "day": "24 h of a link",
    "month_5m": "30 days at 5 min",
    "year_1h": "1 year at 1 h",
    "p95_month": "p95 of a month, 10 links",
    "top20": "top 20 by utilisation",
    "availability": "availability, month, 149 links",
}
OURS = "metric store"


def server_cpu(engine: Engine) -> float:
    """CPU-seconds of all threads of the server, to the nanosecond."""
    if engine.server is None:
        return 0.0
    tasks = Path(f"/proc/{engine.server.pid}/task")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9


def serve(name: str, days: int, deep: int, orders: Connection, file: Path | None) -> None:
    """Sends why it cannot, or how long loading took; then answers with CPU-seconds and the answer."""
    with tempfile.TemporaryDirectory(prefix="noc-bench-") as place:
        engine = ENGINES[name](Path(place), network(days, deep))
        engine.made = file
        if why := engine.available():
            orders.send(why)
            return
        try:
            began = time.process_time()
            engine.load()
            orders.send(time.process_time() - began + server_cpu(engine))
            while (order := orders.recv()) is not None:
                began, there = time.process_time(), server_cpu(engine)
                answer = engine.ask(*order)
                spent = time.process_time() - began
                orders.send((spent, server_cpu(engine) - there, answer))
        except Exception:  # noqa: BLE001 - a bench says what went wrong and goes on with the others
            orders.send(traceback.format_exc(limit=4))
        finally:
            engine.close()


def ports_of(number: int, deep: int) -> tuple[int, list[int]]:
    """A busy port with a month of history, and ten."""
    random = np.random.default_rng(number)
    busy = [port for port in range(deep * PORTS) if port % PORTS < BUSY]
    return int(random.choice(busy)), random.choice(busy, 10, replace=False).tolist()


def started(names: list[str], days: int, deep: int, file: Path | None) -> dict[str, Connection]:
    engines = {}
    for name in names:
        ours, theirs = get_context("spawn").Pipe()
        get_context("spawn").Process(target=serve, args=(name, days, deep, theirs, file)).start()
        theirs.close()  # one that died is then seen to be gone
        try:
            said = ours.recv()
        except EOFError:
            said = "died while loading"
        if isinstance(said, str):
            print(f"{name}: {said}", flush=True)
            continue
        print(f"{name}: loaded, {said:.0f} CPU-s", flush=True)
        engines[name] = ours
    return engines


def agree(one: list[float], other: list[float]) -> bool:
    """To a tenth of a percent: the store keeps means as whole b/s, others as doubles."""
    return len(one) == len(other) and bool(np.allclose(one, other, rtol=1e-3, atol=0.6))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=30, help="history of the deep devices")
    parser.add_argument("--deep", type=int, default=6, help="devices with history")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--engines", default=",".join(ENGINES))
    parser.add_argument("--file", type=Path, help="a metrics.db that this bench made of the same days and devices")
    options = parser.parse_args()
    names = [name.strip() for name in options.engines.split(",")]
    engines = started(names, options.days, options.deep, options.file)
    spent: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for number in range(-1, options.rounds):
        for question in QUESTIONS:
            ask_all(engines, question, ports_of(number + 1, options.deep), spent if number >= 0 else None)
    for engine in engines.values():
        engine.send(None)
    report(list(engines), spent, options.rounds)


def ask_all(engines: dict[str, Connection], question: str, ports: tuple[int, list[int]], spent: dict | None) -> None:
    """One after the other; what does not agree with the first engine is said."""
    first: tuple[str, list[float]] | None = None
    for name, engine in list(engines.items()):
        engine.send((question, *ports))
        said = engine.recv()
        if isinstance(said, str):
            print(f"{name}: {said}", flush=True)
            del engines[name]
            continue
        client, server, answer = said
        first = first or (name, answer)
        if not agree(first[1], answer):
            print(f"{question}: {name} says {answer[:4]}, {first[0]} {first[1][:4]}", flush=True)
        if spent is not None:
            spent[question, name].append((client, server))


def report(names: list[str], spent: dict[tuple[str, str], list[tuple[float, float]]], rounds: int) -> None:
    others = [name for name in names if name != OURS]
    print(f"\nCPU-ms of client and server, mean of {rounds} rounds; last column: the metric store to the best other")
    print(f"{'':32}" + "".join(f"{name:>16}" for name in names) + f"{'ratio':>8}")
    ratios = []
    for question, text in QUESTIONS.items():
        cost = {name: 1e3 * mean(map(sum, spent[question, name])) for name in names}
        ratio = cost[OURS] / min(cost[name] for name in others) if OURS in names and others else float("nan")
        ratios.append(ratio)
        print(f"{text:32}" + "".join(f"{cost[name]:16.2f}" for name in names) + f"{ratio:8.2f}")
    print(f"{'geometric mean':32}" + " " * 16 * len(names) + f"{exp(mean(map(log, ratios))):8.2f}")


if __name__ == "__main__":
    main()

"""What the ledger costs: processor and time of a transaction as the desk makes them, beside bare SQLite doing the same."""

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from alerts.alarm import Alarm, Evidence, Phase, Severity
from alerts.cause import Impact, Role
from alerts.incident import Entry, Incident, IncidentState
from alerts.notification import Notification
from alerts.subject import Subject
from noc.ledger import rows
from noc.ledger.ledger import open_ledger

NOW = 1_800_000_000.0


def alarm(number: int) -> Alarm:
    key = f"cpe-{number}"
    subject = Subject("device", key, key)
    evidence = Evidence("device-down", {"probes": 11, "methods": "icmp, snmp"})
    return Alarm(
        "device-down", subject, "reachability", Severity.MAJOR, Phase.FIRING, NOW, NOW, NOW, NOW, evidence=evidence
    )


def incident(alarms: list[Alarm]) -> Incident:
    keys = tuple(each.subject.key for each in alarms)
    return Incident(
        0,
        IncidentState.OPEN,
        Severity.CRITICAL,
        Severity.CRITICAL,
        "reachability",
        (Subject("device", "mby-pe-1", "mby-pe-1"),),
        NOW,
        NOW,
        NOW,
        members={each.key: Role.BEHIND for each in alarms},
        impact=Impact(sites=keys, institutions=keys, devices=keys),
        evidence=(Evidence("device-down"),),
    )


def settle(ledger: object, alarms: list[Alarm], told: int) -> None:
    """One incident, its alarms, five lines of its timeline and five messages."""
    with ledger.transaction() as books:  # type: ignore[attr-defined]
        books.put_alarms(alarms)
        one = books.put(replace(books.add(incident(alarms)), told_at=NOW))
        for line in range(5):
            books.tell(Entry(one.number, NOW + line, "alarm", "", "opened", {"count": line}))
            books.queue(
                Notification(
                    f"{told}-{line}", one.number, "opened", "asha", ("sms", "mail"), "s" * 160, "s", "b" * 900, NOW
                )
            )


def bare(db: sqlite3.Connection, alarms: list[Alarm]) -> None:
    """The same octets in three tables of two columns, by the library itself."""
    db.execute("BEGIN IMMEDIATE")
    kept = [(each.key, rows.compact(rows.alarm_row(each))) for each in alarms]
    db.executemany("INSERT OR REPLACE INTO alarm VALUES (?,?)", kept)
    db.execute("INSERT INTO incident VALUES (NULL,?)", (rows.compact(rows.incident_row(incident(alarms))),))
    db.executemany("INSERT INTO line VALUES (NULL,?)", [("b" * 1200,) for _ in range(10)])
    db.execute("COMMIT")


def measured(act: Callable[[int], object], times: int) -> tuple[float, float]:
    """(processor, elapsed) ms of one."""
    act(-1)
    cpu, elapsed = time.process_time(), time.perf_counter()
    for number in range(times):
        act(number)
    return (time.process_time() - cpu) * 1000 / times, (time.perf_counter() - elapsed) * 1000 / times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--alarms", type=int, default=50)
    options = parser.parse_args()
    alarms, many = [alarm(n) for n in range(options.alarms)], [alarm(n) for n in range(1000)]
    with tempfile.TemporaryDirectory() as home:
        db = sqlite3.connect(Path(home) / "bare.db", isolation_level=None)
        db.executescript(
            "PRAGMA synchronous = FULL; CREATE TABLE alarm (key TEXT PRIMARY KEY, content TEXT);"
            "CREATE TABLE incident (number INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT);"
            "CREATE TABLE line (id INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT)"
        )
        least = measured(lambda _: bare(db, alarms), options.times)
        db.close()
        url = f"sqlite:///{home}/ledger.db"
        opening = time.process_time()
        with open_ledger(url, migrate=True, clock=time.time, source=random.Random(1)) as ledger:
            opening = (time.process_time() - opening) * 1000
            full = measured(lambda number: settle(ledger, alarms, number), options.times)

            def thousand(_: int) -> None:
                with ledger.transaction() as books:
                    books.put_alarms(many)

            def restored(_: int) -> None:
                with ledger.reading() as books:
                    books.alarms()

            put = measured(thousand, max(1, options.times // 10))
            read = measured(restored, max(1, options.times // 10))
    for what, (cpu, elapsed) in (
        ("bare SQLite, same octets", least),
        ("1 incident, its alarms, 5 lines, 5 messages", full),
    ):
        print(f"{what:46} {cpu:7.2f} ms CPU  {elapsed:7.2f} ms elapsed  {cpu / least[0]:5.1f}x")
    for what, (cpu, elapsed) in (("1,000 alarms put", put), ("1,000 alarms read", read)):
        print(f"{what:46} {cpu:7.2f} ms CPU  {elapsed:7.2f} ms elapsed")
    print(f"{'made and brought up to date':46} {opening:7.2f} ms CPU")


if __name__ == "__main__":
    main()

"""Is this machine, and the daemon on it, fit for its work? Each question is answered with what to do about it."""

import ctypes
import importlib.util
import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from inventory.model import Inventory
from inventory.secrets import Secrets
from inventory.status import DaemonMark
from noc.checking import Checked, check
from noc.config import Config

Grade = Literal["fine", "warning", "wrong"]
DISK_WARNING, DISK_WRONG = 2 << 30, 200 << 20  # octets free
OCTETS_PER_ANSWER = 4096  # what the kernel books for one answer of up to 1472 octets
WINDOW = 8  # requests in flight towards one device
STA_UNSYNC = 0x40  # adjtimex(2)
OUT_OF_DATE_S = 15.0
CODECS = ("pcodec", "zstandard")


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer; `advice` is what to do when it is not fine."""

    topic: str
    grade: Grade
    text: str
    advice: str = ""


def examine(path: Path, now: float) -> Iterator[Finding]:
    """All findings; nothing here changes anything."""
    yield Finding("software", "fine", f"Python {sys.version.split()[0]}, SQLite {sqlite3.sqlite_version}")
    yield _codecs()
    yield _engine()
    yield _clock()
    checked = check(path)
    yield from _configuration(checked, path)
    yield _receive_buffer(len(checked.inventory.devices) if checked.inventory else 149)
    yield _ping(checked.inventory)
    if checked.config:
        yield _disk(checked.config.data.dir)
        yield from _store(checked.config.metrics_file, now)
        yield from _influxdb(checked.config, now)
        yield from _notices(checked.config.data.dir, now)
        if checked.secrets:
            yield from _telling(checked.config, checked.secrets, now)


def examine_running(config: Config, secrets: Secrets | None, now: float) -> Iterator[Finding]:
    """What may go wrong while it runs, without the questions that only the daemon's own user can answer."""
    yield _clock()
    yield _disk(config.data.dir)
    yield from _store(config.metrics_file, now)
    yield from _influxdb(config, now)
    yield from _notices(config.data.dir, now)
    if secrets is None:
        yield Finding(
            "secrets", "warning", f"{config.secrets.file} cannot be read by this user", "see its owner and mode"
        )
    else:
        yield from _telling(config, secrets, now)


def _engine() -> Finding:
    from collectors.snmp.fast import available

    way = (
        "with its compiled parts"
        if available()
        else "in pure Python (no compiler at installation): slower, not less right"
    )
    return Finding("SNMP engine", "fine", way)


def _codecs() -> Finding:
    missing = [name for name in CODECS if importlib.util.find_spec(name) is None]
    if missing:
        advice = "pip install 'govnet-noc[fast]'"
        return Finding("codecs", "warning", f"without {' and '.join(missing)} the store is bigger and slower", advice)
    return Finding("codecs", "fine", " and ".join(CODECS))


def _clock() -> Finding:
    """adjtimex(2): the kernel knows whether somebody keeps its clock."""
    timex = ctypes.create_string_buffer(512)
    try:
        state = ctypes.CDLL(None, use_errno=True).adjtimex(timex)
    except (AttributeError, OSError):
        return Finding("clock", "warning", "this system does not tell whether its clock is kept", "run an NTP client")
    status = ctypes.c_int.from_buffer(timex, 40).value
    if state < 0 or status & STA_UNSYNC:
        return Finding("clock", "warning", "nobody keeps the clock", "run chrony or systemd-timesyncd")
    return Finding("clock", "fine", "synchronised")


def _configuration(checked: Checked, path: Path) -> Iterator[Finding]:
    for mistake in checked.mistakes[:5]:
        yield Finding("configuration", "wrong", str(mistake), "'noc check' lists all of them")
    for warning in checked.warnings[:5]:
        yield Finding("configuration", "warning", str(warning), "'noc check' lists all of them")
    if checked.inventory and not checked.mistakes:
        devices, links = len(checked.inventory.devices), len(checked.inventory.links)
        yield Finding("configuration", "fine", f"{path}: {devices} devices, {links} links")


def _receive_buffer(devices: int) -> Finding:
    """Answers in flight are capped to it; asking all devices of one second must fit."""
    wanted = max(1 << 20, devices // 5 * WINDOW * OCTETS_PER_ANSWER // 4)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, wanted)
        granted = sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2  # the kernel doubles what it is asked for
    if granted < wanted:
        advice = f"sysctl -w net.core.rmem_max={wanted}"
        return Finding("receive buffer", "warning", f"{granted >> 10} KiB, {wanted >> 10} KiB would be better", advice)
    return Finding("receive buffer", "fine", f"{granted >> 10} KiB are granted")


def _ping(inventory: Inventory | None) -> Finding:
    from collectors.icmp import icmp_way

    ways = {"datagram": "unprivileged, the kernel allows it", "raw": "with CAP_NET_RAW"}
    way = icmp_way()
    if way:
        return Finding("ping", "fine", ways[way])
    needed = inventory is None or any(p.method == "icmp" for d in inventory.devices.values() for p in d.probes)
    advice = "give CAP_NET_RAW (systemd/noc.service does) or widen net.ipv4.ping_group_range"
    return Finding("ping", "wrong" if needed else "warning", "this user may not send ICMP", advice)


def _disk(place: Path) -> Finding:
    there = next(parent for parent in (place, *place.parents) if parent.exists())
    free = shutil.disk_usage(there).free
    text = f"{free >> 20} MiB free at {there}"
    if place.exists() and not os.access(place, os.W_OK):
        text += ", not writable by this user"
    grade: Grade = "wrong" if free < DISK_WRONG else "warning" if free < DISK_WARNING else "fine"
    return Finding("disk", grade, text, "" if grade == "fine" else "free some space")


def _store(file: Path, now: float) -> Iterator[Finding]:
    from noc.store.file import StoreError, StoreMissing, written_now
    from noc.store.status import read_mark

    try:
        mark = read_mark(file)
    except StoreMissing:
        yield Finding("daemon", "wrong", "has never run with this configuration", "noc run")
        return
    except StoreError as error:
        yield Finding("metric store", "wrong", str(error))
        return
    yield Finding("metric store", "fine", f"{file} opens, {file.stat().st_size >> 10} KiB")
    yield _daemon(mark, now, runs=written_now(file), full=shutil.disk_usage(file).free < DISK_WRONG)


def _influxdb(config: Config, now: float) -> Iterator[Finding]:
    from noc.influx.standing import standing
    from noc.store.file import StoreError

    try:
        sent = standing(config.metrics_file) if config.influxdb.url else None
    except StoreError:  # said above
        return
    if sent is None:
        yield Finding("InfluxDB", "fine", "not sent to yet" if config.influxdb.url else "nothing is sent there")
    elif sent.figures.failing(now):
        yield Finding("InfluxDB", "wrong", sent.sentence(now), "docs/influxdb.md tells what to look at")
    elif sent.figures.refused_lines or sent.figures.state == "unreachable":
        yield Finding("InfluxDB", "warning", sent.sentence(now), "docs/influxdb.md tells what to look at")
    else:
        yield Finding("InfluxDB", "fine", sent.sentence(now))


def _notices(data: Path, now: float) -> Iterator[Finding]:
    from noc.notices.fitness import heard_badly

    wrong = list(heard_badly(data, now))
    for text, advice in wrong:
        yield Finding("notices", "warning", text, advice)
    if not wrong:
        yield Finding("notices", "fine", "no strangers, and nobody too loud")


def _telling(config: Config, secrets: Secrets, now: float) -> Iterator[Finding]:
    from noc.telling_fitness import fitness

    for one in fitness(config, secrets, now):
        grade: Grade = "wrong" if one.wrong else "warning" if one.advice else "fine"
        yield Finding(one.topic, grade, one.text, one.advice)


def _daemon(mark: DaemonMark | None, now: float, *, runs: bool, full: bool) -> Finding:
    """`runs`: somebody holds the file for writing; `full`: its disk has no room."""
    if runs and full and (mark is None or now - mark.at > OUT_OF_DATE_S):
        text = "runs, and cannot write: the disk is full"
        return Finding(
            "daemon", "wrong", text, "free some space, do not restart it: what it measures waits in its memory"
        )
    if mark is None:
        return Finding("daemon", "wrong", "has not written yet", "noc run")
    age = max(0.0, now - mark.at)  # it may have written while the questions before this one were asked
    if mark.stopped is not None:
        return Finding("daemon", "wrong", f"was stopped {age:.0f} s ago", "noc run")
    if age > OUT_OF_DATE_S and runs:
        text = f"runs (pid {mark.pid}), but wrote last {age:.0f} s ago"
        return Finding(
            "daemon", "wrong", text, "see its log before restarting it: what it measures waits in its memory"
        )
    if age > OUT_OF_DATE_S:
        return Finding("daemon", "wrong", f"wrote last {age:.0f} s ago (pid {mark.pid})", "see its log, start it again")
    if mark.blind_since is not None:
        text = f"pid {mark.pid}, and cut off from the network for {now - mark.blind_since:.0f} s: no state is judged"
        return Finding(
            "daemon", "wrong", text, "look at this machine's own cable and at its gateway ([poller] in noc.toml)"
        )
    return Finding("daemon", "fine", f"pid {mark.pid}, up {now - mark.started:.0f} s, wrote {age:.0f} s ago")

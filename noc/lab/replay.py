"""Recordings served as routers: each on a loopback address of its own, answering what the real device once answered."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

from collectors.snmp import ber
from noc.lab import agent
from noc.lab.doors import Door, LabError, Reply
from noc.lab.objects import Layout, Scalar
from noc.lab.recording import WALK, Recording, Variable, read_recording

_FIRST = IPv4Address("127.66.0.1")
KINDS = (".snmprec", WALK)
COLUMNS = ("site", "name", "kind", "region", "device", "address", "port", "community", "version")


@dataclass(frozen=True, slots=True)
class Served:
    """A recording and where it answers."""

    recording: Recording
    address: str
    port: int
    layout: Layout


def read_all(paths: Iterable[Path], port: int) -> list[Served]:
    """Every recording or walk named, or in a directory named. LabError when there is none, or one holds nothing."""
    files = [file for path in paths for file in (_in(path) if path.is_dir() else [path])]
    if not files:
        raise LabError("no .snmprec recordings and no .snmpwalk walks there")
    found = []
    for number, file in enumerate(files):
        recording = read_recording(file)
        if not recording.variables:
            raise LabError(f"{file}: no line of it is a recorded variable (OID|tag|value)")
        third, fourth = divmod(number, 250)
        address = str(_FIRST + 256 * third + fourth)
        found.append(Served(recording, address, port, layout_of(recording)))
    return found


def _in(directory: Path) -> list[Path]:
    return sorted(path for path in directory.iterdir() if path.suffix in KINDS)


def layout_of(recording: Recording) -> Layout:
    """The recording as objects an agent answers from."""
    scalars = tuple(Scalar(variable.arcs, _always(variable), variable.wide) for variable in recording.variables)
    return Layout(scalars, ())


def _always(variable: Variable) -> Callable[[object, int], bytes]:
    def value(_view: object, _row: int) -> bytes:
        return variable.encoded

    return value


def answer(served: Served, data: bytes, community: bytes = b"public") -> bytes | None:
    """What the recorded device answers; silence to what is no request, or has another community."""
    try:
        request = agent.parse(data)
        return agent.answer(served.layout, None, request) if request.community == community else None
    except ber.BerError:
        return None


def doors_of(all_served: Sequence[Served]) -> Iterator[Door]:
    """One door a recording; answers are immediate."""
    for served in all_served:
        yield Door(served.address, served.port, served.recording.name, _door(served))


def _door(served: Served) -> Callable[[bytes, float], Reply | None]:
    def reply(data: bytes, _now: float) -> Reply | None:
        said = answer(served, data)
        return None if said is None else (said, 0.0)

    return reply


def write_csv(all_served: Sequence[Served], path: Path) -> None:
    """What `noc inventory import` takes: one row a device, a site each."""
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for served in all_served:
            name = served.recording.name
            device = "".join(letter if letter.isalnum() or letter in "._-" else "-" for letter in name)
            rows.writerow(
                (f"site-{device.lower()}", name, "other", "Lab", device, served.address, served.port, "public", "2c")
            )

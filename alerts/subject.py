"""What an alarm is about: a device, a link, a contract, a BGP session, a sensor, or the NOC itself, by the name people say."""

from dataclasses import dataclass
from typing import Literal

SubjectKind = Literal[
    "device",
    "link",
    "site",
    "circuit",
    "interface",
    "peer",
    "sensor",
    "region",
    "credential",
    "poller",
    "own",
    "contract",
    "institution",
    "point",
    "diversity",
]


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """`key` is unique among its kind: `dod-pe-1`, `up-tix-1`, `dod-pe-1:ge-0/0/1`, `dod-pe-1 10.0.0.1`.

    `device` is the device it is a part of (of a device itself: its own key); "" for links, circuits, contracts, sites,
    regions and for what is the NOC's own.
    """

    kind: SubjectKind
    key: str
    device: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

"""What the board holds about each device, link and site: the evidence on one side, what is shown on the other."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from alerts.anchors import AnchorWatch
from alerts.liveness import DeviceWatch
from alerts.ports import PortWatch
from inventory.model import Device, Link, Site
from inventory.states import Reason, State

HIGHEST_RATIO = 1.1  # of the committed rate; more is an error of data (SEMANTICS 29)
RATIOS = ("in_ratio", "out_ratio")
REFUSED = "rate-refused"
GONE = frozenset({State.DOWN, State.UNREACHABLE})


@dataclass(slots=True)
class Shown:
    """What everybody sees. `cause` is the key of the root when something else is to blame."""

    state: State = State.UNKNOWN
    since: float | None = None
    reason: Reason = Reason.NONE
    cause: str = ""
    changed: bool = True  # since the row was last taken
    taken_at: float = 0.0  # `at` of the row last taken

    @property
    def gone(self) -> bool:
        return self.state in GONE


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the evidence says now."""

    state: State
    since: float | None
    reason: Reason = Reason.NONE
    cause: str = ""


@dataclass(slots=True)
class DeviceStanding:
    device: Device
    watch: DeviceWatch = field(default_factory=DeviceWatch)
    ports: dict[str, PortWatch] = field(default_factory=dict)  # declared-link interfaces
    doubtful: set[str] = field(default_factory=set)  # ports that must be read again soon
    links: dict[str, str] = field(default_factory=dict)  # interface -> link
    shown: Shown = field(default_factory=Shown)

    @property
    def at(self) -> float | None:
        return self.watch.at


@dataclass(slots=True)
class End:
    """One end of a link on a device of ours."""

    standing: DeviceStanding
    port: PortWatch


@dataclass(slots=True)
class LinkStanding:
    link: Link
    ends: tuple[End, ...]
    anchors: AnchorWatch = field(default_factory=AnchorWatch)
    shown: Shown = field(default_factory=Shown)
    figures: dict[str, float | str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    measured_at: float | None = None

    def take_figures(self, figures: Mapping[str, float], at: float) -> None:
        """A ratio beyond what the contract could carry is an error of data: the rate is shown, the ratio refused."""
        refused = {name for name in RATIOS if figures.get(name, 0.0) > HIGHEST_RATIO}
        self.figures = {name: value for name, value in figures.items() if name not in refused}
        self.flags = (REFUSED,) if refused else ()
        self.measured_at = at
        self.shown.changed = True

    def restore_figures(self, figures: Mapping[str, float | str], flags: tuple[str, ...]) -> None:
        """What was measured before a restart, with the time of it: whoever shows it knows how old it is."""
        self.figures = {name: value for name, value in figures.items() if name not in ("cause", "measured_at")}
        self.flags = flags
        at = figures.get("measured_at")
        self.measured_at = float(at) if at is not None else None

    @property
    def at(self) -> float | None:
        """Newest reading of a port that answers; with all ends silent, the newest time somebody tried."""
        read = [end.port.at for end in self.ends if end.port.at is not None and not end.standing.watch.silent]
        tried = [end.standing.watch.at for end in self.ends if end.standing.watch.at is not None]
        return max(read or tried, default=None)


@dataclass(slots=True)
class SiteStanding:
    site: Site
    devices: tuple[DeviceStanding, ...] = ()
    links: tuple[LinkStanding, ...] = ()  # those that serve this site, not those that it serves others with
    shown: Shown = field(default_factory=Shown)

    @property
    def at(self) -> float | None:
        return max((each.at for each in self.devices if each.at is not None), default=None)

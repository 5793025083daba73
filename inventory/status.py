"""How one link, site or device stands now: the row that the daemon keeps and every status answer is made of.

Standard library only: `noc link status` must start in the blink of an eye.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["link", "site", "device"]


@dataclass(frozen=True, slots=True)
class StatusRow:
    """`labels` are what selectors ask for and people read; they change only with the inventory.

    labels of a link: name, region (of the b end, else a), regions, site, kind (link role), provider, circuit,
        a, b (ends as text), in_committed_bps, out_committed_bps, name_sw
    labels of a site: name, name_sw, kind, region, institutions, devices
    labels of a device: name, site, region, kind (site kind), role, address
    figures of a link: in_bps, out_bps, in_ratio, out_ratio, errors_ps, discards_ps, measured_at (UTC seconds of these)
    figures of a device: rtt_ms, loss_ratio, uptime_s
    figures of a site: devices_up, devices, links_up, links
    figure of any of them while it is unreachable: cause (key of the root, a device or a link)
    A figure that is not known is absent.
    """

    kind: Kind
    key: str
    labels: Mapping[str, str | float | list[str]] = field(default_factory=dict)
    state: str = "unknown"
    since: float | None = None  # UTC seconds since when the state holds; None: not known
    reason: str = ""
    flags: tuple[str, ...] = ()
    at: float | None = None  # UTC seconds of the newest answer behind this row; None: none yet
    figures: Mapping[str, float | str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DaemonMark:
    """The daemon's own line beside the rows: who wrote them and when last."""

    at: float = 0.0  # UTC seconds of the last write
    started: float = 0.0
    pid: int = 0
    version: str = ""
    stopped: float | None = None  # UTC seconds of a clean stop
    stale_after_s: float = 12.5  # 2.5 liveness intervals
    counters_every_s: float = 30.0
    blind_since: float | None = None  # since when the poller is cut off from the network (SEMANTICS 21); None: it sees


@dataclass(frozen=True, slots=True)
class JudgedMark(DaemonMark):
    """A line that was dated `ahead_s` ahead of the clock of who looks on: its times are moved back by that.

    `at` is when the line was last seen to change, by the looker's own clock.
    """

    ahead_s: float = 0.0

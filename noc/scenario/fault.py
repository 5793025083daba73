"""A fault as it truly is: what was broken when, what of it can be seen from afar, and what has to be told about it."""

from dataclasses import dataclass, field
from typing import Any, Literal

FaultKind = Literal[
    "device",  # a router, silent by itself
    "link",  # a cut that takes devices with it
    "circuit",  # carries nothing, with our port up
    "power",  # of a site or a region
    "redundancy",  # a link, with another way left; a member of a LAG
    "agent",
    "credentials",
    "routing",
    "quality",
    "capacity",
    "reboot",
    "poller",
]
Duty = Literal["must", "may", "never"]
RANKS = ("critical", "major", "minor", "warning", "info")
PAGING = RANKS[:2]
TELLING_S = {"critical": 7.0, "major": 23.0, "minor": 60.0}  # SEMANTICS D, from the first evidence
PAGED_S = {"critical": 15.0, "major": 30.0}  # the latest, from the fault itself
HOLD_S = 120.0  # what is good for less is not good again


@dataclass(frozen=True, slots=True)
class Quiet:
    """A maintenance window or a silence: half-open [from_s, to_s), seconds since the start, over these keys."""

    from_s: float
    to_s: float
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Deaf:
    """When no message could go out (`gateway`), or only by the second way (`detour`), or nobody was watching (`daemon`,
    `poller`); seconds since the start."""

    from_s: float
    to_s: float
    what: Literal["gateway", "detour", "daemon", "poller"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Times are seconds since the start of the lab; keys are those of the inventory.

    `indistinguishable`: naming any of these as the root is right (SEMANTICS D). `members` are the devices that cannot
    be reached because of it, those already gone for another reason left out; these and what else hangs there may be
    named too (`spare`). `stretches`: when it was bad; a fault that comes back within the clear hold is one fault.
    """

    id: str
    kind: FaultKind
    from_s: float
    to_s: float | None
    indistinguishable: frozenset[str]
    members: frozenset[str] = frozenset()
    spare: frozenset[str] = frozenset()
    sites: tuple[str, ...] = ()
    institutions: tuple[str, ...] = ()
    severity: str = "minor"
    accepted: frozenset[str] = frozenset()  # other severities that are as right
    told: Duty = "must"  # whether an incident is opened
    page: Duty = "never"
    due_s: float | None = None  # when a page has to be handed to a channel at the latest
    not_before_s: float | None = None  # the window's end: a page before it is a false one
    stretches: tuple[tuple[float, float | None], ...] = field(default=())
    residual: bool = False  # what is left of another fault: that one's incident may go on to stand for it
    blind: bool = False  # nothing was seen of its beginning: no delay is measured

    @property
    def pages(self) -> bool:
        return self.page == "must"

    @property
    def in_window(self) -> bool:
        """It began in maintenance or under a silence."""
        return self.not_before_s is not None

    def to_json(self) -> dict[str, Any]:
        """Stable keys; sets as sorted lists."""
        return {
            "id": self.id,
            "kind": self.kind,
            "from_s": round(self.from_s, 3),
            "to_s": None if self.to_s is None else round(self.to_s, 3),
            "indistinguishable": sorted(self.indistinguishable),
            "members": sorted(self.members),
            "sites": list(self.sites),
            "institutions": list(self.institutions),
            "severity": self.severity,
            "told": self.told,
            "page": self.page,
            "due_s": None if self.due_s is None else round(self.due_s, 3),
            "in_window": self.in_window,
        }

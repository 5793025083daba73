"""What is broken at this moment in the simulated network, and what has been set by hand."""

from dataclasses import dataclass, field


@dataclass
class Damage:
    """Keys are device and link names. A thing broken for two causes stays broken until both are mended."""

    dark: dict[str, set[str]] = field(default_factory=dict)  # device -> causes of its silence
    unlit: dict[str, set[str]] = field(default_factory=dict)  # device -> causes that take its neighbours' ports down
    cut: dict[str, set[str]] = field(default_factory=dict)  # link -> causes of its cut: both ends read down
    members: set[tuple[str, int]] = field(default_factory=set)  # (link, number) of LAG members down
    half: dict[str, set[str]] = field(default_factory=dict)  # link -> devices whose end alone reads down
    circuits: set[str] = field(default_factory=set)  # circuits cut beyond our port
    ports: dict[tuple[str, str], bool] = field(default_factory=dict)  # (device, interface) without link -> down
    recabled: dict[str, str] = field(default_factory=dict)  # link -> the link whose far end its cable is plugged into
    loss: dict[str, float] = field(default_factory=dict)  # link -> ratio
    latency: dict[str, float] = field(default_factory=dict)  # link -> ms more, one way and the other together
    traffic: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)  # link -> level in, out
    sessions: dict[tuple[str, str], bool] = field(
        default_factory=dict
    )  # (device, link) whose BGP is down -> by our own will

    def darken(self, device: str, cause: str, *, ports: bool) -> None:
        self.dark.setdefault(device, set()).add(cause)
        if ports:
            self.unlit.setdefault(device, set()).add(cause)

    def lighten(self, device: str, cause: str) -> bool:
        """Take one cause away; True when that made the device live again."""
        for causes in (self.dark, self.unlit):
            if device in causes:
                causes[device].discard(cause)
        if device not in self.dark or self.dark[device]:
            return False
        del self.dark[device]
        self.unlit.pop(device, None)
        return True

    def dead(self, link: str, circuit: str) -> bool:
        """Nothing passes over the link itself, whatever its ports say."""
        return bool(self.cut.get(link)) or bool(self.half.get(link)) or circuit in self.circuits

    def port_down(self, link: str, device: str, far: str) -> bool:
        """The port of `link` on `device` reads down."""
        return bool(self.cut.get(link)) or device in self.half.get(link, ()) or bool(self.unlit.get(far))

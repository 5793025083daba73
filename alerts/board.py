"""The board: every device, link and site as it stands now, fed by probes and counters, read by everybody."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from alerts.blind import Witnesses
from alerts.cuts import Cuts
from alerts.links import judge_link
from alerts.series import CALM_S, KEEN_S, MORE_QUICK
from alerts.sites import judge_site
from alerts.standing import DeviceStanding, LinkStanding, Ruling, Shown
from alerts.standings import AnyStanding, build
from alerts.transition import Round, Transition
from inventory.model import Inventory, Probe
from inventory.states import Reason, State
from inventory.status import Kind, StatusRow
from inventory.topology import Topology

FRESHEN_S = 4.0  # less than the interval of liveness, so that every round makes a row younger
STATE_CODES = {State.UP: 0, State.DEGRADED: 1, State.UNKNOWN: 2, State.UNREACHABLE: 3, State.DOWN: 4}


class Board:
    """Feed it as results come; feeds and `sweep` say what changed.

    What an answer or a port shows is judged at once; who among the silent is down and who is only behind it needs
    the whole picture, and is judged by `sweep`, to be called at least once a second.
    Time is UTC seconds and comes with every call. `gateway` is the key of the poller's default gateway; without
    it the attachment serves as such.
    """

    def __init__(self, inventory: Inventory, topology: Topology, *, gateway: str = "") -> None:
        self._all = build(inventory)
        self._topology = topology
        self._gateway = gateway or topology.attached_to
        self._witnesses = Witnesses(self._gateway)
        self._cuts = Cuts(topology, self._all.devices, self._witnesses)
        self._links: set[str] = set()  # to be judged again
        self._sites: set[str] = set(self._all.sites)
        self._devices: set[str] = set()
        self._transitions: list[Transition] = []
        self._was_blind = False
        self._unjudged = False  # something that only a sweep can judge

    # what comes in

    def feed_pulse(self, pulse: Round) -> Sequence[Transition]:
        """Take one liveness round."""
        standing = self._all.devices.get(pulse.device)
        if standing is None:
            return ()
        watch = standing.watch
        moved = watch.feed(
            pulse.asked_at, pulse.at, pulse.rtts_ms, refused=pulse.refused, uptime_ticks=pulse.uptime_ticks
        )
        if pulse.rtts_ms and (not standing.shown.gone or pulse.device == self._gateway):
            rtts = _testimony(pulse.rtts_ms)
            self._witnesses.note(pulse.at, pulse.device, len(rtts), sum(rtt is None for rtt in rtts))
        if moved or self._dead_by_ports(standing):
            self._moved(standing)
        if watch.nearly_proven:  # what its neighbours answer from now on is young enough when the series ends
            self._cuts.doubt(pulse.device)
        self._unjudged = self._unjudged or self._cuts.awaits(pulse.device)
        for interface, oper in pulse.ports.items():
            self._read_port(standing, interface, pulse.at, (None, oper))
        return self._judge(pulse.at)

    def feed_ports(
        self, device: str, at: float, statuses: Mapping[str, tuple[int | None, int | None]], *, whole: bool = True
    ) -> Sequence[Transition]:
        """Take (ifAdminStatus, ifOperStatus) by interface; `whole`: what is absent here the device does not have."""
        standing = self._all.devices.get(device)
        if standing is None:
            return ()
        for interface, port in standing.ports.items():
            status = statuses.get(interface)
            if status is not None:
                self._read_port(standing, interface, at, status)
            elif whole and port.miss():
                self._links.add(standing.links[interface])
        return self._judge(at)

    def claim_port(self, device: str, interface: str, at: float, *, down: bool) -> bool:
        """A device says unasked that a port went down or up; False where no declared link hangs on it (SEMANTICS 13)."""
        standing = self._all.devices.get(device)
        port = standing.ports.get(interface) if standing is not None else None
        if port is None:
            return False
        port.claim(at, down=down)
        return True

    def port_state(self, device: str, interface: str) -> State | None:
        """What readings prove of a declared link's port; None where there is no such port."""
        standing = self._all.devices.get(device)
        port = standing.ports.get(interface) if standing is not None else None
        return port.state if port is not None else None

    def feed_anchor(self, circuit: str, at: float, answers: Mapping[str, float | None]) -> Sequence[Transition]:
        """Take one round of a circuit's anchors, address -> milliseconds (None: lost)."""
        for link in self._all.circuits.get(circuit, ()):
            if self._all.links[link].anchors.feed(at, answers.values()):
                self._links.add(link)
        return self._judge(at)

    def set_link_figures(self, link: str, figures: Mapping[str, float], at: float) -> None:
        """Figures as in `inventory.status`, measured at `at`; ratios no contract allows are refused (SEMANTICS 29)."""
        standing = self._all.links.get(link)
        if standing is not None:
            standing.take_figures(figures, at)

    # what is to be done

    def next_due(self, device: str) -> float:
        """Seconds from the last round of this device until its next one: 5, or 0.5 while something is in doubt or untold."""
        standing = self._all.devices[device]
        watch = standing.watch
        if watch.silent:
            root = standing.shown.state is State.DOWN and watch.reach.untold
            return KEEN_S if root else watch.next_ask_s
        return KEEN_S if standing.doubtful else watch.next_ask_s

    def anchor_due(self, circuit: str) -> float:
        """Seconds until the anchors of this circuit are asked again."""
        links = self._all.circuits.get(circuit, ())
        return min((self._all.links[link].anchors.next_ask_s for link in links), default=CALM_S)

    @property
    def urgent(self) -> bool:
        """Somebody is to be hurried, or something was proven that only a sweep can judge: sweep now, not in a while."""
        return self._unjudged or bool(self._cuts.hurried)

    def hurried(self) -> tuple[str, ...]:
        """Devices to be asked at once, outside their turn, because others wait for their answer; given once."""
        found = tuple(sorted(self._cuts.hurried))
        self._cuts.hurried.clear()
        return found

    def silent(self, device: str) -> bool:
        """Known silent: only the cheap probe is worth sending (SEMANTICS 9)."""
        return self._all.devices[device].watch.silent

    @property
    def blind_since(self) -> float | None:
        """UTC seconds since when the poller is isolated and all states are frozen; None: it sees."""
        return self._witnesses.blind_since

    # what comes out

    def sweep(self, now: float) -> Sequence[Transition]:
        """Judge the silent, and all that follows from it."""
        self._unjudged = False
        for device, verdict in self._cuts.settle(now).items():
            self._show_device(device, verdict, now)
        self._mark_blindness(now)
        return self._judge(now)

    def rows(self) -> Iterator[StatusRow]:
        """All rows: devices, links, sites."""
        return (self._all.row(kind, key, standing) for kind, key, standing in self._all.each())

    def row(self, kind: Kind, key: str) -> StatusRow | None:
        """One of them; None where there is none such."""
        standing = self._all.of(kind, key)
        return self._all.row(kind, key, standing) if standing is not None else None

    def changed_rows(self, at_every_s: float = FRESHEN_S) -> Iterator[StatusRow]:
        """Rows that changed since they were last taken, or whose newest answer is that much newer."""
        for kind, key, standing in self._all.each():
            shown, at = standing.shown, standing.at or 0.0
            if shown.changed or at - shown.taken_at >= at_every_s:
                shown.changed, shown.taken_at = False, at
                yield self._all.row(kind, key, standing)

    def state_codes(self) -> dict[str, int]:
        """Device -> 0 up, 1 degraded, 2 unknown, 3 unreachable, 4 down (the quantity `state`)."""
        return {key: STATE_CODES[standing.shown.state] for key, standing in self._all.devices.items()}

    def standings(self) -> Iterator[tuple[Kind, str, State, float | None, Reason]]:
        """Every device, link and site: kind, key, state, since when (UTC seconds), reason."""
        for kind, key, standing in self._all.each():
            yield kind, key, standing.shown.state, standing.shown.since, standing.shown.reason

    def restore(self, rows: Iterable[StatusRow], blind_since: float | None = None) -> None:
        """Go on from the rows of before a restart or a new inventory: states and their `since` survive, and blindness."""
        self._witnesses.restore(blind_since)
        for row in rows:
            standing = self._all.of(row.kind, row.key)
            if standing is None:
                continue
            reason = Reason(row.reason) if row.reason not in (Reason.BLIND, Reason.STALE) else Reason.NONE
            cause = str(row.figures.get("cause", ""))
            standing.shown = Shown(State(row.state), row.since, reason, cause)
            self._restore_evidence(row, standing)

    def _restore_evidence(self, row: StatusRow, standing: AnyStanding) -> None:
        shown = standing.shown
        if isinstance(standing, DeviceStanding):
            standing.watch.state = State.DOWN if shown.gone else shown.state
            standing.watch.since, standing.watch.reason, standing.watch.at = shown.since, shown.reason, row.at
            if shown.gone:
                self._cuts.fell_silent(row.key)
        elif isinstance(standing, LinkStanding):
            standing.restore_figures(row.figures, row.flags)
            if shown.state is State.DOWN:
                self._cuts.reconsider(row.key, (), 0.0, down=True, shut=shown.reason is Reason.ADMIN_DOWN)

    # how it is judged

    def _moved(self, standing: DeviceStanding) -> None:
        key, watch = standing.device.key, standing.watch
        self._devices.add(key)
        self._sites.add(standing.device.site)
        if watch.silent and watch.settled:
            for port in standing.ports.values():
                port.forget()
            standing.doubtful.clear()
            self._cuts.fell_silent(key)
            self._unjudged = True
        elif watch.suspicious:
            self._cuts.doubt(key)

    def _read_port(
        self, standing: DeviceStanding, interface: str, at: float, status: tuple[int | None, int | None]
    ) -> None:
        port = standing.ports.get(interface)
        admin, oper = status
        if port is None or oper is None:
            return
        told = port.feed(at, oper, admin)
        if port.first_down is not None or standing.doubtful:
            (standing.doubtful.add if port.untold else standing.doubtful.discard)(interface)
        if not told:
            return
        if port.first_down is not None:
            self._ask_far_ends(standing, standing.links[interface])
        self._links.add(standing.links[interface])

    def _ask_far_ends(self, standing: DeviceStanding, link: str) -> None:
        """A port that goes dark is the first evidence against whoever is at its other end, and who hangs on that."""
        for end in self._all.links[link].ends:
            if end.standing is not standing and not end.standing.watch.silent:
                self._cuts.suspect(end.standing.device.key)

    def _dead_by_ports(self, standing: DeviceStanding) -> bool:
        watch = standing.watch
        enough = watch.suspicious and watch.reach.lost > MORE_QUICK
        return enough and self._ports_say_dead(standing) and watch.confirm_quickly()

    def _ports_say_dead(self, standing: DeviceStanding) -> bool:
        """Every live neighbour has a port towards this device, and all of them were just read down."""
        first = standing.watch.reach.first or 0.0
        said = []
        for far, link in self._topology.neighbours(standing.device.key):
            if not self._all.devices[far].watch.silent:
                port = next(end.port for end in self._all.links[link].ends if end.standing.device.key == far)
                said.append(port.first_down is not None and (port.at or 0.0) >= first)
        return bool(said) and all(said)

    def _judge(self, now: float) -> Sequence[Transition]:
        """In the order of what follows from what: devices that answer, links, sites."""
        if self._devices:
            self._judge_devices_that_answer(now)
        if self._links:
            self._judge_links(now)
        if self._sites:
            self._judge_sites(now)
        if not self._transitions:
            return ()
        found, self._transitions = self._transitions, []
        return found

    def _judge_devices_that_answer(self, now: float) -> None:
        for key in sorted(self._devices):
            watch = self._all.devices[key].watch
            if not watch.silent:
                self._cuts.came_back(key, now)
                self._show_device(key, Ruling(watch.state, watch.since, watch.reason), now)
        self._devices.clear()

    def _judge_links(self, now: float) -> None:
        for key in sorted(self._links):
            standing = self._all.links[key]
            verdict = judge_link(standing)
            if verdict is None:
                continue
            before = standing.shown.state, standing.shown.reason
            if self._show("link", key, standing.shown, verdict, now) and before != (verdict.state, verdict.reason):
                ends = [end.standing.device.key for end in standing.ends]
                shut = verdict.reason is Reason.ADMIN_DOWN
                moved = before[0] is not verdict.state  # where only the reason is another, nothing came back
                down, up = verdict.state is State.DOWN, moved and verdict.state is not State.UNREACHABLE
                self._cuts.reconsider(key, ends, now, down=down, shut=shut, up=up)
                self._sites.update(self._all.sites_on[key])
        self._links.clear()

    def _judge_sites(self, now: float) -> None:
        for key in sorted(self._sites):
            site = self._all.sites[key]
            verdict = judge_site(site)
            if verdict is not None:
                self._show("site", key, site.shown, verdict, now)
        self._sites.clear()

    def _show_device(self, key: str, verdict: Ruling, now: float) -> None:
        standing = self._all.devices[key]
        if self._show("device", key, standing.shown, verdict, now):
            self._sites.add(standing.device.site)
            for link in self._all.links_on[key]:
                self._links.add(link)
                self._sites.update(self._all.sites_on[link])

    def _mark_blindness(self, now: float) -> None:
        """While the poller is isolated, silent devices keep their states, and it is said why."""
        blind = self._witnesses.blind
        if not blind and not self._was_blind:
            return
        self._was_blind = blind
        for key, standing in self._all.devices.items():
            shown = standing.shown
            if standing.watch.silent and not shown.gone:
                reason = Reason.BLIND if blind else Reason.NONE
                self._show_device(key, Ruling(shown.state, shown.since, reason, shown.cause), now)

    def _show(self, kind: Kind, key: str, shown: Shown, verdict: Ruling, now: float) -> bool:
        """`since` holds as long as the state does; between down and unreachable the silence is the same one."""
        before = shown.state
        since = shown.since if before is verdict.state and shown.since is not None else verdict.since
        after = (verdict.state, since, verdict.reason, verdict.cause)
        if after == (before, shown.since, shown.reason, shown.cause):
            return False
        blind = Reason.BLIND in (verdict.reason, shown.reason)  # said once, by `blind_since`, not for every row
        told = before is not verdict.state or (shown.reason is not verdict.reason and not blind)
        shown.state, shown.since, shown.reason, shown.cause = after
        shown.changed = True
        if told:
            self._transitions.append(
                Transition(kind, key, before.value, verdict.state.value, since, verdict.reason.value, now)
            )
        return True


def _testimony(rtts_ms: Mapping[Probe, float | None]) -> Sequence[float | None]:
    """Agents that are silent or slow say nothing about the way to them, where something else is asked too (SEMANTICS 46)."""
    found = [rtt for probe, rtt in rtts_ms.items() if probe.method != "snmp"]
    return found or list(rtts_ms.values())

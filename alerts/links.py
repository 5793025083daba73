"""How a link stands, from the ports at its ends and what is known of the devices there (SEMANTICS D, 41)."""

from collections.abc import Sequence

from alerts.standing import End, LinkStanding, Ruling
from inventory.states import Reason, State


def judge_link(standing: LinkStanding) -> Ruling | None:
    """None: the evidence does not suffice to change anything.

    With one end silent the far end decides; a port that reads up towards a dead device is a link that is up.
    """
    answering = [end for end in standing.ends if not end.standing.watch.silent]
    if not answering:
        return _silent(standing)
    downs = [end.port for end in answering if end.port.state is State.DOWN]
    if downs:
        since = min(port.since for port in downs if port.since is not None)
        reason = next((port.reason for port in downs if port.reason), Reason.NONE)
        return Ruling(State.DOWN, since, reason)
    if standing.anchors.lost and not _doubted(standing, answering):
        return Ruling(State.DOWN, standing.anchors.since, Reason.NO_PATH)
    ups = [end for end in answering if end.port.state is State.UP]
    if ups:
        return Ruling(State.UP, _up_since(standing, ups), _mute(ups))
    return _unknown(standing, answering)


def _silent(standing: LinkStanding) -> Ruling | None:
    ends = [end.standing for end in standing.ends]
    if not all(end.shown.gone for end in ends):
        return None
    since = max((end.shown.since for end in ends if end.shown.since is not None), default=None)
    return Ruling(State.UNREACHABLE, since, Reason.NONE, ends[0].shown.cause or ends[0].device.key)


def _doubted(standing: LinkStanding, ends: Sequence[End]) -> bool:
    """Anchors say nothing until the device in front of them answered a probe asked after they were lost."""
    since = standing.anchors.since or 0.0
    return all((end.standing.watch.answered_at or 0.0) <= since for end in ends)


def _up_since(standing: LinkStanding, ups: Sequence[End]) -> float | None:
    """A port that stayed up while its device could not be seen was seen up again only when that came back."""
    times = [max(end.port.since or 0.0, end.standing.watch.since or 0.0) for end in ups]
    since = max(min(times), standing.anchors.found_at or 0.0)
    shown = standing.shown
    return max(since, shown.since or 0.0) if shown.gone else since


def _mute(ups: Sequence[End]) -> Reason:
    """Nobody reads the ports any more: the last reading stands, and it is said why."""
    reasons = [end.standing.watch.reason for end in ups]
    return reasons[0] if all(reasons) else Reason.NONE


def _unknown(standing: LinkStanding, answering: Sequence[End]) -> Ruling | None:
    for reason in (end.port.reason for end in answering):
        if reason is Reason.NOT_SEEN:
            return Ruling(State.UNKNOWN, standing.at, reason)
    if all(end.port.at is None for end in answering):
        return None
    return Ruling(State.UNKNOWN, standing.at, _mute(answering))

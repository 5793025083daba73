"""What stands by itself: hardware and environment, restarts, a LAG that lost a member, the NOC's own troubles."""

from collections.abc import Iterator, Sequence

from alerts.alarm import Alarm
from alerts.causes.bundles import bundled, by_subject
from alerts.causes.draft import Draft
from alerts.causes.grounds import Grounds
from alerts.causes.recovery import BOOT_SLACK_S
from alerts.subject import Subject
from alerts.view import View


def condition_causes(alarms: Sequence[Alarm], grounds: Grounds, view: View) -> Iterator[Draft]:
    """Of one family: by device, else by subject; a link of which something is lost hurts whom it serves."""
    for bundle in by_subject(alarms):
        device = bundle[0].subject.device
        several = len({alarm.subject for alarm in bundle}) > 1
        draft = bundled(bundle, Subject("device", device, device) if device and several else bundle[0].subject)
        draft.over = draft.family == "restart" and _was_gone(bundle[-1], view)
        root = draft.roots[0]
        if root.kind == "link" and root.key in grounds.ends:
            draft.links.add(root.key)
        yield draft


def _was_gone(alarm: Alarm, view: View) -> bool:
    """Was it shown as gone around that restart? Then that was told as an outage."""
    row = view.row("device", alarm.subject.device)
    return row is not None and row.since is not None and row.since >= alarm.since - BOOT_SLACK_S

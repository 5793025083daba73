"""Agents that say nothing or refuse us: of many that refuse one credential it is the credential (SEMANTICS 46)."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from alerts.alarm import Alarm
from alerts.cause import Role
from alerts.causes.bundles import bundled, by_subject, in_time
from alerts.causes.draft import CHAIN_S, Draft, Element
from alerts.causes.grounds import Grounds
from alerts.subject import Subject
from alerts.view import View
from inventory.states import Reason

REFUSED = Reason.CREDENTIALS_REFUSED.value
MANY_REFUSE = 3  # devices of one credential: then it is the credential
REFUSED_WITHIN_S = 300.0


def agent_causes(
    alarms: Sequence[Alarm], grounds: Grounds, view: View, owner: Mapping[Element, Draft]
) -> Iterator[Draft]:
    """New causes; what began with the loss of its device is given to whoever owns that."""
    left = {alarm.key: alarm for alarm in alarms}
    for draft in _credentials(alarms, grounds, view):
        yield draft
        left = {key: alarm for key, alarm in left.items() if key not in draft.alarms}
    for bundle in by_subject(list(left.values())):
        device = bundle[0].subject.device
        lost = owner.get(("device", device))
        if lost is not None and bundle[0].since >= lost.at - CHAIN_S:
            for alarm in bundle:
                lost.take(alarm, Role.SYMPTOM)
        else:
            yield bundled(bundle, Subject("device", device, device) if device else bundle[0].subject)


def _credentials(alarms: Sequence[Alarm], grounds: Grounds, view: View) -> Iterator[Draft]:
    def credential_of(alarm: Alarm) -> str:
        return grounds.credentials.get(alarm.subject.device, "")

    refusing = [alarm for alarm in alarms if alarm.evidence.code == REFUSED or _refuses(alarm, view)]
    refusing.sort(key=lambda each: (credential_of(each), each.since, each.key))
    for credential, group in groupby(refusing, credential_of):
        for bundle in in_time(list(group), REFUSED_WITHIN_S):
            if credential and len({alarm.subject.device for alarm in bundle}) >= MANY_REFUSE:
                draft = bundled(bundle, Subject("credential", credential))
                draft.note("refused-by", credential=credential, count=len(bundle))
                yield draft


def _refuses(alarm: Alarm, view: View) -> bool:
    row = view.row("device", alarm.subject.device)
    return row is not None and row.reason == REFUSED

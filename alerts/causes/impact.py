"""Whom a fault hurts: sites, institutions, services, regions, circuits (SEMANTICS D)."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from alerts.cause import Impact
from alerts.causes.draft import Draft
from alerts.causes.grounds import Grounds


def allot(drafts: Sequence[Draft], grounds: Grounds) -> None:
    """Give each site and region that is wholly gone to the draft that took its last device or site."""
    ordered = sorted(drafts, key=lambda each: each.order)
    taken: dict[str, Draft] = {device: draft for draft in ordered for device in draft.gone}
    inventory = grounds.inventory
    sites = sorted({inventory.devices[device].site for device in taken})
    gone: dict[str, Draft] = {}
    for draft in drafts:
        draft.sites, draft.regions = set(), set()
    for site in sites:
        owners = [taken.get(device.key) for device in inventory.devices_at[site]]
        last = _last(owners)
        if last is not None:
            last.sites.add(site)
            gone[site] = last
            _remember(last, owners)
    for region in sorted({inventory.sites[site].region for site in gone}):
        _allot_region(region, gone, taken, grounds)


def _allot_region(region: str, gone: Mapping[str, Draft], taken: Mapping[str, Draft], grounds: Grounds) -> None:
    """Gone is a region without any member; where it has but one, nothing else of ours may answer there either."""
    members = grounds.regions.get(region, ())
    last = _last([gone.get(site) for site in members])
    alone = len(members) == 1 and not all(device in taken for device in grounds.devices_in[region])
    if last is not None and not alone:
        last.regions.add(region)


def _last(owners: Sequence[Draft | None]) -> Draft | None:
    """The latest of them; None unless every one is there, and none is good again while another is not."""
    known = [draft for draft in owners if draft is not None]
    whole = len(known) == len(owners) and len({draft.bad for draft in known}) == 1
    return max(known, key=lambda each: each.order) if whole else None


def _remember(last: Draft, owners: Iterable[Draft | None]) -> None:
    """What took the other devices of the site before is redundancy lost earlier."""
    for draft in owners:
        if draft is not None and draft is not last:
            last.before(draft)


def impact_of(draft: Draft, grounds: Grounds, gone: Collection[str]) -> Impact:
    """`gone`: sites of which nothing answers, by whatever cause."""
    inventory = grounds.inventory
    return Impact(
        sites=tuple(sorted(site for site in draft.sites if inventory.sites[site].member)),
        institutions=tuple(sorted(each.key for site in draft.sites for each in inventory.institutions_at[site])),
        services=tuple(sorted({each for site in draft.sites for each in grounds.services_at.get(site, ())})),
        regions=tuple(sorted(draft.regions)),
        devices=tuple(sorted(draft.devices)),
        degraded=tuple(sorted(_degraded(draft, grounds) - set(gone))),
        circuits=tuple(sorted(draft.circuits)),
        core=not grounds.cores.isdisjoint(draft.gone),
        datacentre=any(inventory.sites[site].kind == "datacentre" for site in draft.sites),
    )


def _degraded(draft: Draft, grounds: Grounds) -> set[str]:
    """Member sites that lost a device, or a link or the router that it leads to, and still answer."""
    inventory = grounds.inventory
    lost = draft.links | {link.key for device in draft.devices for link in inventory.links_of[device]}
    hit = {inventory.devices[device].site for device in draft.devices}
    hit.update(site for link in lost for site in grounds.serving.get(link, ()))
    return {site for site in hit if inventory.sites[site].member}

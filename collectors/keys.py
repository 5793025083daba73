"""The lasting name of each interface, unique on its device whatever the device repeats (SEMANTICS 5 and 39)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from sys import intern

from collectors.interface import Interface

Preference = Callable[[Interface], tuple[int, ...]]  # the least one keeps the plain name


def unique_keys(interfaces: Sequence[Interface], preference: Preference) -> tuple[str, ...]:
    """One key per interface, in order: ifName, else ifDescr, else ifAlias, else ifIndex.

    Where a name repeats and ifDescr tells the rows apart, all of them carry it: "1 (slot 2 port 1)". Where even that
    repeats (an interface made anew while its old row stays), the preferred row keeps the name and the others get their
    ifIndex: "ppp0 #17". The same list gives the same keys.
    """
    names = _with_descriptions(interfaces)
    winners = _winners(zip(names, interfaces, strict=True), preference)
    taken = set(winners)
    keys = []
    for name, interface in zip(names, interfaces, strict=True):
        if winners[name] == interface.index:
            keys.append(intern(name))
            continue
        key = f"{name} #{interface.index}"
        while key in taken:
            key += "#"
        taken.add(key)
        keys.append(intern(key))
    return tuple(keys)


def _with_descriptions(interfaces: Sequence[Interface]) -> list[str]:
    count = Counter(each.label for each in interfaces)
    descriptions: dict[str, set[str]] = {}
    for each in interfaces:
        if count[each.label] > 1:
            descriptions.setdefault(each.label, set()).add(each.descr or "")
    telling = {label for label, found in descriptions.items() if len(found) > 1}
    return [
        f"{each.label} ({each.descr})" if each.label in telling and each.descr else each.label for each in interfaces
    ]


def _winners(named: Iterable[tuple[str, Interface]], preference: Preference) -> Mapping[str, int]:
    """Name -> ifIndex of the row that keeps it."""
    best: dict[str, Interface] = {}
    for name, interface in named:
        rival = best.get(name)
        if rival is None or preference(interface) < preference(rival):
            best[name] = interface
    return {name: interface.index for name, interface in best.items()}

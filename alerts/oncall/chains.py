"""Escalation: whom to tell at once, whom after ten minutes, and which chain an incident goes by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from inventory.selector import Selector

SUPERVISOR = "supervisor"
ESCALATE_S = 600.0
LABELS = ("severity", "family", "kind", "region", "site", "institution", "device", "link", "circuit", "provider")


@dataclass(frozen=True, slots=True)
class Step:
    """`after_s` counts from when the incident was told; targets: schedule:NAME, contact:KEY or supervisor."""

    after_s: float
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """`mail`: contacts that get every mail of the incident, whatever its severity."""

    name: str
    steps: tuple[Step, ...]
    mail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """The first route whose selector matches an incident's labels decides."""

    selector: Selector
    chain: str
    mail: tuple[str, ...] | None = None  # None: the desk


def escalating(target: str) -> tuple[Step, ...]:
    """The steps of those who have written none: at once, and after ten minutes with the supervisor."""
    return Step(0.0, (target,)), Step(ESCALATE_S, (target, SUPERVISOR))


def loop_in(chains: Mapping[str, tuple[Step, ...]]) -> tuple[str, ...]:
    """A round of chains that name each other, the first repeated at its end; () where there is none."""
    done: set[str] = set()
    for start in chains:
        found = _walk(chains, start, (), done)
        if found:
            return found
    return ()


def _walk(chains: Mapping[str, tuple[Step, ...]], name: str, path: tuple[str, ...], done: set[str]) -> tuple[str, ...]:
    if name in path:
        return (*path[path.index(name) :], name)
    if name in done or name not in chains:
        return ()
    done_here = (found for named in _named(chains[name]) if (found := _walk(chains, named, (*path, name), done)))
    found = next(done_here, ())
    if not found:
        done.add(name)
    return found


def _named(steps: tuple[Step, ...]) -> Iterator[str]:
    for step in steps:
        yield from (target.partition(":")[2] for target in step.targets if target.startswith("chain:"))


def unfolded(
    chains: Mapping[str, tuple[Step, ...]], name: str, done: dict[str, tuple[Step, ...]] | None = None
) -> tuple[Step, ...]:
    """The steps of a chain with those of the chains that it goes on by, in time; there must be no loop."""
    done = {} if done is None else done
    if name in done:
        return done[name]
    at: dict[float, dict[str, None]] = {}
    for step in chains[name]:
        for target in step.targets:
            kind, _, named = target.partition(":")
            if kind != "chain":
                at.setdefault(step.after_s, {})[target] = None
                continue
            for further in unfolded(chains, named, done):
                at.setdefault(step.after_s + further.after_s, {}).update(dict.fromkeys(further.targets))
    done[name] = tuple(Step(after_s, tuple(targets)) for after_s, targets in sorted(at.items()))
    return done[name]

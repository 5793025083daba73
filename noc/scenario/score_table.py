"""A score as lines of text, 80 columns wide: faults and how they were told, then everything that was wrong."""

from collections.abc import Iterator
from textwrap import wrap

from noc.scenario.fault import Fault
from noc.scenario.score import Score, Told

_WIDE = 80


def lines_of(score: Score) -> list[str]:
    """Words first: the verdict, the faults, the findings."""
    return [verdict(score), *_faults(score), *_findings(score)]


def verdict(score: Score) -> str:
    """One line for a whole run."""
    counts = score.to_json()
    wrong = [
        f"{counts[key]} {words}"
        for key, words in (
            ("false_pages", "false pages"),
            ("missed", "missed"),
            ("wrong_root", "wrong roots"),
            ("wrong_members", "wrong members"),
            ("wrong_severity", "wrong severities"),
            ("extra_incidents", "incidents too many"),
            ("recoveries", "recoveries wrong"),
            ("unexpected", "promises broken"),
        )
        if counts[key]
    ]
    told = f"{counts['faults']} faults, {counts['incidents']} incidents, {sum(score.pages.values())} messages that wake"
    return f"{'all right' if score.clean else 'WRONG: ' + ', '.join(wrong)}: {told}"


def _faults(score: Score) -> Iterator[str]:
    if not score.told:
        return
    yield f"{'fault':<5} {'kind':<11} {'severity':<8} {'from':>7} {'open':>6} {'page':>6}  root"
    for one in score.told:
        yield _fault(one.fault, one)[:_WIDE]


def _fault(fault: Fault, one: Told) -> str:
    root = one.root or f"({'/'.join(sorted(fault.indistinguishable)[:2])}: not told)"
    opened, paged = _seconds(one.opened_after_s), _seconds(one.paged_after_s)
    window = " in a window" if fault.in_window else ""
    return f"{fault.id:<5} {fault.kind:<11} {fault.severity:<8} {fault.from_s:>7.0f} {opened:>6} {paged:>6}  {root}{window}"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _findings(score: Score) -> Iterator[str]:
    for finding in score.findings:
        about = f"{finding.fault} " if finding.fault else ""
        number = f"#{finding.incident} " if finding.incident is not None else ""
        at = f" at {finding.at_s:.0f} s" if finding.at_s is not None else ""
        yield from wrap(f"{finding.error}: {about}{number}{finding.text}{at}", _WIDE, subsequent_indent="    ")

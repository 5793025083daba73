"""What a status table shows, before anybody lays it out: worst first, and how old everything is."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from dashboards import figures
from dashboards.words import ENGLISH, Words
from inventory.model import MEMBER_KINDS
from inventory.states import WORST_FIRST
from inventory.status import DaemonMark, JudgedMark, Kind, StatusRow

RANK: Mapping[str, int] = {state.value: place for place, state in enumerate(WORST_FIRST)}
STALE_INTERVALS = 2.5
FAST_S = 2.0  # a line may be dated so far ahead before its clock is called fast
SORTS = ("worst", "name", "use", "since")


@dataclass(frozen=True, slots=True)
class Age:
    """How old what is shown may be before it is called old. All in UTC seconds."""

    now: float
    stale_after_s: float
    silent_since: float | None  # last write of a daemon that writes no more, or sees no more; None: it writes and sees
    stopped: bool = False
    blind: bool = False  # it writes, and the poller is cut off from the network: all that is shown is of before
    rates_stale_after_s: float = 75.0
    ahead_s: float = 0.0  # by which the daemon's clock was ahead of ours
    judged: bool = True  # by whether its line changes; else its date alone says that it writes

    @property
    def written(self) -> float:
        """The newest instant that what is shown can be of."""
        return self.now if self.silent_since is None else self.silent_since

    def measured(self, row: StatusRow) -> bool:
        """Are the row's rates of the time that its state is of? A link that cannot be seen carries nothing known."""
        at = row.figures.get("measured_at")
        if row.state == "unreachable" or not isinstance(at, int | float):
            return row.state != "unreachable"
        before = row.state == "down" and row.since is not None and at < row.since
        return not before and self.written - at <= self.rates_stale_after_s

    def stale(self, row: StatusRow) -> bool:
        return row.at is None or self.silent_since is not None or self.now - row.at > self.stale_after_s

    def stale_among(self, rows: Mapping[str, StatusRow]) -> Set[str]:
        """Keys of those that are: as `stale` says of each, for thousands at once."""
        if self.silent_since is not None:
            return rows.keys()
        now, most = self.now, self.stale_after_s
        return {key for key, row in rows.items() if row.at is None or now - row.at > most}


@dataclass(frozen=True, slots=True)
class StatusView:
    kind: Kind
    rows: Sequence[StatusRow]  # selected, sorted
    total: int  # selected, before a limit
    counts: Mapping[str, int]  # state -> how many of those selected
    age: Age
    warnings: Sequence[str]
    heading: tuple[str, str]  # how many stand how; how fresh that is
    words: Words


def age_of(mark: DaemonMark | None, now: float) -> Age:
    if mark is None:
        return Age(now, STALE_INTERVALS * 5.0, silent_since=0.0)
    silent_since = mark.at if now - mark.at > mark.stale_after_s else None
    judged = isinstance(mark, JudgedMark)
    ahead_s = mark.ahead_s if isinstance(mark, JudgedMark) else mark.at - now
    ended = silent_since if mark.stopped is None else mark.stopped
    blind = ended is None and mark.blind_since is not None
    return Age(
        now,
        mark.stale_after_s,
        silent_since=mark.blind_since if blind else ended,
        stopped=mark.stopped is not None,
        blind=blind,
        rates_stale_after_s=STALE_INTERVALS * mark.counters_every_s,
        ahead_s=ahead_s if ahead_s > FAST_S else 0.0,
        judged=judged or ahead_s <= FAST_S,
    )


def silence(age: Age, words: Words) -> str:
    """What is wrong with the daemon's writing, in words; "" where nothing is."""
    said = []
    if age.silent_since is not None:
        clock = f"{figures.clock(age.silent_since, age.now)} {figures.ZONE}"
        sentence = words.sentences["blind" if age.blind else "stopped daemon" if age.stopped else "silent daemon"]
        said.append(sentence.format(age=figures.duration(age.now - age.silent_since, words.spans), clock=clock))
    if age.ahead_s:
        kind = "dated ahead" if not age.judged else "clock ahead" if age.silent_since is None else "clock was ahead"
        said.append(words.sentences[kind].format(ahead=figures.duration(age.ahead_s, words.spans)))
    return " ".join(said)


def view(
    kind: Kind,
    rows: Iterable[StatusRow],
    mark: DaemonMark | None,
    now: float,
    *,
    sort: str = "worst",
    limit: int = 0,
    words: Words = ENGLISH,
) -> StatusView:
    """`limit` 0: all. The counts are always of all that was selected."""
    age = age_of(mark, now)
    chosen = sorted(rows, key=sorting(sort))
    counts = Counter(row.state for row in chosen)
    return StatusView(
        kind=kind,
        rows=chosen[:limit] if limit else chosen,
        total=len(chosen),
        counts=counts,
        age=age,
        warnings=tuple(_warnings(chosen, mark, age, words)),
        heading=_heading(kind, counts, chosen, age, words),
        words=words,
    )


def sorting(sort: str) -> Callable[[StatusRow], tuple[object, ...]]:
    """What rows are ordered by; no two rows have the same."""
    ways: Mapping[str, Callable[[StatusRow], tuple[object, ...]]] = {
        "worst": lambda row: (RANK[row.state], not (row.reason or row.flags), -use(row), row.key),
        "name": lambda row: (row.key,),
        "use": lambda row: (-use(row), row.key),
        "since": lambda row: (-(row.since or 0.0), row.key),
    }
    return ways[sort]


def use(row: StatusRow) -> float:
    """The worse direction against its contract, a ratio; 0 where not known."""
    if row.state == "unreachable":
        return 0.0
    figure = row.figures.get
    into, out = float(figure("in_ratio", 0.0)), float(figure("out_ratio", 0.0))
    return into if into > out else out


def _heading(
    kind: Kind, counts: Mapping[str, int], rows: Sequence[StatusRow], age: Age, words: Words
) -> tuple[str, str]:
    one, several = words.kinds[kind]
    parts = [f"{counts[state]} {words.states[state]}" for state in reversed(WORST_FIRST) if counts.get(state)]
    text = words.sentences["count"].format(number=len(rows), word=one if len(rows) == 1 else several)
    members = sum(row.labels.get("kind") in MEMBER_KINDS for row in rows) if kind == "site" else 0
    if 0 < members < len(rows):
        text += f" ({words.sentences['members'].format(number=members)})"
    if parts:
        text += ": " + " · ".join(parts)
    newest = max((row.at for row in rows if row.at is not None), default=None)
    if newest is None:
        return text, ""
    newest = min(newest, age.written)
    fresh = words.sentences["fresh"].format(
        age=figures.duration(age.now - newest, words.spans), clock=f"{figures.clock(age.now, age.now)} {figures.ZONE}"
    )
    return text, fresh


def _warnings(rows: Sequence[StatusRow], mark: DaemonMark | None, age: Age, words: Words) -> Iterable[str]:
    if mark is None:
        yield words.sentences["no daemon"]
        return
    if said := silence(age, words):
        yield said
    if age.silent_since is not None:
        return
    stale = [row for row in rows if age.stale(row)]
    if stale:
        oldest = min((row.at for row in stale if row.at is not None), default=mark.started)
        yield words.sentences["stale rows"].format(
            number=len(stale), total=len(rows), age=figures.duration(age.now - oldest, words.spans)
        )


def note(row: StatusRow, words: Words) -> str:
    """Why it is so, where there is something to say: "agent silent", "behind dod-pe-1"."""
    parts = [words.reasons.get(each, each) for each in (row.reason, *row.flags) if each]
    cause = row.figures.get("cause")
    if cause:
        parts.append(words.sentences["behind"].format(cause=cause))
    return ", ".join(parts)


def sentence(row: StatusRow, now: float, words: Words = ENGLISH) -> str:
    """One line for people: "Up for 12 d; in 41 Mb/s of 100 Mb/s"."""
    since = row.since
    bare = "up bare" if row.state == "up" else "unknown"
    key = row.state if since is not None else bare
    text = words.sentences[key].format(
        duration=figures.duration(now - since, words.spans) if since is not None else "",
        clock=f"{figures.clock(since, now)} {figures.ZONE}" if since is not None else "",
    )
    why = note(row, words)
    parts = [f"{text} ({why})" if why else text, *_traffic(row, words)]
    return "; ".join(parts)


def _traffic(row: StatusRow, words: Words) -> Iterable[str]:
    for side in ("in", "out"):
        bps, committed = row.figures.get(f"{side}_bps"), row.labels.get(f"{side}_committed_bps")
        if isinstance(bps, int | float) and isinstance(committed, int | float):
            yield words.sentences["traffic"].format(
                side=words.headings[side], rate=figures.rate(bps), committed=figures.rate(committed)
            )

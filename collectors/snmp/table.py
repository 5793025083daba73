"""Reading a table: only the columns wanted, side by side, to their ends; what does not end by itself is cut off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from collectors.contract import Index, Oid, Value
from collectors.snmp import ber
from collectors.snmp.ber import BerError
from collectors.snmp.call import NOTHING, Call
from collectors.snmp.message import NO_ERROR, NO_SUCH_NAME, TOO_BIG, Answer, Content, Request, suffix, value

MOST_ROWS = 20_000  # of one column; the largest table on record has 4,692
MOST_COMPLETED = 2_000  # cells fetched one by one after a walk went astray
DATAGRAM = 1400
PER_BINDING = 24  # octets of a binding beside its column's name


@dataclass(slots=True)
class Column:
    """How far one column is read. `at` is the last name answered, at first the column itself."""

    place: int
    oid: Oid
    prefix: bytes
    at: bytes
    last: Index = ()
    rows: int = 0
    done: bool = False
    alone: bool = False  # asked by GETNEXT alone: it spoils the answers of others
    stuck: int = 0


class Walk:
    """One `table` call. `notes` names what was cut off, `cut_off` counts it."""

    def __init__(self, call: Call, columns: Sequence[Oid]) -> None:
        self.notes: list[str] = []
        self.cut_off = 0
        self._call = call
        self._columns = [Column(i, oid, b := ber.dotted_body(oid), b) for i, oid in enumerate(columns)]
        self._cells: dict[bytes, list[Content | None]] = {}  # by the index's octets, in the order met
        self._astray = False

    async def rows(self) -> Mapping[Index, Sequence[Value]]:
        """All rows; raises the call's failure when the device falls silent."""
        way = self._call.way
        while groups := self._groups():
            bulk = way.bulk
            rows = min(way.rows, self._fitting(groups[0]))
            requests = [self._request(group, rows if bulk else 0) for group in groups]
            replies = [self._call.read(data) for data in await self._call.ask(requests, 2 if bulk else 3)]
            if not self._call.heard:
                await self._call.probe([self._columns[0].prefix], 2, alone=False)
            for group, reply in zip(groups, replies, strict=True):
                self._settle(group, reply, rows if bulk and not group[0].alone else 0)
            if self._call.over and self._groups():
                raise self._call.failure()
        if self._astray:
            await self._complete()
        return {suffix(index, b""): [_value(content) for content in row] for index, row in self._cells.items()}

    def _groups(self) -> list[list[Column]]:
        """Columns still to read, cut into requests."""
        live = [column for column in self._columns if not column.done]
        groups = [[column] for column in live if column.alone]
        group: list[Column] = []
        for column in live:
            if column.alone:
                continue
            if group and (len(group) >= self._call.way.width or not self._fitting([*group, column])):
                groups.append(group)
                group = []
            group.append(column)
        return [*groups, group] if group else groups

    def _fitting(self, group: Sequence[Column]) -> int:
        """Rows of the group that fit a datagram."""
        return (DATAGRAM - self._call.speech.overhead) // sum(len(column.prefix) + PER_BINDING for column in group)

    def _request(self, group: Sequence[Column], rows: int) -> Request:
        names = [column.at for column in group]
        if rows and not group[0].alone:
            return self._call.request(ber.GETBULK, names, second=rows)
        return self._call.request(ber.GETNEXT, names)

    def _settle(self, group: Sequence[Column], reply: Answer | None, rows: int) -> None:
        """Take the rows of one answer, or ask otherwise. `rows` is 0 after a GETNEXT."""
        way = self._call.way
        if reply is None:
            self._unusable(group, rows)
        elif reply.status == NO_ERROR:
            way.silent = 0 if rows else way.silent
            self._take(group, reply)
        elif 0 < reply.index <= len(group) and reply.status != TOO_BIG:
            self._refused(group[reply.index - 1], reply)
        elif rows:
            if reply.status == TOO_BIG:
                way.fewer_rows()
            else:
                way.bulk = False
        elif len(group) > 1:
            way.narrower(len(group))
        else:
            self._cut(group[0], f"error status {reply.status}")

    def _unusable(self, group: Sequence[Column], rows: int) -> None:
        """Silence, or no answer that can be read."""
        way = self._call.way
        if rows:
            way.bulk_unanswered()
        elif len(group) > 1:
            way.narrower(len(group))
        else:
            group[0].stuck += 1
            if group[0].stuck > 2:
                raise self._call.failure()

    def _refused(self, column: Column, reply: Answer) -> None:
        """One column spoils the answer: leave it to itself, and when it fails again, give it up."""
        if reply.status == NO_SUCH_NAME:
            column.done = True
        elif not column.alone:
            column.alone = True
        else:
            self._cut(column, f"error status {reply.status}")

    def _take(self, group: Sequence[Column], reply: Answer) -> None:
        moved: set[int] = set()
        for i, name in enumerate(reply.names):
            column = group[i % len(group)]
            moved.add(column.place)
            if not column.done:
                self._cell(column, name, reply.content(i))
        for column in group[:1]:
            if column.place not in moved:  # an answer without anything
                column.stuck += 1
                if column.stuck > 2:
                    self._cut(column, "answers are empty")

    def _cell(self, column: Column, name: bytes, content: Content) -> None:
        if content[0] in NOTHING or not name.startswith(column.prefix) or name == column.prefix:
            column.done = True
            return
        try:
            index = suffix(name, column.prefix)
        except BerError:
            self._cut(column, "an index that is none")
            return
        row = self._cells.setdefault(name[len(column.prefix) :], [None] * len(self._columns))
        if row[column.place] is not None:
            self._cut(column, "the walk comes back on itself")
            return
        if column.rows and index <= column.last:
            self._astray = True
        row[column.place] = content
        column.at, column.last = name, index
        column.rows += 1
        if column.rows >= MOST_ROWS:
            self._cut(column, "the table does not end")

    def _cut(self, column: Column, why: str) -> None:
        column.done = self._astray = True
        self.cut_off += 1
        self.notes.append(f"{column.oid}: {why} after {column.rows} rows")

    async def _complete(self) -> None:
        """A walk went astray: what other columns have rows for is asked by name."""
        gaps = [
            (index, column)
            for index, row in self._cells.items()
            for column in self._columns
            if row[column.place] is None
        ][:MOST_COMPLETED]
        for column in self._columns:
            column.done = True
        names = [column.prefix + index for index, column in gaps]
        for (index, column), content in zip(gaps, await self._call.fetch(names), strict=True):
            self._cells[index][column.place] = content


def _value(content: Content | None) -> Value:
    return None if content is None else value(*content)

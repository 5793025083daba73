"""The ledger within one transaction: what `alerts.books.Books` asks for, said in SQL that SQLite and PostgreSQL share."""

import random
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from sqlalchemy import Connection, Select, Table, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable

from alerts.alarm import Alarm, Phase
from alerts.books import CodeState, Overtaken, Reply
from alerts.incident import Entry, Incident, IncidentState
from alerts.notification import Fate, Notification
from alerts.roster import Override
from alerts.subject import Subject
from alerts.window import Window
from noc.ledger import codes, rows
from noc.ledger.rows import Row
from noc.ledger.schema import ALARM, AUDIT, CODE, ENTRY, INCIDENT, MARK, NOTIFICATION, OVERRIDE, REPLY, WINDOW
from noc.ledger.writing import Write, carry_out, unwritable

Elsewhere = Callable[[DBAPIError, Sequence[Write]], Connection]


def _upsert(table: Table, key: str) -> Mapping[str, Executable]:
    """By name of the database: put a row whether there is one or not."""
    found: dict[str, Executable] = {}
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql)):
        put = dialect.insert(table)
        changed = {column.name: put.excluded[column.name] for column in table.columns if column.name != key}
        found[name] = put.on_conflict_do_update(index_elements=[key], set_=changed)
    return found


_PUT_ALARM = _upsert(ALARM, "key")
_PUT_MARK = _upsert(MARK, "name")
_DROP_ALARM = delete(ALARM).where(ALARM.c.key == bindparam("gone"))
_PUT_INCIDENT = update(INCIDENT).where(INCIDENT.c.number == bindparam("its"), INCIDENT.c.revision == bindparam("read"))
_ROOTED = (
    select(INCIDENT)
    .where(
        INCIDENT.c.root_kind.in_(bindparam("kinds", expanding=True)),
        INCIDENT.c.root_key.in_(bindparam("keys", expanding=True)),
        INCIDENT.c.opened_at >= bindparam("since"),
    )
    .order_by(INCIDENT.c.number.desc())
)
_PUT_NOTIFICATION = update(NOTIFICATION).where(NOTIFICATION.c.key == bindparam("its"))
_QUEUE = {
    "sqlite": sqlite.insert(NOTIFICATION).on_conflict_do_nothing(index_elements=["key"]),
    "postgresql": postgresql.insert(NOTIFICATION).on_conflict_do_nothing(index_elements=["key"]),
}


class SqlBooks:
    """Lives as long as its transaction; `log` holds what it wrote, so that it can be carried out elsewhere.

    `elsewhere` is asked for another connection, with the log carried out on it, when this one takes no writes.
    """

    def __init__(self, db: Connection, source: random.Random, elsewhere: Elsewhere | None = None) -> None:
        self.db = db
        self.log: list[Write] = []
        self._source = source
        self._dialect = db.dialect.name
        self._elsewhere = elsewhere

    def alarms(self) -> Mapping[str, Alarm]:
        return {row["key"]: rows.alarm_of(row) for row in self._read(select(ALARM).order_by(ALARM.c.key))}

    def put_alarms(self, alarms: Iterable[Alarm]) -> None:
        gone, kept = [], []
        for alarm in alarms:
            if alarm.phase is Phase.CLEAR:
                gone.append({"gone": rows.clean(alarm.key)})
            else:
                kept.append(rows.alarm_row(alarm))
        self._write(ALARM, _DROP_ALARM, gone)
        self._write(ALARM, _PUT_ALARM[self._dialect], kept)

    def incident(self, number: int) -> Incident | None:
        found = self._read(select(INCIDENT).where(INCIDENT.c.number == number))
        return rows.incident_of(found[0]) if found else None

    def incidents(self, states: Iterable[IncidentState], since: float = 0.0) -> Sequence[Incident]:
        meant = select(INCIDENT).where(INCIDENT.c.state.in_([str(state) for state in states]))
        if since:
            columns = ("opened_at", "changed_at", "touched_at", "resolved_at", "closed_at")
            meant = meant.where(or_(*(INCIDENT.c[name] >= since for name in columns)))
        return [rows.incident_of(row) for row in self._read(meant.order_by(INCIDENT.c.number))]

    def previous(self, kind: str, key: str, since: float) -> Sequence[Incident]:
        root = (INCIDENT.c.root_kind == kind, INCIDENT.c.root_key == key, INCIDENT.c.opened_at >= since)
        found = self._read(select(INCIDENT).where(*root).order_by(INCIDENT.c.number.desc()))
        return [rows.incident_of(row) for row in found]

    def rooted(self, subjects: Collection[Subject], since: float) -> Sequence[Incident]:
        wanted = {(one.kind, one.key) for one in subjects}
        kinds, keys = (sorted(set(words)) for words in zip(*wanted, strict=True)) if wanted else ([], [])
        found = self._read(_ROOTED, {"kinds": kinds, "keys": keys, "since": since})
        return [rows.incident_of(row) for row in found if (row["root_kind"], row["root_key"]) in wanted]

    def add(self, incident: Incident) -> Incident:
        row = rows.incident_row(replace(incident, revision=1))
        return replace(incident, number=self._numbered(INCIDENT, row), revision=1)

    def put(self, incident: Incident) -> Incident:
        kept = self._read(select(INCIDENT.c.revision, INCIDENT.c.impact).where(INCIDENT.c.number == incident.number))
        if not kept or kept[0]["revision"] != incident.revision:
            raise Overtaken(f"incident {incident.number} has been changed by somebody else since it was read")
        newer = replace(incident, revision=incident.revision + 1)
        row = rows.incident_row(newer, kept[0]["impact"])
        row.update(its=row.pop("number"), read=incident.revision)
        self._write(INCIDENT, _PUT_INCIDENT, [row], guard=f"incident {incident.number}")
        return newer

    def tell(self, entry: Entry) -> None:
        self._write(ENTRY, insert(ENTRY), [rows.entry_row(entry)])

    def entries(self, number: int, *, start: int = 0, most: int | None = None) -> Sequence[Entry]:
        meant = select(ENTRY).where(ENTRY.c.incident == number).order_by(ENTRY.c.at, ENTRY.c.id)
        if most is not None:
            meant = meant.limit(most)
        if start:
            meant = meant.offset(start)
        return [rows.entry_of(row) for row in self._read(meant)]

    def length(self, number: int) -> int:
        found = self._read(select(func.count().label("count")).select_from(ENTRY).where(ENTRY.c.incident == number))
        return int(found[0]["count"])

    def queue(self, notification: Notification) -> None:
        """One with a key that is there already is the same one."""
        self._write(NOTIFICATION, _QUEUE[self._dialect], [rows.notification_row(notification)])

    def put_notification(self, notification: Notification) -> None:
        row = rows.notification_row(notification)
        row["its"] = row.pop("key")
        self._write(NOTIFICATION, _PUT_NOTIFICATION, [row], guard=f"notification {notification.key}")

    def notifications(self, incident: int | None = None, fates: Iterable[Fate] = ()) -> Sequence[Notification]:
        meant = select(NOTIFICATION).order_by(NOTIFICATION.c.id)
        if incident is not None:
            meant = meant.where(NOTIFICATION.c.incident == incident)
        if named := [str(fate) for fate in fates]:
            meant = meant.where(NOTIFICATION.c.fate.in_(named))
        return [rows.notification_of(row) for row in self._read(meant)]

    def add_code(self, incident: int, contact: str, at: float) -> str:
        code = codes.new_code(self._source)
        ended = update(CODE).where(CODE.c.incident == incident, CODE.c.contact == contact, CODE.c.state == codes.LIVE)
        self._write(CODE, ended, [{"state": str(CodeState.ENDED)}])
        self._write(CODE, insert(CODE), [codes.new_row(incident, rows.clean(contact), at, code, self._source)])
        return code

    def code_of(self, incident: int, code: str, at: float, contact: str = "") -> tuple[str, CodeState]:
        found = self._read(select(CODE).where(CODE.c.incident == incident).order_by(CODE.c.id.desc()))
        row, state = codes.judge(found, code, at, contact)
        if row is not None and state is CodeState.GOOD:
            self._put_code(row["id"], state=str(CodeState.SPENT))
        elif state in (CodeState.WRONG, CodeState.ANOTHERS):
            for one in codes.tried(found, contact):
                tries = one["tries"] + 1
                self._put_code(one["id"], tries=tries, state=codes.after(tries))
        return row["contact"] if row is not None else "", state

    def _put_code(self, number: int, **changed: Any) -> None:
        self._write(CODE, update(CODE).where(CODE.c.id == number), [changed])

    def reply_seen(self, transaction_id: str) -> bool:
        meant = select(REPLY.c.id).where(REPLY.c.transaction_id == rows.clean(transaction_id)).limit(1)
        return bool(self._read(meant))

    def add_reply(self, reply: Reply) -> None:
        row = rows.row_of(reply) | {"repeated": self.reply_seen(reply.transaction_id)}
        self._write(REPLY, insert(REPLY), [row])

    def replies(self, incident: int) -> Sequence[Reply]:
        meant = select(REPLY).where(REPLY.c.incident == incident).order_by(REPLY.c.id)
        return [rows.reply_of(row) for row in self._read(meant)]

    def windows(self) -> Sequence[Window]:
        meant = select(WINDOW).order_by(WINDOW.c.number)
        return [rows.window_of(row) for row in self._read(meant)]

    def add_window(self, window: Window) -> Window:
        return replace(window, number=self._numbered(WINDOW, rows.row_of(window)))

    def put_window(self, window: Window) -> None:
        self._put_numbered(WINDOW, rows.row_of(window))

    def overrides(self) -> Sequence[Override]:
        meant = select(OVERRIDE).order_by(OVERRIDE.c.number)
        return [rows.override_of(row) for row in self._read(meant)]

    def add_override(self, override: Override) -> Override:
        return replace(override, number=self._numbered(OVERRIDE, rows.row_of(override)))

    def put_override(self, override: Override) -> None:
        self._put_numbered(OVERRIDE, rows.row_of(override))

    def audit(self, at: float, who: str, act: str, what: Mapping[str, Any]) -> None:
        row = {"at": at, "who": rows.clean(who), "act": rows.clean(act), "what": rows.tidy(what)}
        self._write(AUDIT, insert(AUDIT), [row])

    def mark(self, name: str) -> str:
        found = self._read(select(MARK.c.value).where(MARK.c.name == name))
        return str(found[0]["value"]) if found else ""

    def put_mark(self, name: str, value: str) -> None:
        self._write(MARK, _PUT_MARK[self._dialect], [{"name": rows.clean(name), "value": rows.clean(value)}])

    def read(self, meant: Select[Any]) -> Sequence[Mapping[str, Any]]:
        """Of tables that have their own module; the rows as they stand."""
        return self._read(meant)

    def insert(self, table: Table, written: Sequence[Row]) -> None:
        """Into such tables: one row or many."""
        self._write(table, insert(table), written)

    def change(self, table: Table, statement: Executable, changed: Row | None = None, *, guard: str = "") -> None:
        """Rows of such tables: an update or a delete. `guard`: what must be there, else Overtaken."""
        self._write(table, statement, [changed or {}], guard=guard)

    def add_numbered(self, table: Table, row: Row) -> int:
        """A row of such a table that gets its number."""
        return self._numbered(table, row | {"number": 0})

    def _read(self, meant: Select[Any], given: Row | None = None) -> Sequence[Mapping[str, Any]]:
        return cast("Sequence[Mapping[str, Any]]", self.db.execute(meant, given).mappings().all())

    def _write(self, table: Table, statement: Executable, written: Sequence[Row], *, guard: str = "") -> None:
        if not written:
            return
        write = Write(statement, written, table.name, guard)
        self._insist(lambda: carry_out(self.db, write))
        self.log.append(write)

    def _numbered(self, table: Table, row: Row) -> int:
        """Insert it and say which number it got; the log gives it the same one elsewhere."""
        del row["number"]
        statement = insert(table)
        number = self._insist(lambda: self.db.execute(statement, row).inserted_primary_key)[0]
        self.log.append(Write(statement, [row | {"number": number}], table.name))
        return int(number)

    def _put_numbered(self, table: Table, row: Row) -> None:
        number = row.pop("number")
        statement = update(table).where(table.c.number == number)
        self._write(table, statement, [row], guard=f"{table.name} {number}")

    def _insist(self, act: Callable[[], Any]) -> Any:
        """Here, or elsewhere; who gives no other place raises."""
        while True:
            try:
                return act()
            except DBAPIError as error:
                if self._elsewhere is None or not unwritable(error):
                    raise
                self.db = self._elsewhere(error, self.log)

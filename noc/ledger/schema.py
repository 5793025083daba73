"""The tables of the ledger as they are now; how they came to be so is told by the numbered steps in `versions`."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

METADATA = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False, server_default="")


def _time(name: str, *, known: bool = True) -> Column[float]:
    """UTC seconds; NULL where it has not happened."""
    return Column(name, Double, nullable=not known)


def _count(name: str) -> Column[int]:
    return Column(name, Integer, nullable=False, server_default="0")


def _flag(name: str) -> Column[bool]:
    return Column(name, Boolean, nullable=False)


def _json(name: str) -> Column[object]:
    return Column(name, JSON, nullable=False)


def _number(name: str = "number") -> Column[int]:
    return Column(name, Integer, primary_key=True, autoincrement=True)


ALARM = Table(
    "alarm",
    METADATA,
    Column("key", Text, primary_key=True),
    *map(_text, ("rule", "kind", "subject", "device", "family", "severity", "phase")),
    *map(_time, ("since", "bad_since", "changed_at", "at")),
    _time("good_since", known=False),
    *map(_flag, ("stale", "flapping")),
    _count("flaps"),
    *map(_time, ("score", "scored_at")),
    _json("evidence"),
)

INCIDENT = Table(
    "incident",
    METADATA,
    _number(),
    _count("revision"),
    *map(_text, ("state", "severity", "worst", "family", "root_kind", "root_key")),
    *map(_time, ("since", "opened_at", "changed_at")),
    *(_time(name, known=False) for name in ("told_at", "updated_at", "step_at", "acknowledged_at", "touched_at")),
    *(_time(name, known=False) for name in ("next_check_at", "recovered_at", "resolved_at", "closed_at")),
    *map(_count, ("step", "flaps", "times")),
    *map(_flag, ("power", "flapping", "bad")),
    Column("window", Integer),
    Column("previous", Integer),
    *map(_text, ("owner", "acknowledged_by", "ticket", "closing")),
    *map(_json, ("roots", "members", "impact", "evidence", "fine", "linked")),
    Index("incident_state", "state"),
    Index("incident_root", "root_kind", "root_key"),
    sqlite_autoincrement=True,
)

ENTRY = Table(
    "entry",
    METADATA,
    _number("id"),
    Column("incident", Integer, ForeignKey("incident.number"), nullable=False, index=True),
    _time("at"),
    *map(_text, ("kind", "who", "code", "text")),
    _json("figures"),
    sqlite_autoincrement=True,
)

NOTIFICATION = Table(
    "notification",
    METADATA,
    _number("id"),
    Column("key", Text, nullable=False, unique=True),
    Column("incident", Integer, nullable=False, index=True),  # 0: of none
    *map(_text, ("occasion", "contact", "short", "subject", "body", "severity", "language", "fate")),
    *map(_text, ("channel", "error")),
    _json("channels"),
    _flag("page"),
    *map(_count, ("place", "tries")),
    *map(_time, ("queued_at", "next_try_at")),
    *(_time(name, known=False) for name in ("ended_at", "expires_at")),
    Index("notification_fate", "fate"),
    sqlite_autoincrement=True,
)

CODE = Table(
    "code",
    METADATA,
    _number("id"),
    Column("incident", Integer, ForeignKey("incident.number"), nullable=False, index=True),
    *map(_text, ("contact", "salt", "hash", "state")),  # live, spent, ended, locked
    *map(_time, ("at", "expires_at")),
    _count("tries"),
)

REPLY = Table(
    "reply",
    METADATA,
    _number("id"),
    *map(_text, ("transaction_id", "via", "sender", "text", "contact", "fate")),
    _time("at"),
    _count("incident"),
    _flag("repeated"),
    Index(
        "reply_transaction",
        "transaction_id",
        unique=True,
        sqlite_where=text("repeated = 0"),
        postgresql_where=text("NOT repeated"),
    ),
    Index("reply_incident", "incident"),
)

WINDOW = Table(
    "window",
    METADATA,
    _number(),
    *map(_text, ("kind", "selector", "target", "author", "reason", "repeat", "ended_by")),
    *map(_time, ("from_at", "to_at", "created_at")),
    _time("until_at", known=False),
    sqlite_autoincrement=True,
)

OVERRIDE = Table(
    "override",
    METADATA,
    _number(),
    *map(_text, ("schedule", "contact", "author", "reason", "ended_by")),
    *map(_time, ("from_at", "to_at", "created_at")),
    sqlite_autoincrement=True,
)

AUDIT = Table(
    "audit",
    METADATA,
    _number("id"),
    _time("at"),
    *map(_text, ("who", "act")),
    _json("what"),
    Index("audit_at", "at"),
    sqlite_autoincrement=True,
)

REQUEST = Table(  # each as it stood after an act
    "request",
    METADATA,
    _number("id"),
    Column("number", Integer, nullable=False),
    _time("recorded_at"),
    *map(
        _text, ("act", "who", "reason", "reference", "institution", "pool", "state", "author", "asked_by", "approver")
    ),
    *map(_text, ("over_subscribed_by", "over_subscribed_why")),
    _flag("beside"),
    *map(_json, ("shares", "asked", "granted")),
    Index("request_number", "number"),
    sqlite_autoincrement=True,
)

POSTING = Table(
    "posting",
    METADATA,
    _number("id"),
    *map(_text, ("contract", "direction", "source", "target")),
    Column("bps", BigInteger, nullable=False),
    Column("from_day", Date, nullable=False),
    Column("to_day", Date),
    _time("recorded_at"),
    *map(_text, ("act", "author")),
    _count("request"),
    CheckConstraint("bps > 0", name="posting_moves_something"),
    CheckConstraint("to_day IS NULL OR to_day > from_day", name="posting_has_days"),
    CheckConstraint("source <> target", name="posting_moves_somewhere"),
    Index("posting_side", "contract", "direction"),
    sqlite_autoincrement=True,
)

CLOSED_MONTH = Table(
    "closed_month",
    METADATA,
    _number("id"),
    *map(_text, ("month", "report", "who")),
    _time("closed_at"),
    _text("sha256"),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("month", "report", name="closed_once"),
    sqlite_autoincrement=True,
)

ACCOUNT = Table(
    "account",
    METADATA,
    Column("name", Text, primary_key=True),  # case folded
    *map(_text, ("role", "password", "language", "theme", "made_by")),
    _json("institutions"),
    _time("made_at"),
    *(_time(name, known=False) for name in ("password_at", "seen_at", "disabled_at")),
)

SESSION = Table(  # of an account, or of a display
    "session",
    METADATA,
    Column("hash", Text, primary_key=True),
    *map(_text, ("account", "address", "browser")),
    _count("display"),
    *map(_time, ("made_at", "seen_at", "ends_at")),
    Index("session_account", "account"),
)

TOKEN = Table(
    "token",
    METADATA,
    _number(),
    Column("hash", Text, nullable=False, unique=True),
    *map(_text, ("account", "label", "prefix", "made_by")),
    _json("scopes"),
    _time("made_at"),
    *(_time(name, known=False) for name in ("expires_at", "used_at", "revoked_at")),
    sqlite_autoincrement=True,
)

DISPLAY = Table(
    "display",
    METADATA,
    _number(),
    Column("hash", Text, nullable=False, unique=True),
    *map(_text, ("name", "language", "theme", "made_by")),
    _time("made_at"),
    *(_time(name, known=False) for name in ("seen_at", "revoked_at")),
    sqlite_autoincrement=True,
)

INVITATION = Table(  # a link that is good once: to become the first admin ("" account), or to choose a password
    "invitation",
    METADATA,
    Column("hash", Text, primary_key=True),
    *map(_text, ("account", "made_by")),
    *map(_time, ("made_at", "expires_at")),
)

MARK = Table(
    "mark",
    METADATA,
    Column("name", Text, primary_key=True),
    _text("value"),
)

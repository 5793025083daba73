"""Names and values as InfluxQL has them, so that no name of a device ever becomes part of a question."""

from collections.abc import Sequence


def identifier(name: str) -> str:
    """A database, measurement, tag or field: in double quotes."""
    return '"' + _escaped(name, '"') + '"'


def literal(text: str) -> str:
    """A tag's value: in single quotes."""
    return "'" + _escaped(text, "'") + "'"


def instant(at: float) -> str:
    """UTC seconds."""
    return f"{int(at)}s"


def within(start: float, end: float) -> str:
    """Condition on [start, end), UTC seconds."""
    return f"time >= {instant(start)} AND time < {instant(end)}"


def tagged(pairs: Sequence[tuple[str, str]]) -> str:
    """Conditions on tags, each with AND before it; a tag without a value is one that is absent, which InfluxQL calls ''."""
    return "".join(f" AND {identifier(key)} = {literal(value)}" for key, value in pairs)


def _escaped(text: str, quote: str) -> str:
    return text.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n")

"""Names and values as InfluxQL has them, so that no name of a device ever becomes part of a question."""


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


def tagged(key: str, *values: str) -> str:
    """Condition that a tag has one of these values; that it is absent is the value ''."""
    return f"({' OR '.join(f'{identifier(key)} = {literal(value)}' for value in values)})"


def _escaped(text: str, quote: str) -> str:
    return text.replace("\\", "\\\\").replace(quote, f"\\{quote}").replace("\n", "\\n")

"""Text of devices, made fit for one line on a terminal."""


def one_line(value: object) -> str:
    """Text of devices holds newlines, NULs and worse; on a terminal it is one printable line (SEMANTICS 40)."""
    text = str(value)
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(text.split())

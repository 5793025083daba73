"""One panel of a page's charts: whose quantities it shows and how they are drawn; many panels share one time axis."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from inventory.mistakes import absent
from inventory.quantities import QUANTITIES
from inventory.sentence import Sentence, noted

Draw = Literal["mirror", "lines", "states"]
MOST: Final = 8  # panels of one address
QUANTITIES_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class Subject:
    """Whose values: a row (an interface, a circuit) of a measurement, of the device (or "") that was asked."""

    measurement: str
    scope: str
    row: str
    quantities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """`title` is translated already. In and out are drawn above and below the axis (mirror), other things side by side."""

    title: str
    subject: Subject

    @property
    def draw(self) -> Draw:
        names = self.subject.quantities
        ways = [name for name in names if name.startswith(("in_", "out_"))]
        return "mirror" if len(ways) == len(names) and any(name.startswith("out_") for name in names) else "lines"


def query(subjects: Iterable[Subject]) -> str:
    """The one address form of any subject: the n-th measurement belongs with the n-th scope, row and quantities."""
    parts: list[tuple[str, str]] = []
    for one in subjects:
        parts += [("measurement", one.measurement), ("scope", one.scope), ("row", one.row)]
        parts += [("quantities", ",".join(one.quantities))]
    return urlencode(parts)


def subjects(
    measurement: Sequence[str], scope: Sequence[str], row: Sequence[str], quantities: Sequence[str]
) -> list[Subject]:
    """The inverse; ValueError where they do not belong together."""
    if not measurement:
        raise ValueError(Sentence("subject-needed", "measurement, scope, row and quantities are missing"))
    if not len(measurement) == len(row) == len(quantities) or len(scope) not in (0, len(measurement)):
        raise ValueError(Sentence("subject-uneven", "as many scopes, rows and quantities as measurements, please"))
    if len(measurement) > MOST:
        raise ValueError(Sentence("too-many", "at most {most} subjects", most=MOST))
    scopes = scope or [""] * len(measurement)
    names = [tuple(dict.fromkeys(filter(None, one.split(",")))) for one in quantities]
    if any(not 0 < len(each) <= QUANTITIES_MOST for each in names):
        text = noted("quantities: one to {most} names with commas between")
        raise ValueError(Sentence("quantities-wrong", text, most=QUANTITIES_MOST))
    unknown = [name for each in names for name in each if name not in QUANTITIES]
    if unknown:
        raise ValueError(absent("quantity", unknown[0][:60], QUANTITIES))
    return [Subject(*one) for one in zip(measurement, scopes, row, names, strict=True)]

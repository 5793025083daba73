"""A prepared poll: the Plan cut into GETBULKs where the device's rows align and GETs where not, and its layouts."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from collectors.contract import Matrix, Plan
from collectors.snmp import ber
from collectors.snmp.call import OCTETS, Way, chunks
from collectors.snmp.fast import Form
from collectors.snmp.layout import Layout
from collectors.snmp.message import Answer, Request, request
from collectors.snmp.speech import Speech

DATAGRAM = 1440  # octets of an answer that is not to be fragmented on its way
FRAME = 64  # octets of an answer that are no bindings, at most
GUESS = 6  # octets of a number not yet seen
LAYOUTS = 2  # remembered per device
LATE_S = 0.02  # less is not worth reckoning with
REGROW = 100  # clean polls after which more is dared again

Known = NDArray[np.bool_] | None


class Names:
    """The OBJECT IDENTIFIERs of a plan by place: scalars first, then column by column."""

    def __init__(self, plan: Plan) -> None:
        self.scalars = [ber.dotted_body(oid) for oid in plan.scalars]
        self.columns = [ber.dotted_body(oid) for oid in plan.columns]
        self.rows = [ber.arc(index) for index in plan.indexes]

    def all(self) -> list[bytes]:
        return self.scalars + [column + row for column in self.columns for row in self.rows]


def before(dotted: str) -> bytes:
    """The name whose GETNEXT gives `dotted`: one less in the last arc."""
    stem, _, last = dotted.rpartition(".")
    return ber.dotted_body(f"{stem}.{int(last) - 1}" if int(last) else stem)


@dataclass(frozen=True, slots=True)
class Slot:
    """One request of a poll. Binding i of its answer belongs to places[i]; `rows` is 0 for a GET."""

    request: Request
    places: Sequence[int]
    rows: int = 0


class Poll:
    """One plan on one device: `requests` is what is sent, `read` understands the answers in one stroke.

    A place is a position in the result: the scalars, then the columns, each with all rows of the plan.
    """

    __slots__ = (
        "_community",
        "_fast",
        "_form",
        "_frame",
        "_layouts",
        "_shape",
        "_shelf",
        "clean",
        "lone",
        "plan",
        "refused",
        "requests",
        "row_octets",
        "slots",
        "way",
    )

    def __init__(self, plan: Plan, speech: Speech, way: Way) -> None:
        if len(set(plan.indexes)) != len(plan.indexes):
            raise ValueError("a plan names each row once")
        self.plan = plan
        self.way = way
        self._shelf = speech.engine.shelf
        self._fast = speech.engine.fast
        self._frame = FRAME + speech.overhead
        self.lone: set[int] = set()  # rows and ~columns that do not align: asked by GET
        self.refused: set[int] = set()  # places not asked for a while: the device will not tell (genErr)
        self.row_octets = 0  # of a row as the device answers it, once seen
        self._community = speech.community
        self._shape = len(plan.scalars), (len(plan.columns), len(plan.indexes))
        self.prepare()

    def __len__(self) -> int:
        """Places."""
        return len(self.plan.scalars) + len(self.plan.columns) * len(self.plan.indexes)

    def prepare(self) -> None:
        """Cut the plan anew, when the way or the rows have changed."""
        names = Names(self.plan)
        bulks = self._bulks(names) if self.way.bulk else []
        covered = self.refused.union(*(slot.places for slot in bulks))
        left = [place for place in range(len(self)) if place not in covered]
        self.slots = (*bulks, *self._gets(names.all(), left))
        self.requests = tuple(slot.request for slot in self.slots)
        self._form: Form | None = None
        self._layouts: list[tuple[Layout, Known, int]] = []  # with what is known of the columns, and octets of all
        self.clean = 0

    def _bulks(self, names: Names) -> list[Slot]:
        """GETBULKs over the rows that align, in the order of their indexes; the first brings the scalars along."""
        columns = [column for column in range(len(names.columns)) if ~column not in self.lone]
        if not columns:
            return []
        rows = self._rows(names, columns)
        slots: list[Slot] = []
        run: list[int] = []
        for row in (*sorted(range(len(names.rows)), key=self.plan.indexes.__getitem__), -1):
            if run and (row < 0 or row in self.lone or len(run) == rows):
                slots.append(self._bulk(run, columns, scalars=not slots))
                run = []
            if row not in self.lone:
                run.append(row)
        return slots

    def _rows(self, names: Names, columns: list[int]) -> int:
        """How many rows to ask in one GETBULK, so that the answer fits a datagram."""
        widest = max(map(len, names.rows), default=1)
        guess = sum(len(names.columns[column]) + widest + 6 + GUESS for column in columns)
        return max(1, min(self.way.rows, (DATAGRAM - self._frame) // (self.row_octets or guess)))

    def _bulk(self, run: list[int], columns: list[int], *, scalars: bool) -> Slot:
        plan = self.plan
        single = [before(oid) for oid in plan.scalars] if scalars else []
        starts = [before(f"{plan.columns[column]}.{plan.indexes[run[0]]}") for column in columns]
        first, height = len(plan.scalars), len(plan.indexes)
        places = [first + column * height + row for row in run for column in columns]
        template = request(ber.GETBULK, self._community, single + starts, first=len(single), second=len(run))
        return Slot(template, array("I", [*range(len(single)), *places]), rows=len(run))

    def _gets(self, names: list[bytes], left: list[int]) -> list[Slot]:
        pieces = chunks(names, left, self.way.width, OCTETS - self._frame + FRAME)
        return [Slot(request(ber.GET, self._community, [names[i] for i in p]), array("I", p)) for p in pieces]

    def read(self, answers: Sequence[bytes | None]) -> Matrix | None:
        """The whole poll, when its layout is known; None sends it the long way."""
        if None in answers:
            return None
        if self._form is not None:
            matrix = self._form.read(answers)  # type: ignore[arg-type]
            self.clean += matrix is not None
            return matrix
        for layout, known, octets in self._layouts:
            values = layout.read(answers)  # type: ignore[arg-type]
            if values is not None:
                self.clean += 1
                first, shape = self._shape
                scalars = values[:first].tolist()
                if layout.special:
                    scalars = layout.scalars(scalars)
                return Matrix(tuple(scalars), values[first:].reshape(shape), known, len(answers), octets)
        return None

    def learn(self, answers: Sequence[Answer]) -> Matrix | None:
        """Remember the layout of answers that are proven to be wholly what was asked."""
        first, shape = self._shape
        places = [slot.places for slot in self.slots]
        sent = sum(len(head) + 4 + len(tail) for head, tail in self.requests)
        if self._fast:
            asked = [(answer.names, some) for answer, some in zip(answers, places, strict=True)]
            self._form = Form(self._community, asked, first=first, shape=shape, sent=sent, shelf=self._shelf)
            return self.read([answer.data for answer in answers])
        layout = Layout(answers, places, self._shelf, count=len(self), first=first)
        known = None if layout.known is None or layout.known[first:].all() else layout.known[first:].reshape(shape)
        self._layouts = [(layout, known, layout.octets + sent), *self._layouts[: LAYOUTS - 1]]
        return self.read([answer.data for answer in answers])

    def late(self, seconds: Mapping[int, float]) -> NDArray[np.float64] | None:
        """Of a Matrix: how much younger each value is than the first scalar, when places are so many seconds late."""
        first, shape = self._shape
        told = np.zeros(len(self))
        for place, late in seconds.items():
            told[place] = late
        if first:
            told -= told[0]
        return told[first:].reshape(shape) if np.abs(told[first:]).max(initial=0.0) > LATE_S else None

    def slots_late(self, seconds: Sequence[float]) -> dict[int, float]:
        """Seconds by place, from those of the answers."""
        slots = zip(self.slots, seconds, strict=True)
        return {place: late for slot, late in slots if late for place in slot.places}

    def matrix(self, found: Mapping[int, int]) -> Matrix:
        """A matrix put together from single numbers, by place."""
        first, shape = self._shape
        values = np.zeros(len(self), np.uint64)
        known = np.zeros(len(self), np.bool_)
        for place, number in found.items():
            values[place] = number & 0xFFFFFFFFFFFFFFFF
            known[place] = True
        scalars = tuple(found.get(place) for place in range(first))
        sure = None if known[first:].all() else known[first:].reshape(shape)
        return Matrix(scalars, values[first:].reshape(shape), sure, len(self.requests), 0)

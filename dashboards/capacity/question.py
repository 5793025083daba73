"""A what-if as people write it (40x10M, eassy, 3%/month), read into what is computed; all mistakes at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dashboards.capacity.what_if import Question
from inventory.allocation import DIRECTIONS, Direction
from inventory.mistakes import did_you_mean
from inventory.model import Contract, Inventory
from inventory.rates import parse_rate
from inventory.sentence import Sentence, noted

FIELDS: Final = {
    "add": noted("add"),
    "to": noted("drawing from"),
    "lose": noted("lose"),
    "onto": noted("its load goes to"),
    "growth": noted("growth"),
}
MOST_ADDED: Final = 100_000
_ADD: Final = re.compile(r"(\d+)\s*[xX]\s*([^/\s]+)(?:/([^/\s]+))?", re.ASCII)
_GROWTH: Final = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*%\s*/\s*(month|year)", re.ASCII)


class UnclearError(Exception):
    """`problems`: (which word, what is wrong with it), in the order asked."""

    def __init__(self, problems: Sequence[tuple[str, str]]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(text for _, text in self.problems))


@dataclass(frozen=True, slots=True)
class Wished:
    """As written. `growth` "": as the forecast has it. `prefix` stands before words in what is complained of."""

    add: Sequence[str] = ()
    to: Sequence[str] = ()
    lose: Sequence[str] = ()
    onto: Sequence[str] = ()
    growth: str = ""
    prefix: str = ""

    def said(self) -> str:
        """The question in one sentence."""
        parts = [
            *(f"add {each}" for each in self.add),
            *(f"lose {each}" for each in self.lose),
            f"growth {self.growth}" if self.growth else "growth as forecast",
        ]
        return ", ".join(parts)


def question(inventory: Inventory, wished: Wished) -> Question:
    """UnclearError."""
    return _Reading(inventory, wished).question()


class _Reading:
    def __init__(self, inventory: Inventory, wished: Wished) -> None:
        self._inventory, self._wished = inventory, wished
        self._wrong: list[tuple[str, str]] = []

    def question(self) -> Question:
        wished = self._wished
        if not self._inventory.contracts:
            text = noted("the inventory has no contracts: its `contracts` say what was bought of whom")
            raise UnclearError([("", Sentence("no-contracts", text))])
        added: dict[Direction, float] = dict.fromkeys(DIRECTIONS, 0.0)
        for text in wished.add:
            for way, bps in zip(DIRECTIONS, self._added(text), strict=True):
                added[way] += bps
        lose: dict[str, float] = {}
        for word in wished.lose:
            for key, share in self._meant(word, "lose").items():
                lose[key] = min(1.0, lose.get(key, 0.0) + share)
        onto = [key for word in wished.onto for key in self._meant(word, "onto")]
        to = [key for word in wished.to for key in self._meant(word, "to")]
        growth = self._growth()
        if onto and not lose:
            text = noted("{option} says where lost load goes: say with {lose} what is lost")
            self._complain("onto", text, lose=self._option("lose"))
        if not (any(added.values()) or lose or wished.growth or self._wrong):
            text = noted("nothing is asked: {add}, {lose} or {growth}")
            options = {word: self._option(word) for word in ("add", "lose", "growth")}
            self._wrong.append(("", Sentence("nothing-asked", text, **options)))
        if self._wrong:
            raise UnclearError(self._wrong)
        return Question(added, tuple(dict.fromkeys(to)) or self._first_pool(), lose, tuple(dict.fromkeys(onto)), growth)

    def _complain(self, which: str, text: str, /, **figures: str) -> None:
        self._wrong.append((which, Sentence(f"{which}-wrong", text, option=self._option(which), **figures)))

    def _option(self, which: str) -> str:
        """As the one who asks knows it: an option of the command, or a field of the form."""
        prefix = self._wished.prefix
        return prefix + which if prefix else Sentence("field", FIELDS[which])

    def _added(self, text: str) -> tuple[float, float]:
        found = _ADD.fullmatch(text.strip())
        try:
            if not found or not 0 < int(found[1]) <= MOST_ADDED:
                raise ValueError(Sentence("no-number", "a number from 1 to {most} and a rate", most=MOST_ADDED))
            rates = parse_rate(found[2]), parse_rate(found[3] or found[2])
            if max(rates) <= 0:
                raise ValueError(Sentence("no-rate", "a rate of more than nothing"))
        except ValueError as error:
            written = noted("{option} {word!r} is not written 40x10M or 40x10M/2M: {why}")
            self._complain("add", written, word=text, why=str(error))
            return 0.0, 0.0
        return int(found[1]) * float(rates[0]), int(found[1]) * float(rates[1])

    def _growth(self) -> float | None:
        """A share a month; negative where traffic shrinks."""
        text = self._wished.growth
        if not text:
            return None
        found = _GROWTH.fullmatch(text.strip())
        share = float(found[1]) / 100 if found else 0.0
        monthly = (1 + share) ** (1 / 12) - 1 if found and found[2] == "year" and share > -1 else share
        if not found or not -0.5 <= monthly <= 1.0 or share <= -1:
            written = noted("{option} {word!r}: 3%/month, 40%/year or -1%/month; from -50 to 100 % a month")
            self._complain("growth", written, word=text)
            return None
        return monthly

    def _meant(self, word: str, option: str) -> dict[str, float]:
        """Contracts, each with the share of it that is meant: less than 1 for one circuit of several."""
        contracts = self._inventory.contracts.values()
        by_name = {one.key: 1.0 for one in contracts if word in (one.key, one.pool, one.provider)}
        if by_name:
            return by_name
        by_circuit = {one.key: self._share(one, word) for one in contracts if word in one.circuits}
        if by_circuit:
            return by_circuit
        known = {name for one in contracts for name in (one.key, one.pool, one.provider, *one.circuits) if name}
        there = Sentence("there-are", "there are {known}", known=", ".join(sorted(known)))
        text = noted("{option} {word!r} is no contract, circuit, provider or pool ({hint})")
        self._complain(option, text, word=word, hint=did_you_mean(word, known) or there)
        return {}

    def _share(self, contract: Contract, circuit: str) -> float:
        circuits = self._inventory.circuits
        rates = {key: circuits[key].in_bps for key in contract.circuits if key in circuits}
        whole = sum(rates.values())
        return rates.get(circuit, 0) / whole if whole else 1 / len(contract.circuits)

    def _first_pool(self) -> tuple[str, ...]:
        """Contracts of the first pool, all of them where there is none."""
        every = list(self._inventory.contracts.values())
        pool = next((one.pool for one in every if one.pool), "")
        return tuple(one.key for one in every if one.pool == pool)

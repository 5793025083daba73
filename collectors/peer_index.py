"""Which peer a table row speaks of: its index carries the address, in the form that its MIB declares (SEMANTICS 47)."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Literal, NamedTuple

from collectors.contract import Index
from collectors.inet import Address, address, sized, unsized

# "instance": routing instance or VRF, a number. "number": any other. "ipv4": four octets. "inet": the peer's address,
# with type, and length where the agent sends it. "local": our own address in the same form
Field = Literal["instance", "number", "ipv4", "inet", "local"]


class PeerIndex(NamedTuple):
    """`address` is None where the index names the row and a column the address (OSPFv3)."""

    address: Address | None = None
    instance: int | None = None
    numbers: tuple[int, ...] = ()


_Inet = Callable[[Sequence[int], int], tuple[Address, int] | None]


def peer_index(index: Index, form: Sequence[Field]) -> PeerIndex | None:
    """None where the index is not of that form: it has to be used up exactly."""
    addresses = sum(field in ("inet", "local") for field in form)
    for ways in product((sized, unsized), repeat=addresses):
        found = _parsed(index, form, list(ways))
        if found is not None:
            return found
    return None


def _parsed(index: Index, form: Sequence[Field], ways: list[_Inet]) -> PeerIndex | None:
    said: PeerIndex = PeerIndex()
    at = 0
    for field in form:
        if field in ("inet", "local"):
            taken = ways.pop(0)(index, at)
            if taken is None:
                return None
            said, at = (said._replace(address=taken[0]) if field == "inet" else said), taken[1]
        elif field == "ipv4":
            found = address(index[at : at + 4]) if len(index) >= at + 4 else None
            if found is None:
                return None
            said, at = said._replace(address=found), at + 4
        elif at >= len(index):
            return None
        else:
            number = index[at]
            said = said._replace(instance=number) if field == "instance" else _with(said, number)
            at += 1
    return said if at == len(index) else None


def _with(said: PeerIndex, number: int) -> PeerIndex:
    return said._replace(numbers=(*said.numbers, number))

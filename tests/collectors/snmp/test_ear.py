"""An ear reads at once what comes alone, and together what comes together."""

import asyncio
from collections.abc import Awaitable, Callable
from socket import AF_INET, SOCK_DGRAM, socket

import pytest

from collectors.snmp.ear import PRICE, Ear
from collectors.snmp.wire import Wire
from tests.patience import HANGS_S

Look = tuple[int, bool]


class Listening:
    """An ear on a real socket: `looks` is what each look read; `due` says whether more of a poll are to come."""

    def __init__(
        self, due: Callable[[int], bool], then: Callable[["Listening"], None] = lambda listening: None
    ) -> None:
        self.looks: list[int] = []
        self._due = due
        self._then = then
        self._news = asyncio.Event()
        self._sender = socket(AF_INET, SOCK_DGRAM)

    def come(self, count: int) -> None:
        for _ in range(count):
            self._sender.sendto(b"?", self._address)

    def run(self, what: Callable[["Listening"], Awaitable[None]], *, patient: bool = True) -> list[int]:
        async def go() -> None:
            wire = Wire(AF_INET, 1 << 16)
            with socket(fileno=wire.fileno) as same:
                self._address = ("127.0.0.1", same.getsockname()[1])
                same.detach()
            self.ear = Ear(wire, asyncio.get_running_loop(), self._read, patient=patient)
            await what(self)
            self.ear.close()
            wire.close()

        with self._sender:
            asyncio.run(asyncio.wait_for(go(), HANGS_S))
        return self.looks

    async def heard(self, count: int) -> None:
        while sum(self.looks) < count:
            self._news.clear()
            await self._news.wait()

    def _read(self, wire: Wire) -> Look:
        count = len(wire.read())
        self.looks.append(count)
        self._news.set()
        if len(self.looks) == 1:
            self._then(self)
        return count, self._due(sum(self.looks))


def test_given_more_of_a_poll_is_due_then_one_look_takes_all_that_came_meanwhile() -> None:
    async def what(listening: Listening) -> None:
        listening.come(1)
        await listening.heard(4)

    assert Listening(lambda heard: heard < 4, lambda listening: listening.come(3)).run(what) == [1, 3]


def test_given_a_lull_is_over_then_the_next_datagram_is_heard_again() -> None:
    async def what(listening: Listening) -> None:
        for count in (1, 2, 3):
            listening.come(1)
            await listening.heard(count)

    assert sum(Listening(lambda heard: heard == 1).run(what)) == 3


def test_given_nothing_more_is_due_then_each_look_is_for_what_comes() -> None:
    async def what(listening: Listening) -> None:
        for count in range(1, 6):
            listening.come(1)
            await listening.heard(count)

    assert Listening(lambda heard: False).run(what) == [1] * 5


def test_given_lulls_that_bring_nothing_then_few_more_are_made() -> None:
    async def what(listening: Listening) -> None:
        for count in range(1, PRICE):
            listening.come(1)
            await listening.heard(count)
            await asyncio.sleep(0.01)

    assert 1 <= Listening(lambda heard: True).run(what).count(0) <= 2


def test_given_a_small_receive_buffer_then_whatever_comes_is_read_at_once() -> None:
    async def what(listening: Listening) -> None:
        for count in range(1, 6):
            listening.come(1)
            await listening.heard(count)
            await asyncio.sleep(0.005)

    assert Listening(lambda heard: True).run(what, patient=False) == [1] * 5


@pytest.mark.parametrize("heard", [1, 0])
def test_given_a_closed_ear_then_nothing_is_read_any_more(heard: int) -> None:
    async def what(listening: Listening) -> None:
        listening.come(heard)
        await listening.heard(heard)
        listening.ear.close()
        listening.come(1)
        await asyncio.sleep(0.02)

    assert sum(Listening(lambda heard: True).run(what)) == heard

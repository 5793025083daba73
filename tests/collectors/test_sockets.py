"""Probes over real sockets on loopback: echo, ping, connect."""

import asyncio
import os
import socket
from collections.abc import Callable

import pytest

from collectors.flights import Flights
from collectors.icmp import checksum, icmp_way
from collectors.probes import IN_FLIGHT, Probes
from inventory.model import Probe
from tests.patience import HANGS_S
from tests.stalls import undisturbed

HERE = "127.0.0.1"
TOKEN = 8


class Server:
    """A UDP port that answers as `answer` says; None: silence."""

    def __init__(self, answer: Callable[[bytes], bytes | None] = lambda data: data) -> None:
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind((HERE, 0))
        self.sock.setblocking(False)
        self.port: int = self.sock.getsockname()[1]
        self.probe = Probe("udp-echo", self.port)
        self.answer = answer
        self.other: socket.socket | None = None
        self.seen = 0

    async def __aenter__(self) -> "Server":
        asyncio.get_running_loop().add_reader(self.sock.fileno(), self._read)
        return self

    async def __aexit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self.sock.fileno())
        self.sock.close()

    def _read(self) -> None:
        while True:
            try:
                data, source = self.sock.recvfrom(2048)
            except BlockingIOError:
                return
            self.seen += 1
            answer = self.answer(data)
            if answer is not None:
                (self.other or self.sock).sendto(answer, source)


def test_an_echo_that_comes_back_has_a_round_trip_time() -> None:
    async def story() -> tuple[float | None, float]:
        async with Server() as server, Probes() as probes:
            loop = asyncio.get_running_loop()
            started = loop.time()
            return await probes.send(server.probe, HERE, HANGS_S), loop.time() - started

    rtt, took_s = asyncio.run(story())
    assert rtt is not None
    assert 0 <= rtt <= took_s * 1000


def test_silence_is_lost_when_its_time_is_up() -> None:
    async def story() -> tuple[float | None, float]:
        async with Server(lambda _: None) as server, Probes() as probes:
            loop = asyncio.get_running_loop()
            started = loop.time()
            return await probes.send(server.probe, HERE, 0.2), loop.time() - started

    rtt, took = asyncio.run(story())
    assert rtt is None
    assert took >= 0.2


@pytest.mark.parametrize("wrong", ["token", "cut off", "longer", "other port"])
def test_an_answer_that_is_not_the_one_asked_for_is_no_answer(wrong: str) -> None:
    def answer(data: bytes) -> bytes:
        return {"token": data[:-1] + bytes((data[-1] ^ 1,)), "cut off": data[:-1], "longer": data + b"x"}.get(
            wrong, data
        )

    async def story() -> float | None:
        async with Server(answer) as server, Probes() as probes:
            if wrong == "other port":
                server.other = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            try:
                return await probes.send(server.probe, HERE, 0.1)
            finally:
                if server.other:
                    server.other.close()

    assert asyncio.run(story()) is None


def test_rule_52_a_thousand_echoes_at_once_lose_none() -> None:
    async def story() -> list[float | None]:
        async with Server() as server, Probes() as probes:
            return await asyncio.gather(*(probes.send(server.probe, HERE, HANGS_S) for _ in range(1000)))

    assert None not in asyncio.run(story())


def test_rule_52_no_more_are_on_their_way_than_fit_the_buffer() -> None:
    async def story(second: float) -> tuple[int, int]:
        async with Server(lambda _: None) as server, Probes() as probes:
            waiting = [probes.send(server.probe, HERE, 0.3 * second) for _ in range(500)]
            await asyncio.sleep(0.1 * second)
            seen = server.seen
            assert await asyncio.gather(*waiting) == [None] * 500
            return seen, server.seen

    def told(scale: float) -> None:
        at_once, in_all = asyncio.run(story(scale))
        assert at_once == IN_FLIGHT
        assert in_all == 500

    undisturbed(told)


def test_rule_52_the_room_is_cut_to_the_buffer_that_the_kernel_gave() -> None:
    async def story() -> int:
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        flights = Flights(sock, lambda token: token, lambda data: data, in_flight=10**9, ports_matter=True)
        buffer = sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        flights.close()
        return buffer // flights.room

    assert asyncio.run(story()) >= 832


def test_an_answer_that_waits_in_the_socket_is_taken_before_its_probe_is_given_up() -> None:
    async def story() -> float | None:
        async with Server() as server, Probes() as probes:
            future = probes.send(server.probe, HERE, 0.05)
            await asyncio.sleep(0)
            loop = asyncio.get_running_loop()
            until = loop.time() + 0.3
            server._read()
            while loop.time() < until:  # a busy loop: the timer is overdue when it ends, and so is the answer
                pass
            return await future

    assert asyncio.run(story()) is not None


def test_probes_under_way_when_the_house_closes_are_lost_and_nobody_hangs() -> None:
    async def story() -> float | None:
        async with Server(lambda _: None) as server:
            async with Probes() as probes:
                future = probes.send(server.probe, HERE, 60.0)
            return await future

    assert asyncio.run(story()) is None


def test_somebody_who_no_longer_waits_does_no_harm() -> None:
    async def story() -> float | None:
        async with Server() as server, Probes() as probes:
            probes.send(server.probe, HERE, HANGS_S).cancel()
            return await probes.send(server.probe, HERE, HANGS_S)

    assert asyncio.run(story()) is not None


ping = pytest.mark.skipif(icmp_way() == "", reason="needs ping: net.ipv4.ping_group_range or CAP_NET_RAW")


@ping
def test_rule_52_three_hundred_pings_at_once_lose_none() -> None:
    async def story() -> list[float | None]:
        async with Probes() as probes:
            return await asyncio.gather(
                *(probes.send(Probe("icmp"), f"127.0.0.{1 + at % 250}", HANGS_S) for at in range(300))
            )

    assert None not in asyncio.run(story())


@ping
def test_two_pingers_do_not_take_each_others_answers() -> None:
    async def story() -> list[float | None]:
        async with Probes() as one, Probes() as two:
            return await asyncio.gather(
                *(each.send(Probe("icmp"), HERE, HANGS_S) for each in (one, two) for _ in range(20))
            )

    assert None not in asyncio.run(story())


def test_the_way_of_ping_is_one_of_three() -> None:
    assert icmp_way() in ("datagram", "raw", "")
    assert icmp_way(socket.AF_INET6) in ("datagram", "raw", "")


def test_a_packet_with_its_checksum_sums_to_nothing() -> None:
    packet = bytes((8, 0, 0, 0)) + os.urandom(12)
    whole = packet[:2] + checksum(packet).to_bytes(2, "big") + packet[4:]
    assert checksum(whole) == 0
    assert checksum(bytes.fromhex("0001f203f4f5f6f7")) == 0x220D  # the example of RFC 1071


def test_a_port_that_listens_and_one_that_refuses_both_prove_life() -> None:
    async def story() -> tuple[float | None, float | None]:
        with socket.socket() as listening, socket.socket() as closed:
            listening.bind((HERE, 0))
            listening.listen(1)
            closed.bind((HERE, 0))
            async with Probes() as probes:
                ports = listening.getsockname()[1], closed.getsockname()[1]
                heard = [await probes.send(Probe("tcp", port), HERE, HANGS_S) for port in ports]
                return heard[0], heard[1]

    assert None not in asyncio.run(story())


def test_a_connect_that_nobody_answers_is_lost() -> None:
    async def story() -> float | None:
        with socket.socket() as full:
            full.bind((HERE, 0))
            full.listen(0)
            port = full.getsockname()[1]
            taken = [socket.socket() for _ in range(4)]  # more than the queue holds: later ones get no answer
            for each in taken:
                each.setblocking(False)
                each.connect_ex((HERE, port))
            try:
                async with Probes() as probes:
                    return await probes.send(Probe("tcp", port), HERE, 0.2)
            finally:
                for each in taken:
                    each.close()

    assert asyncio.run(story()) is None


def test_more_connects_than_room_are_all_made() -> None:
    async def story() -> list[float | None]:
        with socket.socket() as listening:
            listening.bind((HERE, 0))
            listening.listen(64)
            async with Probes(in_flight=5) as probes:
                probe = Probe("tcp", listening.getsockname()[1])
                return await asyncio.gather(*(probes.send(probe, HERE, 2.0) for _ in range(40)))

    assert None not in asyncio.run(story())

"""Connections that strangers hold: without a word, letter by letter, without end, or too many of them."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import uvicorn
from click.testing import CliRunner
from uvicorn.server import ServerState

from inventory.skeleton import write_sample
from noc.cli.main import main
from noc.web.serving import HEAD_OCTETS, Line, bound, room
from tests.patience import HANGS_S

GET = b"GET / HTTP/1.1\r\nhost: x\r\n"


async def app(scope: Mapping[str, Any], receive: Callable[[], Any], send: Callable[[Any], Awaitable[None]]) -> None:
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def told(steps: Callable[[int], Awaitable[bytes]], **limits: Any) -> bytes:
    """What `steps` give at a port where lines have these limits."""
    config = uvicorn.Config(app, log_config=None, lifespan="off", log_level="error")
    config.load()
    state = ServerState()
    kind: type[Line] = type("Limited", (Line,), {"from_one": Counter(), "head_s": 0.2, "whole_s": 0.2, **limits})
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: kind(config, state, {}), "127.0.0.1", 0)
    async with server:
        found = await asyncio.wait_for(steps(server.sockets[0].getsockname()[1]), HANGS_S)
    await asyncio.sleep(0.05)
    assert not kind.from_one
    return found


def sending(*parts: bytes, pause_s: float = 0.0) -> Callable[[int], Awaitable[bytes]]:
    """Sends these and gives what came until the line was closed."""

    async def steps(port: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with suppress(ConnectionError):
            for part in parts:
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(pause_s)
        found = b""
        with suppress(ConnectionError):
            found = await reader.read()
        writer.close()
        return found

    return steps


def test_given_a_line_without_a_word_or_a_head_letter_by_letter_then_it_is_closed() -> None:
    assert asyncio.run(told(sending())) == b""
    letters = [bytes([each]) for each in GET]
    assert asyncio.run(told(sending(*letters, pause_s=0.03))) == b""


def test_given_a_body_that_does_not_come_then_the_line_is_closed() -> None:
    post = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n"
    assert asyncio.run(told(sending(post, b"a"))) == b""
    assert asyncio.run(told(sending(post, b"ab", b"cd", b"e", pause_s=0.02), whole_s=5.0)).startswith(b"HTTP/1.1 204")


def test_given_a_head_without_end_then_it_is_refused_before_it_fills_the_memory() -> None:
    lines = [b"x-%d: %s\r\n" % (number, b"a" * 8000) for number in range(100)]
    found = asyncio.run(told(sending(GET, *lines, pause_s=0.001), head_s=10.0))
    assert found.startswith(b"HTTP/1.1 431") or not found
    fits = GET + b"x: " + b"a" * (HEAD_OCTETS // 2) + b"\r\nconnection: close\r\n\r\n"
    assert asyncio.run(told(sending(fits))).startswith(b"HTTP/1.1 204")


def test_given_too_many_lines_from_one_address_then_others_are_answered_still() -> None:
    async def steps(port: int) -> bytes:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
        one_more = await sending(GET + b"connection: close\r\n\r\n")(port)
        for _, writer in held:
            writer.close()
        return one_more

    assert asyncio.run(told(steps, most_from_one=4, head_s=5.0)) == b""
    assert asyncio.run(told(steps, most=4, head_s=5.0)) == b""
    assert asyncio.run(told(steps, most_from_one=4, proxies=("127.0.0.0/8",), head_s=5.0)).startswith(b"HTTP/1.1 204")


def test_given_what_the_system_allows_then_files_are_left_for_ourselves() -> None:
    assert 0 < room() <= 7_680


def test_given_the_address_is_taken_then_it_is_said_and_the_link_of_the_web_that_runs_stays_good(
    tmp_path: Path,
) -> None:
    write_sample(tmp_path, sites=1)
    with bound("127.0.0.1:0") as door:
        listen = f"127.0.0.1:{door.getsockname()[1]}"
        found = CliRunner().invoke(main, ["-c", str(tmp_path / "noc.toml"), "web", "--listen", listen])
    assert found.exit_code == 2
    assert found.output.startswith(f"Error: {listen}: Address already in use")
    assert "Traceback" not in found.output
    assert not (tmp_path / "data" / "ledger.db").exists()

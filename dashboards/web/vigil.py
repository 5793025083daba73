"""Streams last for minutes, rights may not: who listens is asked for again and again, and a stream ends with its right."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Final

from fastapi import Request

from dashboards.web.entrance.gate import known
from dashboards.web.refusal import Refusal
from dashboards.web.viewer import Right

EVERY_S: Final = 5.0


async def while_allowed(
    request: Request, right: Right, news: AsyncGenerator[bytes, None], every_s: float = EVERY_S
) -> AsyncGenerator[bytes, None]:
    """The same news, until the session, display or token that asked for them is over; looked up before one is told.

    The browser then connects again, and is answered as anybody without a right is.
    """
    loop = asyncio.get_running_loop()
    looked_at = loop.time()
    async with aclosing(news) as telling:
        async for each in telling:
            if loop.time() - looked_at >= every_s:
                if not await asyncio.to_thread(_may, request, right):
                    return
                looked_at = loop.time()
            yield each


def _may(request: Request, right: Right) -> bool:
    """While it cannot be known, the stream goes on: it ends by itself before long."""
    try:
        return known(request, request.app.state.house).may(right)
    except Refusal:
        return True

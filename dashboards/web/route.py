"""One way into the web: its address, what answers, and the right it needs; every room of pages has a table of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from dashboards.web.viewer import Right


@dataclass(frozen=True, slots=True)
class Route:
    """`answer` is an ordinary function (it runs beside the event loop) or a coroutine; FastAPI reads its parameters.

    `more` goes to FastAPI as it is (`response_model`, `summary`, `responses`, `status_code`).
    """

    path: str
    answer: Callable[..., Any]
    needs: Right
    methods: tuple[str, ...] = ("GET",)
    more: dict[str, Any] = field(default_factory=dict)

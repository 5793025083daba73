"""How often a property whose examples are dear is tried: a few times wherever tests run, many times in `make sweep`."""

import os
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings

THOROUGH = os.environ.get("NOC_TESTS") == "thorough"


def tried(few: int, *, many: int) -> Callable[[Any], Any]:
    """Decorates a property: `few` examples, or `many` where the environment says NOC_TESTS=thorough."""

    def decorate(test: Any) -> Any:
        return pytest.mark.thorough(settings(deadline=None, max_examples=many if THOROUGH else few)(test))

    return decorate

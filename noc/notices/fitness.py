"""Is anybody heard, and who is not? For `noc doctor`, from what the daemon marked in `notices.db`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from noc.notices.file import NAME
from noc.notices.reader import NoticeReader
from noc.store.file import StoreError, StoreMissing

RECENT_S = 86_400.0
SHOWN = 5


def heard_badly(data: Path, now: float) -> Iterator[tuple[str, str]]:
    """(what is wrong, what to do) for doors that are not open, strangers of the last day and devices that talk too much."""
    try:
        with NoticeReader(data / NAME) as reader:
            marked = reader.mark("ears")
    except StoreMissing:
        return
    except StoreError as error:
        yield str(error), ""
        return
    said: dict[str, Any] = marked[1] if marked else {}
    for door, why in said.get("missing", {}).items():
        yield f"not listening ({door}): {why}", "free the port, or give another one in [notices] of noc.toml"
    for one in said.get("strangers", ())[:SHOWN]:
        if now - one["last_at"] < RECENT_S:
            yield (
                f"{one['address']} sent {one['count']} notices and is not in the inventory",
                "add it to `sources` of its device, or let it send elsewhere",
            )
    for one in said.get("loud", ())[:SHOWN]:
        yield (
            f"{one['device']} sent {one['count']} notices more than are listened to",
            "see what it says: noc notice list",
        )

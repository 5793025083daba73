"""Our own SNMPv3 engine, for informs: an engineID that stays, and boots that grow with every start (RFC 3414, 2.2)."""

import json
import logging
import os
import secrets
import time
from pathlib import Path

from collectors.notices.gate import OwnEngine

log = logging.getLogger(__name__)

NAME = "engine.json"
# RFC 3411 SnmpEngineID: the first bit set, the enterprise number that RFC 5612 keeps for documentation, format 5 (octets)
PREFIX = bytes.fromhex("80007ed905")
MOST_BOOTS = 0x7FFFFFFF


def take_engine(path: Path) -> OwnEngine:
    """The engine of this life of the daemon: boots are one higher, and durable, before anybody hears of them.

    A file that is lost or broken makes another engine: its peers discover it anew. OSError where nothing can be written.
    """
    engine_id, boots = _read(path)
    boots = min(boots + 1, MOST_BOOTS)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8") as opened:
        json.dump({"engine_id": engine_id.hex(), "boots": boots}, opened)
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(path)
    return OwnEngine(engine_id, boots, time.monotonic())


def _read(path: Path) -> tuple[bytes, int]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        engine_id, boots = bytes.fromhex(said["engine_id"]), int(said["boots"])
        if 5 <= len(engine_id) <= 32 and 0 <= boots < MOST_BOOTS:
            return engine_id, boots
        log.warning("%s: no engineID of ours; another one is made, and peers will discover it", path)
    except FileNotFoundError:
        pass
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s cannot be used (%s); another engineID is made, and peers will discover it", path, error)
    return PREFIX + secrets.token_bytes(8), 0

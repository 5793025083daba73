"""The lab's ear for people: a socket in the data directory that takes one act and says whether it was done."""

import json
import os
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from noc.lab.actions import ACTIONS
from noc.lab.doors import LabError
from noc.lab.scenario import checked
from noc.lab.world import World

SOCKET = "lab.sock"
_LONGEST = 16_384
_LONGEST_ADDRESS = 100
_PATIENCE_S = 5.0
_LATER_S = 0.002  # an act takes hold just after what has been asked already


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """A name for the path that fits into a socket address; the kernel takes about a hundred octets."""
    if len(os.fsencode(path)) < _LONGEST_ADDRESS:
        yield str(path)
        return
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{directory}/{path.name}"
    finally:
        os.close(directory)


def _answers(path: Path) -> bool:
    """Somebody listens there already."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe, suppress(OSError), _short(path) as name:
        probe.connect(name)
        return True
    return False


def listen(path: Path) -> socket.socket:
    """A socket for `ask`; LabError when a running lab has it already or it cannot be made."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_socket():
            if _answers(path):
                raise LabError(f"a lab is running already: it listens on {path}")
            path.unlink()
        before = os.umask(0o177)
        try:
            with _short(path) as name:
                sock.bind(name)
        finally:
            os.umask(before)
        sock.listen(8)
    except (OSError, LabError) as error:
        sock.close()
        if isinstance(error, LabError):
            raise
        raise LabError(f"{path}: {error.strerror or error}") from None
    return sock


def attend(sock: socket.socket, world: World, clock: Callable[[], float]) -> None:
    """Take one connection, read one act from it, do it, answer with JSON."""
    connection, _ = sock.accept()
    with connection:
        connection.settimeout(1.0)
        try:
            said = connection.makefile("rb").readline(_LONGEST)
            reply = _done(said, world, clock())
            connection.sendall(json.dumps(reply).encode() + b"\n")
        except OSError:  # whoever asked went away in the middle
            return


def _done(said: bytes, world: World, now: float) -> Mapping[str, Any]:
    try:
        event = json.loads(said)
    except ValueError:
        return {"wrong": ["this is no JSON"]}
    if not isinstance(event, dict):
        return {"wrong": ["an act is a JSON object"]}
    act, wrong = checked(_placed(event, world), world, max(now, world.asked_until) + _LATER_S, source="live")
    if act is None:
        return {"wrong": [message + (f" ({hint})" if hint else "") for message, hint in wrong]}
    world.add(act)
    return {"done": act.do, "at": act.at, "on": dict(act.on)}


def ask(path: Path, event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Hand an act to the running lab and return its answer. LabError: there is none, or it does not answer."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as sock:
        sock.settimeout(_PATIENCE_S)
        try:
            with _short(path) as name:
                sock.connect(name)
            sock.sendall(json.dumps(event).encode() + b"\n")
            answer = sock.makefile("rb").readline(_LONGEST)
            found = json.loads(answer)
        except (OSError, ValueError):
            raise LabError(f"no lab answers on {path}; start one with 'noc lab'") from None
    return found if isinstance(found, dict) else {}


def event_of(words: Sequence[str]) -> dict[str, Any]:
    """`link_down dod-pe-1 ge-0/0/1 for=5m` as an event; what it is done on is placed by the lab, which knows the names."""
    plain = [word for word in words if "=" not in word]
    event: dict[str, Any] = dict(word.split("=", 1) for word in words if "=" in word)
    event["do"], event["words"] = plain[0] if plain else "", plain[1:]
    return event


def _placed(event: Mapping[str, Any], world: World) -> dict[str, Any]:
    """The event with its plain words named: as the one of the action's ways in which all of them are known, else the first."""
    words = list(map(str, event.get("words", [])))
    rest = {key: value for key, value in event.items() if key != "words"}
    action = ACTIONS.get(str(rest.get("do")))
    ways = [dict(zip(way, words, strict=True)) for way in (action.on if action else ()) if len(way) == len(words)]
    for way in ways:
        if not checked({**rest, **way}, world, 0.0)[1]:
            return {**rest, **way}
    return {**rest, **(ways[0] if ways else {f"{word!r}": word for word in words})}

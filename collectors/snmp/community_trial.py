"""Why a community does not get its answer: the versions an agent speaks, its port, its view."""

import time
from collections.abc import Mapping, Sequence

from collectors.diagnosis import Diagnosis
from collectors.snmp import ber
from collectors.snmp.ber import BerError
from collectors.snmp.call import NOTHING
from collectors.snmp.exchange import identity
from collectors.snmp.inquiry import PAUSES_S, Heard, inquire
from collectors.snmp.message import NO_ERROR, V1, V2C, Answer, request, walk
from collectors.snmp.usm import discovery, parse_header
from collectors.snmp.wire import Address

NAMES: Mapping[str, int] = {"1": V1, "2c": V2C}
SLOW_S = 1.0  # liveness waits no longer for a device whose round trip it does not know
_UPTIME = ber.dotted_body("1.3.6.1.2.1.1.3.0")
_TOP = ber.dotted_body("1.3")


async def try_community(
    diagnosis: Diagnosis, address: Address, community: str, *, pauses_s: Sequence[float] = PAUSES_S
) -> bool:
    """Whether one plain question is answered; else the diagnosis has its cause, "silent" at the worst."""
    heard = await _ask(diagnosis, address, community, pauses_s=pauses_s)
    if heard.best is not None:
        return await _read(diagnosis, address, heard, community)
    if heard.refused:
        diagnosis.blame("closed")
    elif heard.replies:
        diagnosis.blame("elsewhere" if not any(reply.here for reply in heard.replies) else "garbled")
    else:
        await _try_others(diagnosis, address, community, pauses_s)
    return False


async def _ask(
    diagnosis: Diagnosis,
    address: Address,
    community: str,
    *,
    version: str = "",
    pauses_s: Sequence[float],
) -> Heard:
    """sysUpTime by one version, the device's own where none is named."""
    version, since = version or diagnosis.version, time.monotonic()
    head, tail = request(ber.GET, community.encode(), [_UPTIME], version=NAMES[version])
    heard = await inquire(address, lambda number: head + number.to_bytes(4) + tail, number_of, pauses_s=pauses_s)
    good = heard.best is not None
    diagnosis.note(f"SNMPv{version}, sysUpTime with our community", told(heard, diagnosis.port), good, since)
    return heard


async def _read(diagnosis: Diagnosis, address: Address, heard: Heard, community: str) -> bool:
    """An answer came: whether it is one that can be gone on with."""
    best = heard.best
    assert best is not None
    try:
        answer = walk(best.data, community.encode(), NAMES[diagnosis.version])
    except BerError as error:
        diagnosis.note("reading the answer", str(error), False, time.monotonic())
        diagnosis.blame("garbled")
        return False
    if not shown(answer):
        await _look_at_view(diagnosis, address, answer, community)
        return False
    return judge_time(diagnosis, best.after_s or 0.0)


def judge_time(diagnosis: Diagnosis, after_s: float) -> bool:
    """A slow answer is blamed, and yet worth going on with."""
    if after_s > SLOW_S:
        diagnosis.blame("slow", slow_s=after_s)
    return True


def shown(answer: Answer) -> bool:
    """The value asked for is there."""
    return answer.status == NO_ERROR and bool(answer.tags) and answer.tags[0] not in NOTHING


async def _look_at_view(diagnosis: Diagnosis, address: Address, answer: Answer, community: str) -> None:
    """sysUpTime, which every agent has, is withheld: what is the first thing that is shown?"""
    diagnosis.note("reading the answer", f"sysUpTime is not shown ({status_of(answer)})", False, time.monotonic())
    since = time.monotonic()
    head, tail = request(ber.GETNEXT, community.encode(), [_TOP], version=NAMES[diagnosis.version])
    heard = await inquire(address, lambda number: head + number.to_bytes(4) + tail, number_of, pauses_s=(1.0, 1.5))
    diagnosis.note("the first object we may see", first_shown(heard, community, diagnosis.version), None, since)
    diagnosis.blame("view")


def first_shown(heard: Heard, community: str, version: str) -> str:
    if heard.best is None:
        return "no answer"
    try:
        answer = walk(heard.best.data, community.encode(), NAMES[version])
    except BerError as error:
        return str(error)
    return ".".join(map(str, ber.oid_arcs(answer.names[0]))) if shown(answer) else f"none ({status_of(answer)})"


def status_of(answer: Answer) -> str:
    return status_text(answer.status, answer.tags[0] if answer.tags else ber.NULL)


def status_text(status: int, tag: int) -> str:
    """Why there is no value, in the words of RFC 3416; empty when there is one."""
    return _STATUSES.get(status, f"error status {status}") if status else _EXCEPTIONS.get(tag, "")


async def _try_others(diagnosis: Diagnosis, address: Address, community: str, pauses_s: Sequence[float]) -> None:
    """Silence: does the agent speak another version, and is there an agent at all?"""
    other = "1" if diagnosis.version == "2c" else "2c"
    heard = await _ask(diagnosis, address, community, version=other, pauses_s=pauses_s[:2])
    if heard.best is not None:
        diagnosis.blame("version", spoken=other)
        return
    heard = await discover(diagnosis, address, pauses_s[:2])
    diagnosis.blame("community" if heard.best is not None else "silent")


async def discover(diagnosis: Diagnosis, address: Address, pauses_s: Sequence[float]) -> Heard:
    """The question of SNMPv3 that needs no user: who are you?"""
    since = time.monotonic()
    heard = await inquire(address, discovery, message_number, pauses_s=pauses_s)
    result = told(heard, diagnosis.port)
    if heard.best is not None:
        header = parse_header(heard.best.data)
        result += f": engine {header.engine_id.hex()}, boots {header.boots}, up {header.time} s"
    diagnosis.note("SNMPv3, who are you (needs no user)", result, heard.best is not None, since)
    return heard


def number_of(data: bytes) -> int | None:
    found = identity(data)
    return None if found is None else int.from_bytes(found)


def message_number(data: bytes) -> int | None:
    """msgID of an SNMPv3 message."""
    try:
        return parse_header(data).msg_id
    except BerError:
        return None


def told(heard: Heard, port: int) -> str:
    """In plain words."""
    if heard.best is not None and heard.best.after_s is not None:
        return f"answers after {heard.best.after_s * 1000:.1f} ms"
    if heard.refused:
        return f"UDP port {port} is closed"
    if not heard.replies:
        return f"silence to {heard.sent} questions"
    if not any(reply.here for reply in heard.replies):
        return f"{len(heard.replies)} answers, none from the address asked"
    return f"{len(heard.replies)} answers, none of them to what was asked"


_EXCEPTIONS = {
    ber.NULL: "no value",
    ber.NO_SUCH_OBJECT: "noSuchObject",
    ber.NO_SUCH_INSTANCE: "noSuchInstance",
    ber.END_OF_MIB_VIEW: "endOfMibView",
}
_STATUSES = {2: "noSuchName", 5: "genErr", 6: "noAccess", 16: "authorizationError"}

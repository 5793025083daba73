"""Why an SNMPv3 user does not get its answer: engine, user, authentication, privacy, level, view, tried one by one."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from collectors.diagnosis import Diagnosis
from collectors.snmp import ber
from collectors.snmp.ber import BerError
from collectors.snmp.call import NOTHING
from collectors.snmp.community_trial import discover, judge_time, message_number, status_text, told
from collectors.snmp.inquiry import PAUSES_S, Heard, inquire
from collectors.snmp.message import AUTHORIZATION_ERROR, NO_ACCESS, NO_ERROR, expect, small
from collectors.snmp.usm import (
    AUTH,
    PRIV,
    REPORTABLE,
    Keys,
    NotDecrypted,
    OutOfWindow,
    Refusal,
    UnknownContext,
    UnknownUser,
    UnsupportedLevel,
    WrongDigest,
    localise,
    open_,
    parse_header,
    refusal,
    seal,
)
from collectors.snmp.wire import Address
from inventory.credentials import SnmpUser

_UPTIME = ber.tlv(
    ber.SEQUENCE, ber.tlv(ber.SEQUENCE, ber.tlv(ber.OID, ber.dotted_body("1.3.6.1.2.1.1.3.0")) + b"\x05\x00")
)
_LEVELS = {0: "noAuthNoPriv", AUTH: "authNoPriv", AUTH | PRIV: "authPriv"}
_CAUSES: dict[type[Refusal], str] = {
    UnknownUser: "user",
    WrongDigest: "authentication",
    NotDecrypted: "privacy",
    UnsupportedLevel: "level",
    OutOfWindow: "clock",
    UnknownContext: "context",
}
_SILENT_AFTER = {-1: "user-silent", 0: "authentication", AUTH: "privacy"}  # by the highest level that was answered
SALT = 0x4E4F4300


@dataclass(slots=True)
class _Asking:
    """Who is asked as whom; `clock` is the agent's boots and time as last told."""

    diagnosis: Diagnosis
    address: Address
    keys: Keys
    clock: tuple[int, int]
    pauses_s: Sequence[float]
    salt: int = SALT

    def question(self, number: int, level: int) -> bytes:
        head = ber.integer(number) + ber.integer(0) + ber.integer(0)
        self.salt += 1
        return seal(
            ber.tlv(ber.GET, head + _UPTIME),
            self.keys,
            msg_id=number,
            clock=self.clock,
            salt=self.salt,
            flags=level | REPORTABLE,
        )


@dataclass(frozen=True, slots=True)
class _Said:
    """Of one level: `refused` by name, or the error status and the tag of the value."""

    heard: Heard
    refused: type[Refusal] | None = None
    status: int = NO_ERROR
    tag: int = ber.NULL
    clock: tuple[int, int] = (0, 0)
    broken: str = ""

    @property
    def text(self) -> str:
        if self.refused is not None:
            return f"refused: {self.refused.word}"
        if self.broken:
            return f"answers what cannot be read: {self.broken}"
        return status_text(self.status, self.tag) or "answers"


async def try_user(
    diagnosis: Diagnosis, address: Address, user: SnmpUser, *, pauses_s: Sequence[float] = PAUSES_S
) -> bool:
    """Whether the user gets its answer at its level; else the diagnosis has its cause."""
    diagnosis.known |= {
        "user": user.user,
        "auth": user.auth,
        "priv": user.priv,
        "level": user.level,
        "context": user.context,
    }
    heard = await discover(diagnosis, address, pauses_s)
    if heard.best is None:
        diagnosis.blame("closed" if heard.refused else "no-v3" if heard.silent else "garbled")
        return False
    header = parse_header(heard.best.data)
    keys = localise(user, header.engine_id)
    asking = _Asking(diagnosis, address, keys, (header.boots, header.time), pauses_s)
    levels = [level for level in (0, AUTH, AUTH | PRIV) if level & ~keys.flags == 0]
    return await _climb(asking, levels)


async def _climb(asking: _Asking, levels: Sequence[int]) -> bool:
    """From the lowest level to the user's own: what each adds is what is wrong when it fails.

    An agent may be silent at a level that it forbids and yet answer above it, so only the last silence decides.
    """
    spoke = -1
    for level in levels:
        said = await _ask(asking, level)
        if said.refused is OutOfWindow:
            asking.clock = said.clock
            said = await _ask(asking, level)
        last = level == levels[-1]
        if said.refused is not None and (last or said.refused is not UnsupportedLevel):
            asking.diagnosis.blame(_CAUSES.get(said.refused, "garbled"))
            return False
        if not said.broken and said.heard.best is not None:
            spoke = level
            if last:
                return _shown(asking.diagnosis, said, level)
    asking.diagnosis.blame(_SILENT_AFTER[spoke])
    return False


def _shown(diagnosis: Diagnosis, said: _Said, level: int) -> bool:
    if said.status in (NO_ACCESS, AUTHORIZATION_ERROR):
        diagnosis.blame("view" if level & PRIV else "level")
    elif said.status != NO_ERROR or said.tag in NOTHING:
        diagnosis.blame("view")
    else:
        best = said.heard.best
        return judge_time(diagnosis, (best.after_s or 0.0) if best else 0.0)
    return False


async def _ask(asking: _Asking, level: int) -> _Said:
    since = time.monotonic()
    heard = await inquire(
        asking.address,
        lambda number: asking.question(number, level),
        message_number,
        pauses_s=asking.pauses_s if level == asking.keys.flags else asking.pauses_s[:2],
    )
    said = _read(asking.keys, heard, level)
    result = told(heard, asking.diagnosis.port)
    if heard.best is not None:
        result = f"{said.text} ({result})"
    below = level != asking.keys.flags and said.refused in (None, UnsupportedLevel)  # nothing need be shown there
    good = said.text == "answers" and heard.best is not None
    asking.diagnosis.note(f"sysUpTime as the user, {_LEVELS[level]}", result, good or (None if below else False), since)
    return said


def _read(keys: Keys, heard: Heard, level: int) -> _Said:
    """What the answer says; a Report may come at any level, anything else only at the one asked."""
    if heard.best is None:
        return _Said(heard)
    data = heard.best.data
    try:
        header = parse_header(data)
        scoped = open_(data, header, keys, least=min(header.level, level))
        refused = refusal(scoped.pdu)
        if refused is None and header.level != level:
            return _Said(heard, broken="at another level than asked")
        clock = header.boots, header.time
        if refused is not None:
            return _Said(heard, refused, clock=clock)
        return _Said(heard, None, *_status_and_tag(scoped.pdu), clock)
    except BerError as error:
        return _Said(heard, broken=str(error))
    except Refusal as error:
        return _Said(heard, broken=error.word)


def _status_and_tag(pdu: bytes) -> tuple[int, int]:
    """Error status of a response, and the tag of its first value."""
    pos, _ = expect(pdu, 0, ber.RESPONSE)
    _, pos = expect(pdu, pos, ber.INTEGER)
    status, pos = small(pdu, pos)
    _, pos = small(pdu, pos)
    pos, end = expect(pdu, pos, ber.SEQUENCE)
    if pos == end:
        return status, ber.NULL
    pos, _ = expect(pdu, pos, ber.SEQUENCE)
    _, pos = expect(pdu, pos, ber.OID)
    return status, ber.read(pdu, pos)[0]

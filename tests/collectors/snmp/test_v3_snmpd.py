"""SNMPv3 with Debian's snmpd: every algorithm it has, what it says to wrong users, and what it forgets in a restart."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from collectors.contract import CollectError, CredentialsRefused, NoAnswer, Plan, ViewDenied
from collectors.snmp.engine import Engine
from collectors.snmp.session import Session
from collectors.snmp.speech import Plain
from inventory.credentials import AUTHS, Auth, Priv, SnmpUser
from inventory.secret import Secret
from tests.collectors.snmp.agent import serving
from tests.collectors.snmp.sealed_agent import SealedAgent, secured
from tests.collectors.snmp.snmpd import Snmpd, needs_snmpd
from tests.collectors.snmp.test_secured import OBJECTS
from tests.patience import HANGS_S
from tests.stalls import undisturbed

pytestmark = [*needs_snmpd, pytest.mark.xdist_group("snmpd")]

UPTIME, NAME = "1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.1.5.0"
COLUMNS = ("1.3.6.1.2.1.2.2.1.2", "1.3.6.1.2.1.2.2.1.5")
PLAN = Plan((UPTIME,), ("1.3.6.1.2.1.2.2.1.5", "1.3.6.1.2.1.2.2.1.7"), (1,))
PRIVS: dict[Priv, str] = {"DES": "DES", "AES-128": "AES", "AES-192": "AES-192", "AES-256": "AES-256"}
PASSWORDS = Secret("authentication"), Secret("privacypassword")
SNMPGET = shutil.which("snmpget")
What = Callable[[Engine], Awaitable[None]]


def user(auth: Auth = "SHA-1", priv: Priv | None = "AES-128") -> SnmpUser:
    name = f"{auth}-{priv or 'none'}".replace("SHA-1-", "SHA-")
    return SnmpUser(name, auth, PASSWORDS[0], priv, PASSWORDS[1] if priv else None)


def lines() -> Iterator[str]:
    yield "sysName v3-box"
    yield "createUser nothing\nrouser nothing noauth"
    for auth in AUTHS:
        digest = auth.replace("SHA-1", "SHA")
        one = user(auth, None)
        yield f"createUser {one.user} {digest} authentication\nrouser {one.user} auth"
        for priv, named in PRIVS.items():
            one = user(auth, priv)
            yield f"createUser {one.user} {digest} authentication {named} privacypassword\nrouser {one.user} priv"
    yield "createUser unwelcome SHA authentication AES privacypassword"
    yield "view elsewhere included .1.3.6.1.9999\ncreateUser blind SHA authentication AES privacypassword"
    yield "rouser blind priv -V elsewhere"


@pytest.fixture(scope="module")
def snmpd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Snmpd]:
    agent = Snmpd(tmp_path_factory.mktemp("snmpd"), *lines())
    agent.start()
    yield agent
    agent.stop()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Snmpd]:
    agent = Snmpd(tmp_path, *lines())
    agent.start()
    yield agent
    agent.stop()


def run(what: What, pause_s: float = HANGS_S / 4) -> None:
    async def go() -> None:
        async with Engine(pause_s=pause_s) as engine:
            await what(engine)

    asyncio.run(asyncio.wait_for(go(), HANGS_S))


def in_clear(engine: Engine, agent: Snmpd) -> Session:
    async def find():  # type: ignore[no-untyped-def]
        return engine.peer(agent.address)

    return Session(Plain(engine, "public"), find)


USERS = [SnmpUser("nothing"), *(user(auth, priv) for auth in AUTHS for priv in (None, *PRIVS))]


@pytest.mark.parametrize("one", USERS, ids=lambda one: one.user)
def test_given_any_algorithm_then_it_says_what_it_says_in_clear(snmpd: Snmpd, one: SnmpUser) -> None:
    async def what(engine: Engine) -> None:
        session, clear = secured(engine, snmpd.address, one), in_clear(engine, snmpd)
        assert (await session.get([UPTIME, NAME]))[1] == b"v3-box"
        assert await session.table(COLUMNS) == await clear.table(COLUMNS)
        for _ in range(2):
            assert (await session.matrix(PLAN)).values.tolist() == (await clear.matrix(PLAN)).values.tolist()
        figures = engine.figures()
        assert (figures["resent"], figures["resynced"], figures["unproven"], figures["discoveries"]) == (0, 0, 0, 1)

    run(what)


def wrong(**changed: object) -> SnmpUser:
    right = {"user": "SHA-AES-128", "auth": "SHA-1", "auth_password": PASSWORDS[0]}
    return SnmpUser(**(right | {"priv": "AES-128", "priv_password": PASSWORDS[1]} | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "one, kind, words",
    [
        (wrong(user="stranger"), CredentialsRefused, "unknown user"),
        (wrong(auth_password=Secret("something else")), CredentialsRefused, "wrong authentication key"),
        (wrong(auth="SHA-512"), CredentialsRefused, "wrong authentication key"),
        (wrong(priv_password=Secret("something else")), NoAnswer, "perhaps a wrong privacy key"),
        (wrong(priv="DES"), NoAnswer, "perhaps a wrong privacy key"),
        (wrong(user="SHA-none"), CredentialsRefused, "unsupported security level"),
        (wrong(priv=None, priv_password=None), ViewDenied, "not at level authNoPriv"),
        (SnmpUser("SHA-AES-128"), ViewDenied, "not at level noAuthNoPriv"),
        (wrong(user="unwelcome"), ViewDenied, "may not see this"),
        (wrong(user="blind"), ViewDenied, "not even sysUpTime"),
        (wrong(context="vrf-1"), NoAnswer, "perhaps a wrong privacy key or context"),
    ],
)
def test_given_wrong_credentials_then_they_are_named(
    snmpd: Snmpd, one: SnmpUser, kind: type[CollectError], words: str
) -> None:
    async def what(engine: Engine) -> None:
        with pytest.raises(kind, match=words):
            await secured(engine, snmpd.address, one).get([UPTIME, NAME], tries=1)
        assert engine.in_flight == 0

    if kind is NoAnswer:  # only this one waits until its time is up
        undisturbed(lambda scale: run(what, scale * 0.3))
    else:
        run(what)


def test_rule_07_given_snmpd_restarts_then_the_next_poll_succeeds(own: Snmpd) -> None:
    async def what(engine: Engine) -> None:
        session = secured(engine, own.address, user())
        await session.matrix(PLAN)
        authority = engine.peer(own.address).authority
        assert authority is not None
        boots = authority.boots
        own.stop()
        own.start()
        assert (await session.matrix(PLAN)).known is None
        assert (authority.boots, engine.counters.resynced, engine.counters.discoveries) == (boots + 1, 1, 1)

    run(what)


def test_rule_07_given_snmpd_forgets_its_boots_then_the_next_poll_succeeds(own: Snmpd) -> None:
    own.stop()
    own.start()

    async def what(engine: Engine) -> None:
        session = secured(engine, own.address, user())
        assert await session.get([NAME]) == [b"v3-box"]
        authority = engine.peer(own.address).authority
        assert authority is not None and authority.boots == 2
        own.stop()
        own.forget()
        own.lines = (*lines(), f"exactEngineID 0x{authority.engine_id.hex()}")
        own.start()
        assert await session.get([NAME]) == [b"v3-box"]
        assert (authority.boots, engine.counters.resynced, engine.counters.discoveries) == (1, 1, 1)

    run(what)


def test_given_another_engine_id_after_a_restart_then_the_next_poll_succeeds(own: Snmpd) -> None:
    async def what(engine: Engine) -> None:
        session = secured(engine, own.address, user())
        assert await session.get([NAME]) == [b"v3-box"]
        own.stop()
        own.forget()
        own.start()
        assert await session.get([NAME]) == [b"v3-box"]
        assert (engine.counters.discoveries, engine.counters.replaced) == (2, 1)
        assert (await session.matrix(PLAN)).known is None

    run(what)


@pytest.mark.skipif(SNMPGET is None, reason="net-snmp's snmpget is not installed")
@pytest.mark.parametrize(
    "auth, priv", [("MD5", "DES"), ("SHA-1", "AES-128"), ("SHA-512", "AES-192"), ("SHA-256", "AES-256")]
)
def test_given_snmpget_then_it_understands_what_our_side_of_an_agent_seals(auth: Auth, priv: Priv) -> None:
    one = user(auth, priv)

    async def go() -> None:
        async with serving(SealedAgent(OBJECTS, users={one.user: one})) as agent:
            words = [
                "-On",
                "-r",
                "0",
                "-t",
                str(round(HANGS_S)),
                "-v3",
                "-l",
                "authPriv",
                "-u",
                one.user,
                "-a",
                auth.replace("-1", ""),
            ]
            words += [
                "-A",
                "authentication",
                "-x",
                PRIVS[priv],
                "-X",
                "privacypassword",
                "{}:{}".format(*agent.address),
            ]
            asked = await asyncio.create_subprocess_exec(
                str(SNMPGET), *words, UPTIME, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
            )
            said, _ = await asyncio.wait_for(asked.communicate(), HANGS_S)
            assert b"(4711)" in said, said

    asyncio.run(go())

"""Logins to a real OpenSSH server: what is learnt, and each way in which it can fail, by its name."""

import asyncio
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from collectors.contract import (
    BadAnswer,
    ConnectRefused,
    CredentialsRefused,
    HeldBack,
    HostKeyChanged,
    NameUnresolved,
    NoAnswer,
    NoBanner,
    NotParsed,
    Said,
    Target,
    TooSlow,
    Unsupported,
)
from collectors.ssh.bounds import Bounds
from collectors.ssh.cli import Cli
from collectors.ssh.host_keys import HostKeys, host_name
from inventory.batch import Batch, Facts
from inventory.credentials import Login
from inventory.model import Device, Ssh
from inventory.secret import Secret
from tests.collectors.ssh.sshd import Sshd, make_key, needs_sshd, running
from tests.patience import HANGS_S
from tests.stalls import undisturbed

pytestmark = [pytest.mark.xdist_group("logins"), pytest.mark.openssh, needs_sshd]
PATIENT = Bounds(HANGS_S, HANGS_S, HANGS_S, HANGS_S, output_octets=1 << 20)
SUMMARY = """BGP router identifier 10.0.0.1, local AS number 64512
BGP table version is 5, main routing table version 5

Neighbor        V           AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd
10.1.1.1        4        64513     100     101        5    0    0 1d02h          42
10.1.1.2        4        64514       0       0        1    0    0 never    Idle
"""


@pytest.fixture(scope="module")
def sshd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sshd]:
    with running(tmp_path_factory.mktemp("sshd")) as server:
        yield server


def cli(
    place: Path, login: Login | Callable[[], Login], *, bounds: Bounds = PATIENT, skip: tuple[str, ...] = ()
) -> Cli:
    told = frozenset({"version", "hardware", "optical", "routes", *skip})
    return Cli(
        lambda name: login() if callable(login) else login, place, time.time, told=lambda device: told, bounds=bounds
    )


async def once(collector: Cli, target: Target) -> list[Said]:
    try:
        return list(await collector.collect(target, 1000))
    finally:
        await collector.close()


def batch(said: list[Said], measurement: str) -> Batch:
    return next(one for one in said if isinstance(one, Batch) and one.measurement == measurement)


def test_given_a_key_then_prefixes_come_home_and_nothing_but_the_table_is_typed(sshd: Sshd, tmp_path: Path) -> None:
    sshd.say(outputs={"show ip bgp summary": SUMMARY}, paged=True)
    said = asyncio.run(once(cli(tmp_path, sshd.login), sshd.target()))
    prefixes = batch(said, "bgp_prefixes")
    assert (prefixes.rows, prefixes.at, prefixes.scope) == (("10.1.1.1", "10.1.1.2"), 1000, "r1")
    np.testing.assert_array_equal(prefixes.of("prefixes_received"), [42, np.nan])
    assert batch(said, "ssh").of("host_key_changed")[0] == 0
    assert sshd.lines() == ["terminal length 0", "terminal width 511", "show ip bgp summary"]


def test_given_a_version_then_facts_say_it_and_stand_while_nothing_changes(sshd: Sshd, tmp_path: Path) -> None:
    sshd.say(
        prompt="frr",
        outputs={
            "show version": "FRRouting 8.4.4 (dar) on Linux(6.1).\n",
            "show ip route summary json": '{"routes": [], "routesTotal": 89}',
        },
    )
    collector = Cli(lambda name: sshd.login, tmp_path, time.time, told=lambda device: {"bgp_prefixes"}, bounds=PATIENT)
    said = asyncio.run(once(collector, sshd.target("frr")))
    facts = next(one for one in said if isinstance(one, Facts))
    assert (facts.part, facts.content["version"], facts.content["hostname"]) == ("cli", "8.4.4", "dar")
    assert batch(said, "routes").of("routes")[0] == 89


def test_given_a_linux_login_shell_then_vtysh_is_called_in_it(sshd: Sshd, tmp_path: Path) -> None:
    sshd.say(
        outputs={
            "vtysh -c 'show version'": "FRRouting 10.1 (pe1) on Linux(6.1).\n",
            "vtysh -c 'show ip route summary json'": '{"routesTotal": 7}',
        }
    )
    collector = Cli(lambda name: sshd.login, tmp_path, time.time, told=lambda device: {"bgp_prefixes"}, bounds=PATIENT)
    said = asyncio.run(once(collector, sshd.target("frr")))
    assert batch(said, "routes").of("routes")[0] == 7
    assert sshd.lines() == ["show version", "vtysh -c 'show version'", "vtysh -c 'show ip route summary json'"]


def test_given_pages_that_cannot_be_turned_off_then_they_are_turned(sshd: Sshd, tmp_path: Path) -> None:
    routes = "".join(f"C    10.{n}.0.0/24 is directly connected, port{n}\n" for n in range(90))
    sshd.say(prompt="FGT60 # ", paged=True, outputs={"get router info routing-table all": routes})
    collector = Cli(
        lambda name: sshd.login, tmp_path, time.time, told=lambda device: {"version", "bgp_prefixes"}, bounds=PATIENT
    )
    said = asyncio.run(once(collector, sshd.target("fortinet")))
    assert batch(said, "routes").of("routes")[0] == 90
    assert sshd.lines() == ["", "get router info routing-table all"]  # no configuration for the sake of paging


def test_given_an_enable_secret_then_it_is_used_and_never_kept(sshd: Sshd, tmp_path: Path) -> None:
    sshd.say(prompt="r1>", enable="open-sesame", outputs={"show ip bgp summary": SUMMARY})
    login = Login(sshd.login.user, key=sshd.login.key, enable=Secret("open-sesame"))
    assert batch(asyncio.run(once(cli(tmp_path, login), sshd.target())), "bgp_prefixes").rows
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and "open-sesame" in path.read_text()]
    wrong = Login(sshd.login.user, key=sshd.login.key, enable=Secret("wrong"))
    with pytest.raises(CredentialsRefused, match="enable"):
        asyncio.run(once(cli(tmp_path, wrong), sshd.target()))


def test_given_a_prompt_inside_the_output_then_it_does_not_end_there(sshd: Sshd, tmp_path: Path) -> None:
    first, second = SUMMARY.split("10.1.1.2")
    sshd.say(
        outputs={
            "show ip bgp summary": first
            + "10.1.1.9        4  64512  1  1  1  0 0 r1#\nr1#\n<pause>\n"
            + "10.1.1.2"
            + second
        }
    )
    with pytest.raises(NotParsed):  # a line that no template knows, not a table that ends early
        asyncio.run(once(cli(tmp_path, sshd.login), sshd.target()))
    assert "10.1.1.2" in (tmp_path / "output" / "r1" / "show_ip_bgp_summary.txt").read_text()


def test_given_a_slow_login_with_a_banner_like_a_prompt_then_it_waits(sshd: Sshd, tmp_path: Path) -> None:
    sshd.say(login_s=0.7, motd="Welcome to GovNet>\n", outputs={"show ip bgp summary": SUMMARY})
    assert batch(asyncio.run(once(cli(tmp_path, sshd.login), sshd.target())), "bgp_prefixes").rows


def test_given_a_question_at_login_then_nothing_is_agreed_to(sshd: Sshd, tmp_path: Path) -> None:
    peers = (
        "  Peer            V          AS  MsgRcvd  MsgSent  OutQ  Up/Down       State  PrefRcv\n"
        "  192.168.1.11    4      64513    47622    49953     0  626h43m Established      551\n"
    )
    sshd.say(
        prompt="<dar-pe-1>",
        questions=["The password needs to be changed. Change now? [Y/N]:"],
        outputs={"display bgp peer": peers},
    )
    said = asyncio.run(once(cli(tmp_path, sshd.login), sshd.target("huawei_vrp")))
    assert batch(said, "bgp_prefixes").of("prefixes_received")[0] == 551
    assert sshd.lines()[0] == "answered N"


def test_rule_48_given_an_empty_answer_then_it_is_an_error_and_its_own_words_are_not(
    sshd: Sshd, tmp_path: Path
) -> None:
    sshd.say(outputs={"show ip bgp summary": ""})
    with pytest.raises(NotParsed) as caught:
        asyncio.run(once(cli(tmp_path, sshd.login), sshd.target()))
    assert [one.measurement for one in caught.value.said if isinstance(one, Batch)] == ["ssh"]
    sshd.say(outputs={"show ip bgp summary": "% BGP not active\n"})
    said = asyncio.run(once(cli(tmp_path, sshd.login), sshd.target()))
    assert [one.measurement for one in said if isinstance(one, Batch)] == ["ssh"]


def test_given_a_command_the_router_does_not_know_then_it_is_told_and_not_asked_again(
    sshd: Sshd, tmp_path: Path
) -> None:
    async def twice() -> list[Said]:
        collector = cli(tmp_path, sshd.login)
        await collector.collect(sshd.target(), 1000)
        return await once(collector, sshd.target())

    sshd.say()
    said = asyncio.run(twice())
    facts = next(one for one in said if isinstance(one, Facts))
    assert facts.content["unsupported"] == ["bgp_prefixes"]
    assert sshd.lines().count("show ip bgp summary") == 1


def test_rule_49_given_a_hung_sshd_then_it_is_named_no_banner(sshd: Sshd, tmp_path: Path) -> None:
    assert sshd.process
    sshd.process.send_signal(signal.SIGSTOP)
    try:
        with pytest.raises(NoBanner):
            asyncio.run(once(cli(tmp_path, sshd.login, bounds=replace(PATIENT, banner_s=0.5)), sshd.target()))
    finally:
        sshd.process.send_signal(signal.SIGCONT)


def test_rule_49_given_a_closed_port_then_it_is_named_refused(tmp_path: Path) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        device = Device("r1", "site", "127.0.0.1", ssh=Ssh("cisco_ios", port=bound.getsockname()[1]))
        with pytest.raises(ConnectRefused):
            asyncio.run(once(cli(tmp_path, Login("x", password=Secret("y"))), Target(device, "cli", 900)))


def test_rule_49_given_a_command_without_end_then_its_bound_ends_it(sshd: Sshd, tmp_path: Path) -> None:
    sshd.say(prompt="r1#", outputs={"show ip bgp summary": "<pause>\n" * 6000})  # two minutes of nothing
    with pytest.raises(TooSlow, match="show ip bgp summary"):
        asyncio.run(once(cli(tmp_path, sshd.login, bounds=replace(PATIENT, command_s=1.5)), sshd.target()))


def test_rule_49_given_a_slow_shell_then_the_bound_of_the_login_ends_it(sshd: Sshd, tmp_path: Path) -> None:
    def asked(bounds: Bounds, login_s: float) -> float:
        sshd.say(login_s=login_s, outputs={"show ip bgp summary": SUMMARY})
        began = time.monotonic()
        asyncio.run(once(cli(tmp_path, sshd.login, bounds=bounds), sshd.target()))
        return time.monotonic() - began

    def told(scale: float) -> None:
        usual_s = asked(PATIENT, 0)  # of which key exchange and authentication are parts
        with pytest.raises(TooSlow, match="login"):
            asked(replace(PATIENT, login_s=scale * max(1.0, 2 * usual_s)), 10 * HANGS_S)

    undisturbed(told, bears_s=0.5)


def test_given_output_without_end_then_it_is_bounded(sshd: Sshd, tmp_path: Path) -> None:
    sshd.say(outputs={"show ip bgp summary": ("x" * 1000 + "\n") * 2000})
    with pytest.raises(BadAnswer, match="octets"):
        asyncio.run(once(cli(tmp_path, sshd.login), sshd.target()))


def test_rule_49_given_another_host_key_then_it_is_refused_until_a_person_accepts_it(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.say(outputs={"show ip bgp summary": SUMMARY})
        data = tmp_path / "data"
        asyncio.run(once(cli(data, server.login), server.target()))
        server.stop()
        make_key(server.host_keys[0])
        server.start()
        with pytest.raises(HostKeyChanged, match="SHA256:") as caught:
            asyncio.run(once(cli(data, server.login), server.target()))
        [told] = caught.value.said
        assert isinstance(told, Batch) and told.of("host_key_changed")[0] == 1
        assert server.lines()[-1] != "exit"  # nobody logged in
        [offered] = HostKeys(data).offered()
        assert offered.host == host_name("127.0.0.1", server.port)
        HostKeys(data).accept(offered)
        assert batch(asyncio.run(once(cli(data, server.login), server.target())), "bgp_prefixes").rows


def test_given_a_host_that_shows_a_second_key_type_then_it_is_no_change(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        server.say(outputs={"show ip bgp summary": SUMMARY})
        server.stop()
        server.host_keys = [make_key(tmp_path / "rsa", "rsa")]
        server.start()
        data = tmp_path / "data"
        asyncio.run(once(cli(data, server.login), server.target()))
        server.stop()
        server.host_keys.append(tmp_path / "host")
        server.start()
        asyncio.run(once(cli(data, server.login), server.target()))
        assert HostKeys(data).kinds(host_name("127.0.0.1", server.port)) == ("ssh-rsa",)


def test_rule_49_given_a_wrong_key_on_many_routers_then_few_are_refused_and_the_rest_held_back(
    sshd: Sshd, tmp_path: Path
) -> None:
    login = Login(sshd.login.user, key=make_key(tmp_path / "other"))

    async def all_at_once() -> list[BaseException]:
        collector = cli(tmp_path / "data", login)
        targets = [sshd.target(key=f"r{n}") for n in range(20)]
        found = await asyncio.gather(*(collector.collect(one, 0) for one in targets), return_exceptions=True)
        await collector.close()
        return [one for one in found if isinstance(one, BaseException)]

    outcomes = [type(one) for one in asyncio.run(all_at_once())]
    assert outcomes.count(CredentialsRefused) == 2
    assert outcomes.count(HeldBack) == 18


def test_given_a_key_that_cannot_be_read_then_no_login_is_tried(sshd: Sshd, tmp_path: Path) -> None:
    with pytest.raises(CredentialsRefused, match="missing"):
        asyncio.run(once(cli(tmp_path, Login("x", key=tmp_path / "missing")), sshd.target()))
    assert not (tmp_path / "refused.json").exists()


def test_given_no_login_among_the_secrets_then_it_says_which(sshd: Sshd, tmp_path: Path) -> None:
    with pytest.raises(CredentialsRefused, match="default"):
        asyncio.run(once(Cli(lambda name: None, tmp_path, time.time), sshd.target()))


def test_given_a_device_without_ssh_or_a_name_nobody_knows_then_it_says_so(tmp_path: Path) -> None:
    login = Login("x", password=Secret("y"))
    with pytest.raises(Unsupported):
        asyncio.run(once(cli(tmp_path, login), Target(Device("r1", "site", "127.0.0.1"), "cli", 900)))
    unknown = Device("r1", "site", "no-such-name.invalid", ssh=Ssh("cisco_ios"))
    with pytest.raises((NameUnresolved, NoAnswer)):
        asyncio.run(once(cli(tmp_path, login), Target(unknown, "cli", 900)))


def test_given_a_cancelled_poll_then_its_session_ends_and_the_next_one_works(sshd: Sshd, tmp_path: Path) -> None:
    async def cancelled() -> list[Said]:
        collector = cli(tmp_path, sshd.login, bounds=PATIENT)
        polling = asyncio.create_task(collector.collect(sshd.target(), 0))
        await asyncio.sleep(0.5)
        polling.cancel()
        with pytest.raises(asyncio.CancelledError):
            await polling
        sshd.say(outputs={"show ip bgp summary": SUMMARY})
        return await once(collector, sshd.target())

    sshd.say(login_s=10 * HANGS_S)
    began = time.monotonic()
    assert batch(asyncio.run(cancelled()), "bgp_prefixes").rows
    assert time.monotonic() - began < HANGS_S


def test_given_the_end_of_the_daemon_then_no_session_is_waited_for(sshd: Sshd, tmp_path: Path) -> None:
    async def ended() -> BaseException | None:
        collector = cli(tmp_path, sshd.login, bounds=PATIENT)
        polling = asyncio.create_task(collector.collect(sshd.target(), 0))
        await asyncio.sleep(0.5)
        await collector.close()
        [outcome] = await asyncio.gather(polling, return_exceptions=True)
        return outcome if isinstance(outcome, BaseException) else None

    sshd.say(login_s=10 * HANGS_S)
    assert isinstance(asyncio.run(ended()), NoAnswer)

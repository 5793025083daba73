"""What is kept beside the figures: host keys, outputs without their secrets, files that are whole."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.contract import HostKeyChanged
from collectors.ssh.files import write_whole
from collectors.ssh.host_keys import HostKey, HostKeys, host_name
from collectors.ssh.masking import masked
from collectors.ssh.outputs import HEAD, TAIL, Outputs

LINES = """enable secret 9 $9$nhEmQVczB7dqsO$X.HsgL6x1il0RXk.S3cret
enable secret 5 $1$mERr$S3cret
enable password 7 S3cret
username admin privilege 15 password 7 S3cret
username bob privilege 15 secret sha512 $6$abc$S3cret
snmp-server community S3cret RO 10
snmp-server community 7 S3cret group network-operator
snmp-server host 10.1.1.1 version 2c S3cret
snmp-server host 10.1.1.1 traps version 2c S3cret
snmp-server user mon grp v3 auth sha S3cret priv aes 128 S3cret
tacacs-server host 1.2.3.4 key 7 S3cret
tacacs-server key S3cret
 key 7 "S3cret"
 radius-server host 1.1.1.1 auth-port 1812 acct-port 1813 key S3cret
 neighbor 10.0.0.1 password 7 S3cret
 ip ospf message-digest-key 1 md5 7 S3cret
 ip ospf authentication-key S3cret
 key-string 7 S3cret
 pre-shared-key address 0.0.0.0 key S3cret
crypto isakmp key S3cret address 1.2.3.4
set system root-authentication encrypted-password "$6$S3cret"
            encrypted-password "$1$S3cret"; ## SECRET-DATA
set snmp community S3cret authorization read-only
    pre-shared-key ascii-text "$9$S3cret";
 authentication-key "$9$abS3cret";
snmp-agent community read cipher %^%#S3cret%^%#
 snmp-agent community read S3cret
 local-user admin password irreversible-cipher $1a$S3cret$
 local-user admin password cipher S3cret
 hwtacacs-server shared-key cipher S3cret
 super password level 3 cipher S3cret
 ospf authentication-mode md5 1 cipher S3cret
 peer 10.1.1.1 password cipher S3cret
 key authentication cipher $c$3$S3cret
 password hash $h$6$S3cret
 snmp-agent target-host trap address udp-domain 1.1.1.1 params securityname cipher S3cret
    set password ENC S3cretabc==
    set psksecret ENC S3cret
    set passwd S3cret
    set key S3cret
/ppp secret add name=x password=S3cret
/ip ipsec identity add secret="S3cret"
 0 name="peer1" tcp-md5-key="S3cret" nexthop-choice=default
wpa2-pre-shared-key=S3cret
/snmp community set name=S3cret
ntp authentication-key 1 md5 7 S3cret
 isis password S3cret level-2
standby 1 authentication md5 key-string S3cret
 authentication text S3cret
-----BEGIN OPENSSH PRIVATE KEY-----  S3cret""".splitlines()


@pytest.mark.parametrize("line", LINES)
def test_given_a_line_with_a_secret_then_only_the_secret_goes(line: str) -> None:
    kept = masked(line)
    assert "S3cret" not in kept and "***" in kept
    assert masked(kept) == kept


@pytest.mark.parametrize(
    "line",
    [
        "10.0.0.1        4        65000 2746767 2396274 512185206    0    0 3w0d       558720",
        "Cisco IOS Software, Version 15.3(2)S1, RELEASE SOFTWARE (fc1)",
        "Processor board ID SSI1289001MH",
        "Te1/49       23.1       3.29      -2.2      -3.0",
        "inet.0: 993427 destinations, 8574425 routes (992253 active, 13182 holddown, 1328663 hidden)",
    ],
)
def test_given_a_line_without_a_secret_then_it_stays(line: str) -> None:
    assert masked(line) == line


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=300))
def test_given_any_text_then_masking_ends_and_masks_no_less_the_second_time(text: str) -> None:
    assert len(masked(masked(text))) <= len(masked(text)) + 9 * text.count(" ")


def test_given_an_output_then_it_is_kept_masked_bounded_and_private(tmp_path: Path) -> None:
    outputs = Outputs(tmp_path)
    outputs.keep(
        "../../r1", "show run | include ../x", "snmp-server community hunter2 RO\n" + "y" * 400_000 + "\nend", 0
    )
    path = outputs.path("../../r1", "show run | include ../x")
    assert path.is_relative_to(tmp_path) and path.resolve().is_relative_to(tmp_path.resolve())
    text = path.read_text()
    assert "hunter2" not in text and text.rstrip().endswith("end") and "left out" in text
    assert len(text) < HEAD + TAIL + 500
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    outputs.forget("../../r1")
    assert not path.exists()


def test_given_a_place_that_cannot_be_written_then_it_is_said_once_and_costs_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "taken").write_text("a file")
    outputs = Outputs(tmp_path / "taken")
    outputs.keep("r1", "show version", "x", 0)
    outputs.keep("r1", "show version", "x", 0)
    assert caplog.text.count("not kept") == 1


def key(octets: bytes, host: str = "10.0.0.1", kind: str = "ssh-ed25519") -> HostKey:
    return HostKey(host, kind, octets)


def test_given_a_first_key_then_it_is_trusted_and_another_is_not(tmp_path: Path) -> None:
    keys = HostKeys(tmp_path)
    keys.verify(key(b"one"))
    keys.verify(key(b"one"))
    keys.verify(key(b"other", "10.0.0.2"))
    for _ in range(2):
        with pytest.raises(HostKeyChanged):
            keys.verify(key(b"two"))
    assert keys.offered() == (key(b"two"),)
    keys.accept(key(b"two"))
    keys.verify(key(b"two"))
    with pytest.raises(HostKeyChanged):
        keys.verify(key(b"one"))
    assert {each.host for each in keys.trusted()} == {"10.0.0.1", "10.0.0.2"}


def test_given_a_known_hosts_of_openssh_then_it_is_understood(tmp_path: Path) -> None:
    (tmp_path / "known_hosts").write_text(
        "# by hand\n\n@revoked * ssh-rsa AAAA\n|1|hash|x ssh-rsa AAAA\n10.0.0.1,r1 ssh-ed25519 b25l comment\n"
        "10.0.0.1 ssh-rsa ###\nshort\n\x00\xff\n"
    )
    keys = HostKeys(tmp_path)
    keys.verify(key(b"one"))
    assert keys.kinds("r1") == ("ssh-ed25519",)
    with pytest.raises(HostKeyChanged):
        keys.verify(key(b"two", "r1"))


def test_given_many_threads_then_no_first_key_is_lost(tmp_path: Path) -> None:
    keys = HostKeys(tmp_path)
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda number: keys.verify(key(b"k", f"10.0.0.{number}")), range(60)))
    assert len(keys.trusted()) == 60


def test_given_a_port_then_the_host_is_written_as_openssh_does() -> None:
    assert (host_name("10.0.0.1", 22), host_name("10.0.0.1", 2222)) == ("10.0.0.1", "[10.0.0.1]:2222")
    assert key(b"x").fingerprint.startswith("SHA256:")


def test_given_a_file_that_cannot_be_replaced_then_no_half_is_left(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError):
        write_whole(tmp_path / "taken", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]

"""What snmpwalk prints is read back as what the agent said."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from noc.lab.recording import read_recording
from noc.lab.walk import recorded

WALK = b""".1.3.6.1.2.1.1.1.0 = Hex-STRING: 41 20 72 6F 75 74 65 72 0A 6F 66 20 6F 75 72 73
21
.1.3.6.1.2.1.1.2.0 = OID: .1.3.6.1.4.1.14988.1
.1.3.6.1.2.1.1.3.0 = Timeticks: (123456) 0:20:34.56
.1.3.6.1.2.1.1.5.0 = STRING: "dod \\"edge\\"
second line"
.1.3.6.1.2.1.1.6.0 = ""
.1.3.6.1.2.1.2.2.1.8.1 = INTEGER: up(1)
.1.3.6.1.2.1.2.2.1.10.1 = Counter32: 42
.1.3.6.1.2.1.31.1.1.1.6.1 = Counter64: 18446744073709551615
.1.3.6.1.2.1.4.20.1.1.10.0.0.1 = IpAddress: 10.0.0.1
.1.3.6.1.2.1.2.2.1.5.1 = Wrong Type (should be Gauge32): INTEGER: 1000
.1.3.6.1.2.1.99.9.0 = No Such Instance currently exists at this OID
.1.3.6.1.2.1.99.9.1 = No more variables left in this MIB View (It is past the end of the MIB tree)
"""


def test_given_what_snmpwalk_prints_then_each_kind_of_value_is_read() -> None:
    lines = [line.decode() for line in recorded(WALK)]
    assert lines == [
        "1.3.6.1.2.1.1.1.0|4x|4120726F757465720A6F66206F75727321",
        "1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.14988.1",
        "1.3.6.1.2.1.1.3.0|67|123456",
        "1.3.6.1.2.1.1.5.0|4x|" + b'dod "edge"\nsecond line'.hex(),
        "1.3.6.1.2.1.1.6.0|4x|",
        "1.3.6.1.2.1.2.2.1.8.1|2|1",
        "1.3.6.1.2.1.2.2.1.10.1|65|42",
        "1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615",
        "1.3.6.1.2.1.4.20.1.1.10.0.0.1|64|10.0.0.1",
        "1.3.6.1.2.1.2.2.1.5.1|2|1000",
    ]


def test_given_rubbish_then_nothing_breaks(tmp_path: Path) -> None:
    walk = tmp_path / "rubbish.snmpwalk"
    walk.write_bytes(b"\xff\x00\n.1.3 = INTEGER: x\n.1.3.6 = \n = STRING: a\n.1.3.6.1 = Hex-STRING: ZZ\n" + WALK)
    recording = read_recording(walk)
    assert recording.name == "rubbish"
    assert recording.text((1, 3, 6, 1, 2, 1, 1, 1, 0)) == "A router\nof ours!"


RECORDING = b"""1.3.6.1.2.1.1.1.0|4|RouterOS CRS317-1G-16S+
1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.14988.1
1.3.6.1.2.1.1.5.0|4x|00ff0a41
1.3.6.1.2.1.25.3.3.1.2.1|2|-16
1.3.6.1.2.1.31.1.1.1.6.1|70|9999999999
"""


@pytest.mark.snmpd
@pytest.mark.skipif(shutil.which("snmpwalk") is None, reason="needs net-snmp's snmpwalk")
def test_given_a_walk_of_a_served_recording_then_it_is_that_recording(tmp_path: Path) -> None:
    source, walk = tmp_path / "switch.snmprec", tmp_path / "switch.snmpwalk"
    source.write_bytes(RECORDING)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind(("127.66.0.1", 0))
        port = sock.getsockname()[1]
    command = [
        sys.executable,
        "-c",
        "from noc.cli.main import main; main()",
        "lab",
        "--replay",
        str(source),
        "--port",
        str(port),
        "--for",
        "20",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as lab:
        asking = ["snmpwalk", "-v2c", "-c", "public", "-r", "8", "-Onex", "-Cc", f"127.66.0.1:{port}", ".1"]
        walk.write_bytes(subprocess.run(asking, capture_output=True, check=True).stdout)
        lab.terminate()
    assert read_recording(walk).variables == read_recording(source).variables

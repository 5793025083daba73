"""Who a device is, told from what real systems write into sysDescr and sysObjectID, and from their own objects."""

import asyncio
import re
from collections.abc import Mapping

import pytest

from collectors.contract import Oid, Value
from collectors.identity.recognise import Identity, identify, recognise
from collectors.identity.rules import RULES
from collectors.identity.vendors import VENDORS, enterprise
from tests.collectors.played import Played

# sysDescr, sysObjectID behind 1.3.6.1.4.1, then os, version, hardware as told by sysDescr alone
SPOKEN = (
    ("Dell EMC Networking N1524P, 6.5.4.3, Linux 4.14.138", "674.10895.3064", "powerconnect", "6.5.4.3", None),
    ("Dell Networking N2048, 6.3.0.19, Linux 3.6.5", "674.10895.3054", "dnos", "6.3.0.19", "N2048"),
    ("EdgeSwitch 24-Port 250W, 1.9.2, Linux 3.6.5-03329b4a", "4413", "edgeswitch", "1.9.2", "EdgeSwitch 24-Port 250W"),
    ("VSP-7254-XSQ (7.1.0.0)", "1916.2.230", "voss", "7.1.0.0", "VSP-7254-XSQ"),
    ("Linux 2.6.33 #1 Mon Oct 16 mips", "10002.1", "airos", None, None),
    (
        "Cisco IOS Software, C2900 Software (C2900-UNIVERSALK9-M), Version 15.2(4)M3, RELEASE SOFTWARE (fc2)",
        "9.1.1045",
        "ios",
        "15.2(4)M3",
        "C2900",
    ),
    (
        "Cisco IOS Software [Bengaluru], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 17.6.3, RELEASE SOFTWARE (fc4)",
        "9.1.2494",
        "iosxe",
        "17.6.3",
        None,
    ),
    (
        "Cisco IOS XR Software (Cisco NCS-5500), Version 7.1.2 Copyright (c) 2020 by Cisco Systems, Inc.",
        "9.1.2307",
        "iosxr",
        "7.1.2",
        None,
    ),
    (
        "Cisco NX-OS(tm) n9000, Software (n9000-dk9), Version 9.3(8), RELEASE SOFTWARE",
        "9.12.3.1.3.1812",
        "nxos",
        "9.3(8)",
        None,
    ),
    ("Cisco Adaptive Security Appliance Version 9.8(2)", "9.1.2114", "asa", "9.8(2)", None),
    ("Cisco Controller", "9.1.1069", "ciscowlc", None, None),
    (
        "Juniper Networks, Inc. mx960 internet router, kernel JUNOS 18.4R3-S9.2, Build date: 2021",
        "2636.1.1.1.2.21",
        "junos",
        "18.4R3-S9.2",
        "mx960",
    ),
    (
        "Huawei AR2220E Huawei Versatile Routing Platform Software VRP (R) software,Version 5.160 (AR2200 V200R009C00SPC500)",
        "2011.2.224.254",
        "vrp",
        "5.160 (V200R009C00SPC500)",
        None,
    ),
    (
        "H3C Comware Platform Software, Software Version 7.1.070, Release 6126P20 H3C S5130S-28S-EI Copyright (c) 2004-2019",
        "25506.11.1.204",
        "comware",
        "7.1.070",
        "S5130S-28S-EI",
    ),
    ("RouterOS RB4011iGS+", "14988.1", "routeros", None, "RB4011iGS+"),
    (
        "Arista Networks EOS version 4.24.5M running on an Arista Networks DCS-7280SR-48C6",
        "30065.1.3011.7280.2887.48.6",
        "arista_eos",
        "4.24.5M",
        "DCS-7280SR-48C6",
    ),
    (
        "TiMOS-C-19.10.R4 cpm/hops64 Nokia 7750 SR Copyright (c) 2000-2020 Nokia.",
        "6527.1.3.17",
        "timos",
        "19.10.R4",
        "7750 SR",
    ),
    ("ZXR10 5928E, ZTE ZXR10 Software Version: 5900E V2.8.23.A.24.P2", "3902.3.600.3.1.69", "zxr10", None, "5928E"),
    (
        "C320 Version V2.1.0 Software, Copyright (c) by ZTE Corporation Compiled",
        "3902.1082.1001.320.2.1",
        "zxa10",
        "V2.1.0",
        "C320",
    ),
    ("Palo Alto Networks PA-220 series firewall", "25461.2.3.38", "panos", None, "PA-220"),
    (
        "HP J9773A 2530-24G-PoEP Switch, revision YA.16.08.0003, ROM YA.15.20",
        "11.2.3.7.11.153",
        "procurve",
        "YA.16.08.0003",
        "J9773A 2530-24G-PoEP Switch",
    ),
    ("ArubaOS (MODEL: Aruba7030), Version 8.5.0.4 (73154)", "14823.1.1.37", "arubaos", "8.5.0.4", "Aruba7030"),
    ("Aruba JL658A 6300M FL.10.06.0010", "47196.4.1.1.1.64", "arubaos-cx", "FL.10.06.0010", None),
    ("D-Link DGS-3420-28TC Gigabit Ethernet Switch", "171.10.119.2", "dlink", None, "DGS-3420-28TC"),
    ("JetStream 24-Port Gigabit L2+ Managed Switch with 4 SFP Slots", "11863.5.37", "jetstream", None, None),
    (
        "ExtremeXOS (X460G2-48t-10G4) version 22.5.1.7 22.5.1.7-patch1-7 by release-manager",
        "1916.2.209",
        "xos",
        "22.5.1.7",
        "X460G2-48t-10G4",
    ),
    (
        "Brocade Communications Systems, Inc. Stacking System ICX6610-48, IronWare Version 08.0.30kT7f3 Compiled",
        "1991.1.3.59.1.2.1",
        "ironware",
        "08.0.30kT7f3",
        "ICX6610-48",
    ),
    (
        "Alcatel-Lucent Enterprise OS6860E-P24 8.4.1.233.R02 GA, August 01, 2017.",
        "6486.801.1.1.2.1.11.1.4",
        "aos7",
        "8.4.1.233.R02",
        "OS6860E-P24",
    ),
    (
        "Alcatel-Lucent OS6850-P24 6.4.4.585.R01 GA, June 22, 2012.",
        "6486.800.1.1.2.1.7.1.1",
        "aos6",
        "6.4.4.585.R01",
        "OS6850-P24",
    ),
    ("NetVanta 3448, Version: R10.9.4.E, Date: Wed", "664.1.936", "adtran-aos", None, "NetVanta 3448"),
    ("EdgeOS v2.0.9-hotfix.1.5371034.210122.1015", "41112.1.5", "edgeos", "2.0.9", None),
    ("Vyatta VyOS 1.1.8", "30803", "vyos", "1.1.8", None),
    ("VyOS 1.3.0-epa1", "44641", "vyos", "1.3.0-epa1", None),
    (
        "pfSense fw.local 2.4.5-RELEASE-p1 pfSense FreeBSD 11.3-STABLE amd64",
        "12325.1.1.2.1.1",
        "pfsense",
        "2.4.5-RELEASE-p1",
        "amd64",
    ),
    ("OPNsense.localdomain 20.7 FreeBSD 12.1-RELEASE-p8-HBSD amd64", "8072.3.2.8", "opnsense", None, "amd64"),
    (
        "Linux dod-mon-1 5.10.0-21-amd64 #1 SMP Debian 5.10.162-1 (2023-01-21) x86_64",
        "8072.3.2.10",
        "linux",
        "5.10.0-21-amd64",
        "x86_64",
    ),
    ("FreeBSD ns1 13.1-RELEASE FreeBSD 13.1-RELEASE GENERIC amd64", "8072.3.2.8", "freebsd", "13.1-RELEASE", "amd64"),
    (
        "Hardware: Intel64 Family 6 Model 85 Stepping 7 AT/AT COMPATIBLE "
        "- Software: Windows Version 6.3 (Build 17763 Multiprocessor Free)",
        "311.1.1.3.1.2",
        "windows",
        "6.3 (Build 17763)",
        "Intel64 Family 6 Model 85 Stepping 7 AT/AT COMPATIBLE",
    ),
    ("VMware ESXi 6.7.0 build-17700523 VMware, Inc. x86_64", "6876.4.1", "vmware-esxi", "6.7.0", None),
    (
        "APC Web/SNMP Management Card (MB:v4.1.0 PF:v6.9.6 PN:apc_hw05_aos_696.bin AF1:v6.9.6 MN:AP9630 HR:05 SN: ZA1234567890)",
        "318.1.3.27",
        "apc",
        "6.9.6",
        "AP9630",
    ),
    ("Eaton 9PX 3000i RT 2U", "705.1", "eaton-mgeups", None, "Eaton 9PX 3000i RT 2U"),
    ("NetMan 204", "5491.6", "netman", None, "NetMan 204"),
    ("NET VISION v6.00", "4555.1.1.1", "netvision", None, "NET VISION v6.00"),
    ("Cambium PTP 650 50650-08-00", "17713.7", "ptp", None, None),
    ("CANOPY 15.2 AP", "161.19.250.256", "pmp", "15.2", None),
    ("Siklu EH600TX", "31926", "siklu", None, None),
    (
        "BDCOM(tm) P3310C Software, Version 10.1.0E Build 34591 Compiled: 2016-3-18 Serial num:00011120000",
        "3320.1.235.0",
        "bdcom",
        "10.1.0E",
        "P3310C",
    ),
)


def who(described: str, place: str, objects: Mapping[Oid, Value] | None = None) -> Identity:
    return asyncio.run(identify(Played(objects or {}), described, f"1.3.6.1.4.1.{place}"))


@pytest.mark.parametrize(("described", "place", "system", "version", "hardware"), SPOKEN)
def test_given_what_a_system_says_of_itself_then_it_is_known(
    described: str, place: str, system: str, version: str | None, hardware: str | None
) -> None:
    found = who(described, place)
    assert found.os == system
    assert found.vendor or system in ("linux", "freebsd")
    if version is not None:
        assert found.version == version
    if hardware is not None:
        assert found.hardware == hardware


def test_given_a_maker_without_a_rule_then_vendor_chassis_and_version_are_told_still() -> None:
    entity = "1.3.6.1.2.1.47.1.1.1.1"
    objects = {f"{entity}.5.7": 3, f"{entity}.13.7": b"PL-900", f"{entity}.11.7": b"0042", f"{entity}.10.7": b"3.1"}
    found = who("Packetlight PL-900", "4515.100.1", objects)
    assert (found.os, found.hardware, found.serial, found.version) == (None, "PL-900", "0042", "3.1")
    assert who("Something Version 2.7b", "28507.1").vendor == "Gude"
    assert who("Something Version 2.7b", "28507.1").version == "2.7b"


def test_given_one_system_under_two_brands_then_the_vendor_is_that_on_the_box() -> None:
    said = "Comware Platform Software, Software Version 7.1.059, Release R0326"
    assert [who(f"{brand} {said}", "25506.11.2.102").vendor for brand in ("HPE", "H3C")] == ["HPE", "H3C"]


def test_given_a_linux_underneath_then_the_objects_of_what_is_built_on_it_tell() -> None:
    objects = {
        "1.3.6.1.4.1.48690.1.2.0": b"RUTX11",
        "1.3.6.1.4.1.48690.1.1.0": b"11",
        "1.3.6.1.4.1.48690.1.6.0": b"RUTX_R_00.07",
    }
    found = who("Linux Teltonika 5.4.229 #0 SMP armv7l", "8072.3.2.10", objects)
    assert (found.vendor, found.os, found.hardware) == ("Teltonika", "rutos-rutx", "RUTX11")
    assert 48690 in found.enterprises
    plain = who("Linux dod-mon-1 5.10.0 x86_64", "8072.3.2.10")
    assert (plain.vendor, plain.os) == (None, "linux")


def test_given_a_chassis_at_no_usual_place_then_it_is_looked_for() -> None:
    entity = "1.3.6.1.2.1.47.1.1.1.1"
    objects = {f"{entity}.5.24555730": 3, f"{entity}.5.172193": 8, f"{entity}.13.24555730": b"ASR-9001"}
    assert who("Cisco IOS XR Software, Version 6.6.3[Default]", "9.1.1639", objects).hardware == "ASR-9001"


def test_given_words_for_nothing_then_there_is_nothing() -> None:
    objects = {"1.3.6.1.4.1.14988.1.1.7.3.0": b"N/A", "1.3.6.1.4.1.14988.1.1.4.4.0": b"\x00\x00"}
    found = who("RouterOS CHR", "14988.1", objects)
    assert (found.serial, found.version) == (None, None)


def test_given_a_device_without_a_name_then_it_has_no_identity() -> None:
    assert asyncio.run(recognise(Played({}))) == Identity()


def test_given_hostile_text_then_it_is_one_bounded_line() -> None:
    found = who("RouterOS " + "A" * 5000 + "\u202e\n", "14988.1", {"1.3.6.1.4.1.14988.1.1.4.4.0": b"7.1\nDROP\x1b[31m"})
    assert found.hardware is not None and len(found.hardware) <= 120
    assert found.version == "7.1 DROP [31m"


@pytest.mark.parametrize(
    "object_id", [None, "", "1.3.6.1.4.1", "1.3.6.1.4.1.", "1.3.6.1.4.1.x.1", "0.0", "1.3.6.1.2.1.1"]
)
def test_given_an_object_id_of_nobody_then_there_is_no_enterprise(object_id: str | None) -> None:
    assert enterprise(object_id) is None


def test_given_the_tables_then_they_are_well_formed() -> None:
    assert len(VENDORS) >= 60
    for rule in RULES:
        assert rule.at or rule.says or rule.proof
        re.compile(rule.says)
        for place in rule.places():
            groups = re.compile(place.pattern).groups
            assert not place.pattern or groups == place.form.count("{}"), (rule.os, place)

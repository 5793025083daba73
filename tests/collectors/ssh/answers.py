"""Answers as the platforms' manuals and users show them, for what no recording tells, and the figures in them."""

# ruff: noqa: E501

from typing import Any

from collectors.ssh.question import Purpose

JSON_ANSWERS: list[tuple[str, Purpose, Any, dict[str, dict[str, Any]]]] = [
    (
        "arista_eos",
        "bgp_prefixes",
        {
            "vrfs": {
                "default": {
                    "peers": {
                        "10.0.0.1": {"peerState": "Established", "prefixReceived": 24, "prefixAccepted": 20},
                        "10.0.0.2": {"peerState": "Active", "prefixReceived": 0, "prefixAccepted": 0},
                    }
                },
                "RED": {"peers": {"10.0.0.1": {"peerState": "Established", "prefixReceived": 3, "prefixAccepted": 3}}},
            }
        },
        {
            "10.0.0.1": {"prefixes_received": 24, "prefixes_accepted": 20},
            "10.0.0.2": {"prefixes_received": None, "prefixes_accepted": None},
            "10.0.0.1 (vrf RED)": {"prefixes_received": 3, "prefixes_accepted": 3},
        },
    ),
    ("arista_eos", "bgp_prefixes", {"vrfs": {}}, {}),
    (
        "arista_eos",
        "optical",
        {"interfaces": {"Ethernet1": {"rxPower": -2.5, "txPower": -1.0, "temperature": 30.1, "txBias": 6.5}}},
        {"Ethernet1": {"rx_dbm": -2.5, "tx_dbm": -1.0, "temperature_c": 30.1, "current_a": 0.0065}},
    ),
    (
        "cisco_nxos",
        "bgp_prefixes",
        {
            "TABLE_vrf": {
                "ROW_vrf": {
                    "vrf-name-out": "default",
                    "TABLE_af": {
                        "ROW_af": {
                            "TABLE_saf": {
                                "ROW_saf": {
                                    "TABLE_neighbor": {
                                        "ROW_neighbor": [
                                            {"neighborid": "10.1.1.1", "state": "Established", "prefixreceived": "7"},
                                            {"neighborid": "10.1.1.2", "state": "Idle", "prefixreceived": "0"},
                                        ]
                                    }
                                }
                            }
                        }
                    },
                }
            }
        },
        {"10.1.1.1": {"prefixes_received": 7}, "10.1.1.2": {"prefixes_received": None}},
    ),
    (
        "cisco_nxos",
        "optical",
        {
            "TABLE_interface": {
                "ROW_interface": [
                    {"interface": "Ethernet1/1", "rx_pwr": "-3.1", "tx_pwr": "-2.0", "temperature": "31.5"},
                    {
                        "interface": "Ethernet1/49",
                        "TABLE_lane": {"ROW_lane": [{"rx_pwr": "-1.1"}, {"rx_pwr": "-7.5"}, {"rx_pwr": "N/A"}]},
                    },
                ]
            }
        },
        {
            "Ethernet1/1": {"rx_dbm": -3.1, "tx_dbm": -2.0, "temperature_c": 31.5, "current_a": None},
            "Ethernet1/49": {"rx_dbm": -7.5, "tx_dbm": None, "temperature_c": None, "current_a": None},
        },
    ),
    (
        "juniper_junos",
        "bgp_prefixes",
        {
            "bgp-information": [
                {
                    "bgp-peer": [
                        {
                            "peer-address": [{"data": "10.2.2.2+179"}],
                            "peer-state": [{"data": "Established"}],
                            "bgp-rib": [
                                {
                                    "name": [{"data": "inet.0"}],
                                    "received-prefix-count": [{"data": "5"}],
                                    "accepted-prefix-count": [{"data": "4"}],
                                },
                                {
                                    "name": [{"data": "inet6.0"}],
                                    "received-prefix-count": [{"data": "2"}],
                                    "accepted-prefix-count": [{"data": "2"}],
                                },
                            ],
                        },
                        {"peer-address": [{"data": "10.2.2.3"}], "peer-state": [{"data": "Active"}]},
                    ]
                }
            ]
        },
        {
            "10.2.2.2": {"prefixes_received": 7, "prefixes_accepted": 6},
            "10.2.2.3": {"prefixes_received": None, "prefixes_accepted": None},
        },
    ),
    (
        "juniper_junos",
        "optical",
        {
            "interface-information": [
                {
                    "physical-interface": [
                        {
                            "name": [{"data": "xe-0/0/0"}],
                            "optics-diagnostics": [
                                {
                                    "laser-bias-current": [{"data": "6.5"}],
                                    "laser-output-power-dbm": [{"data": "-2.5"}],
                                    "rx-signal-avg-optical-power-dbm": [{"data": "- Inf"}],
                                    "module-temperature": [{"data": "30 degrees C / 86 degrees F"}],
                                }
                            ],
                        }
                    ]
                }
            ]
        },
        {"xe-0/0/0": {"rx_dbm": -40.0, "tx_dbm": -2.5, "temperature_c": 30, "current_a": 0.0065}},
    ),
    ("frr", "bgp_prefixes", {}, {}),
    (
        "frr",
        "bgp_prefixes",
        {"default": {"peers": {"10.3.3.3": {"pfxRcd": 20, "state": "Established"}, "fe80::1": {"state": "Idle"}}}},
        {"10.3.3.3": {"prefixes_received": 20}, "fe80::1": {"prefixes_received": None}},
    ),
    ("frr", "routes", {"routes": [], "routesTotal": 89, "routesTotalFib": 83}, {"ipv4": {"routes": 89}}),
]

TEXT_ANSWERS: list[tuple[str, Purpose, int, str, dict[str, dict[str, Any]]]] = [
    (
        "cisco_ios",
        "routes",
        0,
        "IP routing table name is default (0x0)\nRoute Source    Networks    Subnets     Replicates  Overhead    Memory (bytes)\n"
        "connected       0           10          0           960         2880\nTotal           13          120         0           960         2880\n",
        {"ipv4": {"routes": 133}},
    ),
    (
        "cisco_xr",
        "routes",
        0,
        "Route Source     Routes     Backup\nlocal     10     0\nTotal    1024    3   0   9\n",
        {"ipv4": {"routes": 1024}},
    ),
    (
        "huawei_vrp",
        "routes",
        0,
        "Summary Prefixes : 20\nProto      total      active     added\n           routes     routes     routes\nDIRECT     5   5   5\nTotal      22         20         22    0   0\n",
        {"ipv4": {"routes": 20}},
    ),
    (
        "huawei_vrp",
        "optical",
        0,
        "Port 100GE0/0/3 transceiver diagnostic information:\nParameter        Current       Low Alarm    High Alarm\n  Type            Value        Threshold    Threshold    Status\n"
        "TxPower(dBm)    2.84  (lane0)  -2.00        6.30         abnormal\nRxPower(dBm)    -8.64 (lane0)  5.93         6.30         abnormal\nCurrent(mA)     36.1   0.0   100.0   normal\nTemp(C)         41.5   -5  75  normal\n",
        {"100GE0/0/3": {"rx_dbm": -8.64, "tx_dbm": 2.84, "temperature_c": 41.5, "current_a": 0.0361}},
    ),
    (
        "hp_comware",
        "optical",
        0,
        "GigabitEthernet1/0/1 transceiver diagnostic information:\n  Current diagnostic parameters:\n    Temp.(C) Voltage(V) Bias(mA) RX power(dBm) TX power(dBm)\n    36        3.31        6.13      -35.64          -5.19\n"
        "GigabitEthernet1/0/2 transceiver diagnostic information:\nThe transceiver is absent.\n",
        {
            "GigabitEthernet1/0/1": {"rx_dbm": -35.64, "tx_dbm": -5.19, "temperature_c": 36, "current_a": 0.00613},
            "GigabitEthernet1/0/2": {"rx_dbm": None, "tx_dbm": None, "temperature_c": None, "current_a": None},
        },
    ),
    (
        "hp_comware",
        "version",
        0,
        "HPE Comware Software, Version 7.1.070, Release 3507P09\nCopyright (c) 2010-2018\nHPE 5130 24G uptime is 3 weeks, 1 day, 2 hours, 3 minutes\n",
        {"": {"version": "7.1.070, Release 3507P09", "hardware": "HPE 5130 24G", "uptime_s": 1908180}},
    ),
    (
        "juniper_junos",
        "bgp_prefixes",
        1,
        "Groups: 2 Peers: 3 Down peers: 1\nTable          Tot Paths  Act Paths Suppressed\ninet.0               2          2          0\n"
        "Peer                     AS      InPkt     OutPkt    OutQ   Flaps Last Up/Dwn State|#Active/Received/Accepted/Damped...\n"
        "10.0.0.1              65001     146893     143333       0       2 3w2d 11:18:20 Establ\n  inet.0: 1/4/3/0\n  inet6.0: 0/1/1/0\n"
        "10.0.0.2              65002          0          0       0       0        5:11 Active\n"
        "10.0.0.3              65003         10         10       0       0     1:00:00 1/2/2/0              0/0/0/0\n",
        {
            "10.0.0.1": {"prefixes_received": 5, "prefixes_accepted": 4},
            "10.0.0.2": {"prefixes_received": None, "prefixes_accepted": None},
            "10.0.0.3": {"prefixes_received": 2, "prefixes_accepted": 2},
        },
    ),
    (
        "mikrotik_routeros",
        "bgp_prefixes",
        0,
        'Flags: E - established \n 0 E name="toR2" \n     remote.address=192.168.1.2 .as=65532 .id=192.168.1.1 .messages=43346 \n     local.address=192.168.1.1 .as=65531 uptime=4s70ms prefix-count=12\n',
        {"192.168.1.2": {"prefixes_received": 12}},
    ),
    ("mikrotik_routeros", "routes", 0, "  345\n", {"ipv4": {"routes": 345}}),
    (
        "fortinet",
        "bgp_prefixes",
        0,
        "BGP router identifier 10.0.0.1, local AS number 65000\nBGP table version is 5\n1 BGP AS-PATH entries\n0 BGP community entries\n\n"
        "Neighbor        V         AS MsgRcvd MsgSent   TblVer  InQ OutQ Up/Down  State/PfxRcd\n10.0.0.2        4      65001   10     12        5    0    0 01:02:03        7\n"
        "10.0.0.3        4      65002   0      0        0    0    0 never Active\n\nTotal number of neighbors 2\n",
        {"10.0.0.2": {"prefixes_received": 7}, "10.0.0.3": {"prefixes_received": None}},
    ),
    (
        "frr",
        "version",
        0,
        "FRRouting 8.4.4 (dar) on Linux(6.1.0).\nCopyright\n",
        {"": {"version": "8.4.4", "hardware": "Linux(6.1.0)", "hostname": "dar"}},
    ),
]

"""The one table of platforms: how each speaks, what it is asked, and where our figures stand in its answers.

A row is a module of `platform_rows`; adding a platform is a row, adding a command is a way in it. Commands only look:
what is typed besides them is `Dialect.prepare` (for the session alone) and the answers of `Dialect.questions`.
Structured output comes first where there is any; the text way behind it serves older software. Fields of templates are
those of ntc-templates.
"""

from collections.abc import Mapping

from collectors.ssh.platform_rows import (
    arista_eos,
    cisco_ios,
    cisco_nxos,
    cisco_xr,
    fortinet,
    frr,
    hp_comware,
    huawei_vrp,
    juniper_junos,
    mikrotik_routeros,
)
from collectors.ssh.question import Platform

PLATFORMS: Mapping[str, Platform] = {
    "arista_eos": arista_eos.ROW,
    "cisco_ios": cisco_ios.ROW,
    "cisco_nxos": cisco_nxos.ROW,
    "cisco_xr": cisco_xr.ROW,
    "fortinet": fortinet.ROW,
    "frr": frr.ROW,
    "hp_comware": hp_comware.ROW,
    "huawei_vrp": huawei_vrp.ROW,
    "juniper_junos": juniper_junos.ROW,
    "mikrotik_routeros": mikrotik_routeros.ROW,
}

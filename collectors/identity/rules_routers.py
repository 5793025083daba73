"""Routers, optical and access nodes of other makers: what they run, and where they say so."""

from collectors.identity.rule import (
    MODEL,
    SERIAL,
    SOFTWARE,
    VERSION,
    Rule,
    chassis,
    descr,
    first_row,
    scalar,
    through,
)

_H3C_VERSION = (descr(r"Software Version ([^\s,]+)"), SOFTWARE)
_VRP_VERSION = (
    descr(r"Version (\S+) \(.*?(V\d{3}R\w+)\)", "{} ({})"),
    descr(r"Version ([\d.]+)"),
    chassis("software", r"Version (\S+) (V\d{3}R\w+)", "{} ({})"),
    SOFTWARE,
)
_VRP_HARDWARE = (
    scalar("2011.5.25.31.6.5.0"),
    scalar("2011.5.25.188.1.4.0"),
    MODEL,
    chassis("descr", r"^(\S+(?: \S+){0,5})$"),
)
_VRP_SERIAL = (scalar("2011.5.25.188.1.1.0"), SERIAL)

ROUTER_RULES: tuple[Rule, ...] = (
    Rule("junose", ("4874",), vendor="Juniper", version=(descr(r"JUNOSe? ?\S* Version : \(?([\w.-]+)"), VERSION)),
    Rule("screenos", ("3224", "2636.1.1.1.5"), version=(descr(r"version ([\w.]+)"),)),
    Rule(
        "junosevo",
        ("2636",),
        r"EVO",
        version=(descr(r"JUNOS (\S+-EVO)"),),
        hardware=(scalar("2636.3.1.2.0"), MODEL),
        serial=(scalar("2636.3.1.3.0"), SERIAL),
    ),
    Rule(
        "junos",
        ("2636",),
        version=(descr(r"(?i)JUNOS ([\w.\-:]+)"), first_row("1.3.6.1.2.1.25.6.3.1.2", r"\[([\w.\-]+)\]"), SOFTWARE),
        hardware=(scalar("2636.3.1.2.0"), MODEL, descr(r"Inc\. (\S+)")),
        serial=(scalar("2636.3.1.3.0"), SERIAL),
    ),
    Rule(
        "huawei-smu",
        ("2011.6.164",),
        version=(first_row("2011.6.164.1.2.2.1.1.5"),),
        hardware=(scalar("2011.6.164.1.1.1.4.0"), MODEL),
    ),
    Rule("smartax", ("2011.2",), r"(?i)Integrated Access Software|SmartAX|MA5[68]\d\d", version=(SOFTWARE, VERSION)),
    Rule(
        "vrp",
        ("2011", "56813"),
        r"(?i)VRP|Versatile Routing|Huawei|NetEngine|Quidway",
        vendor="Huawei",
        version=_VRP_VERSION,
        hardware=_VRP_HARDWARE,
        serial=_VRP_SERIAL,
    ),
    Rule(
        "vrp",
        ("2011.2",),
        proof=("2011.5.25.31.6.5.0", "2011.5.25.188.1.4.0", "2011.5.25.188.1.1.0"),
        version=_VRP_VERSION,
        hardware=_VRP_HARDWARE,
        serial=_VRP_SERIAL,
    ),
    *(
        Rule(
            "comware",
            ("25506", "2011.10"),
            says,
            vendor=vendor,
            version=_H3C_VERSION,
            hardware=(
                descr(r"\d (?:HPE?|H3C|3Com|New H3C) ((?!Comware)\S.*?) Copyright"),
                MODEL,
                chassis("name"),
            ),
        )
        for says, vendor in ((r"^HPE? ", "HPE"), (r"^3Com ", "3Com"), ("", "H3C"))
    ),
    Rule(
        "routeros",
        ("14988",),
        r"^(?!SwOS)",
        version=(scalar("14988.1.1.4.4.0"), chassis("descr", r"RouterOS ([\d.]+\w*)")),
        hardware=(descr(r"RouterOS (\S+)"), scalar("14988.1.1.7.9.0"), chassis("descr", r" on (\S+)$")),
        serial=(scalar("14988.1.1.7.3.0"),),
    ),
    Rule(
        "swos",
        ("14988",),
        version=(scalar("14988.1.1.4.4.0"), VERSION),
        hardware=(descr(r"^(\S+)"),),
        serial=(scalar("14988.1.1.7.3.0"),),
    ),
    Rule(
        "arista_eos",
        ("30065",),
        version=(descr(r"EOS version (\S+)"), SOFTWARE),
        hardware=(descr(r"running on an Arista Networks (\S+)"), MODEL),
    ),
    Rule("arista-mos", ("43191",), vendor="Arista", version=(SOFTWARE, VERSION)),
    Rule(
        "srlinux",
        ("6527.1.20",),
        version=(descr(r"SRLinux-v?([\w.-]+)"), VERSION),
        hardware=(MODEL, descr(r"SRLinux\S* (.+?) (?:Copyright|Kernel)")),
    ),
    Rule(
        "timos",
        ("6527",),
        version=(descr(r"TiMOS-[A-Z]+-([\w.]+)"), VERSION),
        hardware=(
            through("6527.3.1.2.2.1.3.1.4.1", "6527.3.1.2.2.1.6.1.2"),
            descr(r"(?:Nokia|ALCATEL|Alcatel-Lucent|ALCATEL-LUCENT) (.+?) Copyright"),
            MODEL,
        ),
        serial=(scalar("6527.3.1.2.2.1.8.1.5.1.50331649"), SERIAL),
    ),
    Rule(
        "nokia-1830",
        ("7483",),
        version=(scalar("7483.2.2.1.1.6.0"), VERSION),
        hardware=(descr(r"Nokia (\S+(?: \S+)?)"), MODEL),
    ),
    Rule("isam", ("637.61", "637"), r"(?i)ISAM|7302|7330|7360|NFXS", vendor="Nokia"),
    Rule(
        "zxr10",
        ("3902",),
        r"ZXR10",
        version=(descr(r"(?i)Version:? ?(?:ZXR10 \S+ )?(V?[\d.]+[^\s,]*)"),),
        hardware=(descr(r"ZXR10[ _]([^\s,]+)"), MODEL),
    ),
    Rule("zxdsl", ("3902",), r"ZXDSL"),
    Rule(
        "zxa10",
        ("3902",),
        r"ZXA|\bC[36]\d\d\b",
        version=(descr(r"(?i)Version (V?[\d.]+)"),),
        hardware=(descr(r"(C[36]\d\d)\b"), MODEL),
    ),
    Rule("zxr10", ("3902",)),
    Rule(
        "ipos", ("193.218", "2352.1.15"), version=(descr(r"(?i)(?:IPOS|Version)[- ]v?([\w.\-]+)"),), vendor="Ericsson"
    ),
    Rule("seos", ("2352",), version=(descr(r"Version (SEOS[\w.\-]+)"), VERSION)),
    Rule("ericsson-mini-link", ("193.81",), version=(SOFTWARE, VERSION)),
    Rule("saos8", ("1271",), version=(SOFTWARE, VERSION), hardware=(MODEL, descr(r"^(\S+)"))),
    Rule(
        "saos",
        ("6141",),
        version=(first_row("6141.2.60.10.1.1.3.1.2", r"saos-(\S+)"), SOFTWARE, VERSION),
        hardware=(MODEL, descr(r"^(\d{4}\S*)")),
        serial=(scalar("6141.2.60.11.1.1.1.6.0"), SERIAL),
    ),
    Rule(
        "adtran-aos",
        ("664",),
        version=(scalar("664.3.1.1.4.0"), descr(r"Version: ([\w.]+)")),
        hardware=(scalar("664.3.1.1.1.0"), MODEL, descr(r"^(.+?),")),
        serial=(scalar("664.3.1.1.3.0"), SERIAL),
    ),
    Rule(
        "raisecom-ros",
        ("8886",),
        version=(scalar("8886.60.131.1.1.1.0"), scalar("8886.6.1.1.1.14.0"), VERSION),
        hardware=(scalar("8886.60.131.1.1.6.0"), descr(r"ROS_\S*?\.([A-Z]\w+[\w-]*)"), MODEL, descr(r"^(\S+)")),
        serial=(scalar("8886.60.131.1.1.4.0"), scalar("8886.6.1.1.1.19.0"), SERIAL),
    ),
    Rule(
        "rgos",
        ("4881",),
        version=(descr(r"RGOS ([\w.()]+)"), scalar("4881.1.1.10.2.1.1.2.0", r"RGOS ([\w.()]+)"), VERSION, SOFTWARE),
        hardware=(MODEL, descr(r"\((\S+?)\)")),
        serial=(scalar("4881.1.1.10.2.1.1.24.0"), SERIAL),
    ),
    Rule(
        "mypoweros",
        ("5651",),
        version=(descr(r"(?i)software version (?:\S*_)?v?(\d\S*)"), SOFTWARE, VERSION),
        hardware=(MODEL, descr(r"^(\S+) Device")),
    ),
    Rule(
        "dcn-software",
        ("6339",),
        version=(descr(r"(?i)software version (?:\S*_)?v?(\d\S*)"), SOFTWARE, VERSION),
        hardware=(MODEL, descr(r"^(\S+) Device"), descr(r"^Digital China (\S+)")),
    ),
    Rule(
        "bdcom",
        ("3320",),
        version=(descr(r"Version (\S+)"),),
        hardware=(descr(r"(?i)(\S+) Software"), MODEL),
        serial=(descr(r"(?i)Serial num:(\S+?),"), SERIAL),
    ),
    Rule(
        "eltex-mes",
        ("35265",),
        version=(first_row("89.53.14.1.2"), VERSION, SOFTWARE),
        hardware=(descr(r"^(MES\S+)"), MODEL),
        serial=(first_row("89.53.14.1.5"), SERIAL),
    ),
    Rule(
        "lcos",
        ("2356",),
        version=(descr(r" ([\d.]+\w*) / "), VERSION),
        hardware=(descr(r"LANCOM (.+?) \d"), MODEL),
        serial=(descr(r"/ (\d{8,})"), SERIAL),
    ),
    Rule("ceraos", ("2281",), version=(scalar("2281.10.4.1.13.1.1.4.1"), VERSION)),
    Rule("adva_fsp150", ("2544.1.12",)),
    Rule("adva_fsp3kr7", ("2544.1.11",), version=(scalar("2544.1.11.1.5.1.0"), VERSION)),
)

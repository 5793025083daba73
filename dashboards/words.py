"""The words of the screens, one table a language; whole sentences per noun, because Swahili nouns agree."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.figures import SPANS, Spans


@dataclass(frozen=True, slots=True)
class Words:
    """`states` by state; `was` by state, of what is not known to hold any more; sentences take str.format fields."""

    states: Mapping[str, str]
    was: Mapping[str, str]
    reasons: Mapping[str, str]
    kinds: Mapping[str, tuple[str, str]]  # one, several
    headings: Mapping[str, str]
    sentences: Mapping[str, str]
    spans: Spans


ENGLISH = Words(
    states={
        "up": "up",
        "degraded": "degraded",
        "unknown": "unknown",
        "unreachable": "unreachable",
        "down": "down",
    },
    was={
        "up": "was up",
        "degraded": "was degr.",
        "unknown": "unknown",
        "unreachable": "was unreach.",
        "down": "was down",
    },
    reasons={
        "agent-silent": "agent silent",
        "credentials-refused": "credentials refused",
        "dns": "name not resolved",
        "stale": "stale",
        "blind": "poller isolated",
        "admin-down": "shut down on purpose",
        "no-path": "port up, no path",
        "not-seen": "no such interface",
        "rate-refused": "rate over contract",
        "failed": "failed",
        "no answer": "no answer",
        "credentials refused": "credentials refused",
        "name unresolved": "name unresolved",
        "bad answer": "bad answer",
        "too slow": "too slow",
        "unsupported": "unsupported",
        "view denied": "view denied",
        "output not understood": "output not understood",
        "connection refused": "connection refused",
        "no banner": "no banner",
        "host key changed": "host key changed",
        "login held back": "login held back",
    },
    kinds={"link": ("link", "links"), "site": ("site", "sites"), "device": ("device", "devices")},
    headings={
        "state": "state",
        "link": "link",
        "site": "site",
        "device": "device",
        "region": "region",
        "in": "in",
        "out": "out",
        "use": "use %",
        "errors": "err/s",
        "rtt": "rtt ms",
        "loss": "loss",
        "uptime": "uptime",
        "devices": "devices",
        "links": "links",
        "since": "since",
        "age": "age",
        "kind": "kind",
    },
    sentences={
        "behind": "behind {cause}",
        "count": "{number} {word}",
        "fresh": "data {age} old · {clock}",
        "silent daemon": "The daemon has written nothing for {age} (since {clock}): what follows is old.",
        "stopped daemon": "The daemon was stopped {age} ago ({clock}): what follows is old.",
        "blind": "The NOC has been cut off from the network for {age} (since {clock}), all states are of then: look at its own "
        "cable and gateway.",
        "clock ahead": "The daemon's clock is {ahead} ahead of this machine's: times in what follows are too late.",
        "clock was ahead": "Its clock was {ahead} ahead of this machine's: it may have been silent for longer.",
        "dated ahead": "The daemon's last line is dated {ahead} ahead of this machine's clock: "
        "whether it still writes is not known.",
        "no daemon": "No daemon has written here yet: start it with 'noc run'.",
        "stale rows": "{number} of {total} have no fresh data; the oldest is {age} old.",
        "nothing": "nothing matches",
        "members": "members: {number}",
        "more": "... and {number} more; --limit 0 shows all",
        "up": "Up for {duration}",
        "up bare": "Up",
        "degraded": "Degraded since {clock}",
        "unknown": "Not known",
        "unreachable": "Unreachable since {clock}",
        "down": "Down since {clock}",
        "traffic": "{side} {rate} of {committed}",
    },
    spans=SPANS["en"],
)

SWAHILI = Words(
    states={"up": "juu", "degraded": "dhaifu", "unknown": "bila taarifa", "unreachable": "bila njia", "down": "chini"},
    was={
        "up": "awali juu",
        "degraded": "awali dhaifu",
        "unknown": "bila taarifa",
        "unreachable": "awali bila njia",
        "down": "awali chini",
    },
    reasons={
        "agent-silent": "SNMP haijibu",
        "credentials-refused": "nywila zimekataliwa",
        "dns": "jina halijulikani",
        "stale": "taarifa ni za zamani",
        "blind": "NOC imekatika na mtandao",
        "admin-down": "umezimwa makusudi",
        "no-path": "mlango juu, hakuna kinachopita",
        "not-seen": "hakuna mlango huo",
        "rate-refused": "kasi imezidi mkataba",
        "failed": "imeshindwa",
        "no answer": "hakuna jibu",
        "credentials refused": "nywila zimekataliwa",
        "name unresolved": "jina halijulikani",
        "bad answer": "jibu bovu",
        "too slow": "polepole mno",
        "unsupported": "haitegemezwi",
        "view denied": "kifaa hakiruhusu kusoma",
        "output not understood": "jibu halikueleweka",
        "connection refused": "muunganisho umekataliwa",
        "no banner": "hakuna salamu ya SSH",
        "host key changed": "ufunguo wa SSH umebadilika",
        "login held back": "kuingia kumesitishwa kwa muda",
    },
    kinds={"link": ("kiungo", "viungo"), "site": ("kituo", "vituo"), "device": ("kifaa", "vifaa")},
    headings={
        "state": "hali",
        "link": "kiungo",
        "site": "kituo",
        "device": "kifaa",
        "region": "mkoa",
        "in": "ndani",
        "out": "nje",
        "use": "matumizi %",
        "errors": "hitilafu/s",
        "rtt": "safari ms",
        "loss": "upotevu",
        "uptime": "tangu kuwashwa",
        "devices": "vifaa",
        "links": "viungo",
        "since": "tangu",
        "age": "umri",
        "kind": "aina",
    },
    sentences={
        "behind": "nyuma ya {cause}",
        "count": "{word} {number}",
        "fresh": "taarifa za {age} zilizopita · {clock}",
        "silent daemon": "Daemon haijaandika kitu kwa {age} (tangu {clock}): kinachofuata ni cha zamani.",
        "stopped daemon": "Daemon ilisimamishwa {age} iliyopita ({clock}): kinachofuata ni cha zamani.",
        "blind": "NOC imekatika na mtandao kwa {age} (tangu {clock}), hali zote ni za wakati huo: angalia kebo na lango lake.",
        "clock ahead": "Saa ya daemon iko mbele ya saa ya mashine hii kwa {ahead}: nyakati zinazofuata zimezidi.",
        "clock was ahead": "Saa yake ilikuwa mbele ya saa ya mashine hii kwa {ahead}: huenda imenyamaza kwa muda zaidi.",
        "dated ahead": "Mstari wa mwisho wa daemon una saa iliyo mbele ya saa ya mashine hii kwa {ahead}: "
        "haijulikani kama bado inaandika.",
        "no daemon": "Hakuna daemon iliyowahi kuandika hapa: ianze kwa 'noc run'.",
        "stale rows": "{number} kati ya {total} havina taarifa mpya; ya zamani zaidi ina {age}.",
        "nothing": "hakuna kinacholingana",
        "members": "wanachama: {number}",
        "more": "... na {number} zaidi; --limit 0 inaonyesha vyote",
        "up": "Juu kwa {duration}",
        "up bare": "Juu",
        "degraded": "Dhaifu tangu {clock}",
        "unknown": "Bila taarifa",
        "unreachable": "Bila njia tangu {clock}",
        "down": "Chini tangu {clock}",
        "traffic": "{side} {rate} kati ya {committed}",
    },
    spans=SPANS["sw"],
)

LANGUAGES: Mapping[str, Words] = {"en": ENGLISH, "sw": SWAHILI}

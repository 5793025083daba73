"""Terms of the inventory and of devices as pages say them, in the viewer's language; keys stay as files say them."""

from collections.abc import Mapping

from dashboards.languages import Language
from dashboards.web.marks import states

Terms = Mapping[str, str]


def terms(language: Language) -> Mapping[str, Terms]:
    """Table by name; a key that a table does not hold is said as it is."""
    return {
        "kinds": kinds(language),
        "roles": roles(language),
        "links": links(language),
        "verdicts": verdicts(language),
        "health": health(language),
        "spans": spans(language),
        "circuits": circuits(language),
        "polls": polls(language),
        "accounts": accounts(language),
        "postings": postings(language),
    }


def kinds(language: Language) -> Terms:
    """Of sites."""
    gettext = language.gettext
    return {
        "mda": gettext("ministry or agency"),
        "lga": gettext("council"),
        "core": gettext("core node"),
        "regional": gettext("regional node"),
        "datacentre": gettext("data centre"),
        "upstream": gettext("upstream node"),
        "noc": gettext("NOC"),
        "other": gettext("other"),
    }


def roles(language: Language) -> Terms:
    """Of devices."""
    gettext = language.gettext
    return {
        "core": gettext("core router"),
        "edge": gettext("edge router"),
        "regional": gettext("regional router"),
        "cpe": gettext("site router"),
        "switch": gettext("switch"),
        "server": gettext("server"),
        "other": gettext("other"),
    }


def links(language: Language) -> Terms:
    """Roles of links."""
    gettext = language.gettext
    return {
        "core": gettext("core"),
        "ring": gettext("ring"),
        "access": gettext("access"),
        "backup": gettext("backup"),
        "upstream": gettext("upstream"),
        "datacentre": gettext("data centre"),
        "lan": gettext("LAN"),
    }


def circuits(language: Language) -> Terms:
    """Kinds of circuits."""
    gettext = language.gettext
    return {
        "iru": gettext("IRU"),
        "exchange": gettext("exchange"),
        "backbone": gettext("backbone"),
        "leased": gettext("leased"),
        "own": gettext("own"),
    }


def polls(language: Language) -> Terms:
    """What a device is polled for."""
    gettext = language.gettext
    return {
        "ping": gettext("reachability"),
        "interfaces": gettext("interfaces"),
        "health": gettext("health"),
        "neighbours": gettext("neighbours"),
        "routing": gettext("routing"),
        "system": gettext("system"),
    }


def levels(language: Language) -> Terms:
    """Severities of syslog (RFC 5424)."""
    gettext = language.gettext
    return {
        "emergency": gettext("emergency"),
        "alert": gettext("alert"),
        "critical": gettext("critical"),
        "error": gettext("error"),
        "warning": gettext("warning"),
        "notice": gettext("notice"),
        "info": gettext("info"),
        "debug": gettext("debug"),
    }


def shifts(language: Language) -> Terms:
    """Names of shifts as the sample has them; others are what their roster calls them."""
    gettext = language.gettext
    return {"day": gettext("day shift"), "night": gettext("night shift")}


def accounts(language: Language) -> Terms:
    """Between which the ledger of capacity moves rates."""
    gettext = language.gettext
    return {
        "delivered": gettext("delivered"),
        "contention": gettext("contention"),
        "free": gettext("free"),
        "reserved": gettext("reserved"),
        "allocated": gettext("allocated"),
    }


def postings(language: Language) -> Terms:
    """Acts that leave lines in the ledger of capacity."""
    gettext = language.gettext
    return {
        "add": gettext("asked for"),
        "approve": gettext("approved"),
        "refuse": gettext("refused"),
        "withdraw": gettext("withdrawn"),
        "change": gettext("changed"),
        "end": gettext("given back"),
        "deliver": gettext("delivered"),
    }


def verdicts(language: Language) -> Terms:
    """What neighbours say of a declared link."""
    gettext = language.gettext
    return {
        "as declared": gettext("as declared"),
        "other port": gettext("other port"),
        "other device": gettext("other device"),
        "not seen": gettext("not seen"),
        "not told": gettext("nobody tells"),
    }


def health(language: Language) -> Terms:
    """Kinds of health and names of figures that no device gives a name."""
    gettext = language.gettext
    return {
        "ping": gettext("reachability"),
        "cpu": gettext("processor"),
        "memory": gettext("main memory"),
        "temperature": gettext("temperature"),
        "voltage": gettext("voltage"),
        "current": gettext("current"),
        "power": gettext("power"),
        "fan": gettext("fans"),
        "component": gettext("parts"),
        "optical": gettext("optics"),
        "ups": gettext("UPS"),
        "routes": gettext("routes"),
        "round trip": gettext("round trip"),
        "loss": gettext("loss"),
        "jitter": gettext("jitter"),
        "on battery": gettext("on battery"),
        "charged": gettext("charged"),
        "load": gettext("load"),
        "lasts": gettext("lasts"),
    }


def spans(language: Language) -> Terms:
    """What a strip of history is made of."""
    gettext = language.gettext
    return {**states(gettext), "unwatched": gettext("not watched"), "planned": gettext("planned work")}


def facets(language: Language) -> Terms:
    """Labels by which a list is narrowed."""
    gettext = language.gettext
    return {
        "region": gettext("region"),
        "kind": gettext("kind"),
        "role": gettext("role"),
        "provider": gettext("provider"),
    }


def sections(language: Language) -> Terms:
    """Sections of the inventory's files."""
    gettext = language.gettext
    return {
        "regions": gettext("regions"),
        "institutions": gettext("institutions"),
        "sites": gettext("sites"),
        "devices": gettext("devices"),
        "links": gettext("links"),
        "circuits": gettext("circuits"),
        "providers": gettext("providers"),
        "services": gettext("services"),
        "contacts": gettext("contacts"),
        "contracts": gettext("contracts"),
        "points": gettext("measuring points"),
    }

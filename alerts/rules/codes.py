"""Every code that evidence may bear, with the names of its figures: for each there is a sentence in both languages."""

from collections.abc import Mapping

_MEASURED = ("device", "what", "quantity", "value", "level", "window_s")
_LINK = ("device", "what", "direction", "value", "level", "share", "window_s")

CODES: Mapping[str, tuple[str, ...]] = {
    # the board's states
    "device-down": ("device",),
    "device-unreachable": ("device", "cause"),
    "site-down": ("site",),
    "site-unreachable": ("site", "cause"),
    "site-degraded": ("site",),
    "port-down": ("link",),
    "admin-down": ("link",),
    "no-path": ("link",),
    "link-unreachable": ("link", "cause"),
    "not-seen": ("link",),
    "agent-silent": ("device",),
    "credentials-refused": ("device", "credential"),
    "dns": ("device", "address"),
    "state": ("what", "state", "reason"),
    "flapping": ("what", "changes"),
    # routing
    "bgp-down": ("device", "what", "state"),
    "ospf-down": ("device", "what", "state"),
    # quality and capacity
    "loss": _MEASURED,
    "rtt": ("device", "what", "quantity", "value", "usual", "window_s"),
    "utilisation": _LINK,
    "flat-top": _LINK,
    "discards": _MEASURED,
    "errors": _MEASURED,
    "p95": _MEASURED,
    "headroom": _MEASURED,
    "commit": _MEASURED,
    "contract-ending": _MEASURED,
    "over-committed": _MEASURED,
    "over-subscribed": _MEASURED,
    "diversity": _MEASURED,
    # health
    "lag-member": _MEASURED,
    "temperature": _MEASURED,
    "fan": _MEASURED,
    "power": _MEASURED,
    "component": _MEASURED,
    "on-battery": _MEASURED,
    "battery": _MEASURED,
    "optics": _MEASURED,
    "cpu": _MEASURED,
    "memory": _MEASURED,
    "host-key-changed": _MEASURED,
    "reboot": ("device", "uptime_s"),
    # what does not come, what is not foreseen, and the NOC itself
    "absence": ("device", "what", "measurement", "missed", "reason", "silent_s"),
    "threshold": _MEASURED,
    "own": _MEASURED,
}

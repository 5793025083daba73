"""FRRouting on Linux: the login shell is vtysh, or a shell from which vtysh may be run."""

from collectors.ssh.columns import facts, pattern, peers, routes, up
from collectors.ssh.question import Dialect, Json, Platform, Way

ROW = Platform(
    os="FRRouting",
    dialect=Dialect("linux", wraps=("{}", "vtysh -c '{}'", "sudo -n vtysh -c '{}'")),
    ways={
        "version": (
            Way(
                "show version",
                pattern(r"^FRRouting (?P<version>\S+) \((?P<hostname>[^)\n]*)\)(?: on (?P<hardware>[^\n]+?)\.?$)?"),
                facts(version="version", hardware="hardware", hostname="hostname"),
            ),
        ),
        "bgp_prefixes": (
            Way(
                "show bgp vrf all ipv4 unicast summary json",
                Json(("*", "peers", "*")),
                peers("@", "pfxRcd", vrf="^.@"),
                known=up("state"),
            ),
            Way(
                "show bgp ipv4 unicast summary json",
                Json(("peers", "*")),
                peers("@", "pfxRcd"),
                known=up("state"),
            ),
        ),
        "routes": (Way("show ip route summary json", Json(()), routes("routesTotal")),),
    },
    nothing=(r"\A\s*\{\s*\}\s*\Z", r"BGP instance not found", r"bgpd is not running"),
    unknown=(
        r"% ?Unknown command",
        r"% ?There is no matched command",
        r"% ?Command incomplete",
        r"% ?Ambiguous command",
    ),
    denied=(r"permission denied", r"failed to connect to any daemons", r"a password is required"),
)

"""Evidence that causes give beside that of their rules: code -> names of its figures; `alerts.words` has the sentences."""

from collections.abc import Mapping

CODES: Mapping[str, tuple[str, ...]] = {
    # what is known of the root itself
    "device-down": ("device",),  # every declared probe lost; what is around it answers
    "port-down": ("link", "device", "interface"),  # read at this end
    "admin-down": ("link", "device", "interface"),  # shut by configuration
    "no-path": ("link", "circuit"),  # port up, anchors lost
    "ports-towards-down": ("device", "count"),  # of the neighbours that answer, so many read their port to it down
    "ports-towards-up": ("device", "count"),  # their ports still read up: the line is whole
    "neighbour-answers": ("device", "neighbour"),
    "silent-behind": ("count",),  # devices behind it, of whatever kind of site
    "redundancy-lost": ("count",),  # member sites with a way less
    "cut-before": ("kind", "key"),  # what was lost earlier, without which this would cut nobody off
    # power
    "independent-paths": ("count", "kind", "key"),  # so many ways into this region or site silent at one moment
    "on-battery": ("device", "site"),
    "uptime-reset": ("device", "uptime_s"),
    # agents, sessions, the poller
    "refused-by": ("credential", "count"),  # so many devices refuse it: the credential is wrong, not they
    "sessions-down": ("device", "count"),
    "poller-isolated": (),
}

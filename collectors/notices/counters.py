"""What the ears count: everything that arrives is in exactly one of these."""

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class NoticeCounters:
    """Of one kind of listener, since the start of the daemon."""

    arrived: int = 0  # datagrams, or lines of a stream
    heard: int = 0  # became a Notice
    unknown_source: int = 0  # from an address that no device of the inventory has
    rate_limited: int = 0  # from a known device that talks too much
    unparsable: int = 0
    refused: int = 0  # wrong community, user or key, or out of the time window
    acknowledged: int = 0  # informs that got their Response
    reported: int = 0  # SNMPv3 Reports sent: discovery, and why an inform was refused
    lost: int = 0  # no room in the queue; connections turned away
    cut: int = 0  # lines of a stream that were longer than allowed

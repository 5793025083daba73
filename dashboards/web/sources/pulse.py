"""What has changed: a short word for each topic that pages follow, different whenever something of it is new."""

from typing import NamedTuple, Protocol


class Versions(NamedTuple):
    """Compared, never counted: another word means that something was written, or that writing stopped."""

    status: str = ""
    cases: str = ""
    figures: str = ""  # of capacity: five more minutes are over, or newer ones were computed


class PulseSource(Protocol):
    def look(self) -> Versions:
        """As it is now; cheap, may wait for the disk, never raises. What cannot be read has a word for that."""
        ...

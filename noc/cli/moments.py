"""Times as people type them after a command; Refused where they mean none."""

from noc.cli.data import Refused


def duration(text: str) -> float:
    """A length of time, seconds."""
    from dashboards import moments

    try:
        return moments.duration(text)
    except moments.MomentError as error:
        raise Refused(str(error)) from error


def moment(text: str, now: float) -> float:
    """UTC seconds of what is meant, said at `now`."""
    from dashboards import moments

    try:
        return moments.moment(text, now)
    except moments.MomentError as error:
        raise Refused(str(error)) from error

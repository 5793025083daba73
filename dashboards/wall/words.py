"""Words of the wallboard that depend on what is shown, in the language of the wall; and how its small pictures are drawn."""

from collections.abc import Callable, Mapping
from typing import Final

from dashboards.wall.scene import Course

Text = Callable[[str], str]
SPARK: Final = (120, 24)  # width and height of a sparkline


def failures(gettext: Text) -> Mapping[str, str]:
    """What fails, by the codes of `dashboards.wall.fitness`; {what} stands for a name."""
    return {
        "store": gettext("The metric store cannot be read: nothing is known"),
        "never": gettext("No daemon has written here yet: nothing is known"),
        "silent": gettext("The daemon writes nothing: all that is shown is old"),
        "blind": gettext(
            "The NOC is cut off from the network: look at its own cable and gateway; all that is shown is old"
        ),
        "stopped": gettext("The daemon was stopped: all that is shown is old"),
        "fast": gettext("The daemon's clock is ahead of this machine's: times are too late"),
        "ledger": gettext("The ledger cannot be read: incidents are not known"),
        "unkept": gettext("The ledger takes no writes: what is new is not shown here, pages go out"),
        "channel": gettext("{what} does not go out: nobody is told by it"),
        "influxdb": gettext("InfluxDB takes no data"),
        "clock": gettext("The clock of this machine jumped"),
        "disk": gettext("The disk is nearly full"),
        "queue": gettext("Messages have been waiting for too long"),
    }


def channels(gettext: Text) -> Mapping[str, str]:
    """What people call the channels that messages leave by; others are called by their names."""
    return {"sms": "SMS", "mail": gettext("mail"), "modem": gettext("modem")}


def left(seconds: float) -> str:
    """Minutes and seconds: 2:40."""
    whole = max(0, round(seconds))
    return f"{whole // 60}:{whole % 60:02d}"


def spark_path(course: Course) -> str:
    """SVG path data of a line through what is known, a gap where nothing is; zero lies at the bottom, the most on top."""
    known = [value for value in course if value is not None]
    if not known:
        return ""
    wide, high = SPARK
    step, scale = wide / max(1, len(course) - 1), (high - 4) / max(*known, 0.01)
    said, pen = [], "M"
    for place, value in enumerate(course):
        if value is None:
            pen = "M"
            continue
        said.append(f"{pen}{place * step:.0f} {high - 2 - value * scale:.1f}")
        pen = "L"
    return "".join(said)

"""Quantities as people call them on charts, in the viewer's language; without a word of their own by the table's label."""

from collections.abc import Callable, Mapping

from inventory.quantities import QUANTITIES

Text = Callable[[str], str]


def labels(gettext: Text) -> Mapping[str, str]:
    """By quantity."""
    return {
        **{name: gettext(quantity.label) for name, quantity in QUANTITIES.items()},
        "in_bps": gettext("in"),
        "out_bps": gettext("out"),
        "in_pps": gettext("packets in"),
        "out_pps": gettext("packets out"),
        "in_errors_ps": gettext("errors in"),
        "out_errors_ps": gettext("errors out"),
        "in_discards_ps": gettext("discards in"),
        "out_discards_ps": gettext("discards out"),
        "rtt_ms": gettext("round trip"),
        "loss_ratio": gettext("loss"),
        "jitter_ms": gettext("jitter"),
        "cpu_ratio": gettext("processor"),
        "memory_ratio": gettext("memory"),
        "temperature_c": gettext("temperature"),
    }


def label_of(name: str, known: Mapping[str, str]) -> str:
    return known.get(name, name)

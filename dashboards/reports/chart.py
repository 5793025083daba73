"""Charts of reports as SVG to stand inside a page: no script, no request, and the same bytes for the same figures."""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pygal

WIDTH: Final = 720
COLOURS: Final = ("#0072b2", "#d55e00", "#767676", "#009e73")  # Okabe and Ito: told apart by everybody
_STYLE: Final[Mapping[str, Any]] = {
    "background": "#ffffff",
    "plot_background": "#ffffff",
    "foreground": "#333333",
    "foreground_strong": "#111111",
    "foreground_subtle": "#888888",
    "font_family": "sans-serif",
    "label_font_size": 11,
    "major_label_font_size": 11,
    "legend_font_size": 12,
    "title_font_size": 14,
    "no_data_font_size": 14,
    "colors": COLOURS,
    "guide_stroke_color": "#e4e4e4",
    "guide_stroke_dasharray": "1,0",
    "major_guide_stroke_color": "#cccccc",
    "major_guide_stroke_dasharray": "1,0",
    "transition": "0s",
}
_LINES: Final = (
    "inline:.line-graph .series .line{stroke-width:2.5px!important;stroke-opacity:1!important}"  # pygal's are faint
)
_COMMENT: Final = re.compile(r"<!--.*?-->", re.S)  # names the day on which it was drawn


@dataclass(frozen=True, slots=True)
class Chart:
    """`lines` by their name in the legend, a value for each label; None is a gap. The title says the unit."""

    title: str
    labels: Sequence[str]
    lines: Mapping[str, Sequence[float | None]]
    shape: str = "line"  # "line", "bars" (lying) or "stack" (lying, added up)
    no_data: str = ""


def svg(chart: Chart, number: int) -> str:
    """`number` tells it from the other charts of its page."""
    drawn = _drawn(chart)
    drawn.uuid = f"report-{number}"
    drawn.add_xml_filter(_without_scripts)
    drawn.x_labels = list(chart.labels)
    for name, values in chart.lines.items():
        drawn.add(name, list(values))
    return _COMMENT.sub("", drawn.render(is_unicode=True))


def _without_scripts(root: Any) -> Any:
    for parent in root.iter():
        for child in list(parent):
            if str(child.tag).endswith("script"):
                parent.remove(child)
    return root


def _drawn(chart: Chart) -> "pygal.Graph":
    """pygal is loaded with the first chart: what only plans reports, as the web does, draws none."""
    import pygal
    from pygal.style import Style

    # pygal leaves a finder of its maps among Python's, in a form that later imports of anybody stumble over
    sys.meta_path[:] = [finder for finder in sys.meta_path if hasattr(finder, "find_spec")]
    height = 280 if chart.shape == "line" else 90 + 22 * len(chart.labels)
    kinds = {"line": pygal.Line, "bars": pygal.HorizontalBar, "stack": pygal.HorizontalStackedBar}
    return kinds[chart.shape](
        js=[],
        css=["file://style.css", "file://graph.css", _LINES],
        disable_xml_declaration=True,
        explicit_size=True,
        width=WIDTH,
        height=height,
        style=Style(**_STYLE),
        title=chart.title,
        legend_at_bottom=True,
        legend_at_bottom_columns=4,
        show_dots=False,
        stroke_style={"width": 2},
        value_formatter=lambda value: f"{value:.6g}",
        truncate_label=40,
        truncate_legend=40,
        no_data_text=chart.no_data,
        include_x_axis=True,
        x_labels_major_every=5 if chart.shape == "line" else None,
        show_minor_x_labels=chart.shape != "line",
    )

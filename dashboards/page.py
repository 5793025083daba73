"""The door to Jinja2 for pages: templates of this room, everything escaped, nothing undefined passes."""

from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def render(template: str, values: Mapping[str, Any]) -> str:
    """`template` is named from `dashboards/`: "reports/report.html"."""
    environment = Environment(
        loader=PackageLoader("dashboards", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**values)


def sound(markup: str) -> Markup:
    """Markup that was made here and escaped what it was made of."""
    return Markup(markup)

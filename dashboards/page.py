"""The door to Jinja2 for pages: templates of this room, everything escaped, nothing undefined passes."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from dashboards.languages import Language


def render(template: str, values: Mapping[str, Any]) -> str:
    """`template` is named from `dashboards/`: "reports/report.html"."""
    return _environment("").get_template(template).render(**values)


class Templates:
    """The templates of `dashboards/templates` in one language, compiled once; texts in them are gettext's."""

    def __init__(self, language: Language, filters: Mapping[str, Callable[..., Any]]) -> None:
        self._environment = _environment("templates", extensions=("jinja2.ext.i18n",))
        self._environment.install_gettext_callables(  # type: ignore[attr-defined]
            language.gettext, language.ngettext, newstyle=True
        )
        self._environment.filters.update(filters)

    def render(self, template: str, values: Mapping[str, Any]) -> str:
        return self._environment.get_template(template).render(**values)


def sound(markup: str) -> Markup:
    """Markup that was made here and escaped what it was made of."""
    return Markup(markup)


def _environment(folder: str, extensions: tuple[str, ...] = ()) -> Environment:
    return Environment(
        loader=PackageLoader("dashboards", folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=extensions,
    )

"""The door to Jinja2 for pages: templates of this room, everything escaped, nothing undefined passes."""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from dashboards.languages import Language
from inventory.sentence import Sentence


def render(template: str, values: Mapping[str, Any]) -> str:
    """`template` is named from `dashboards/`: "reports/report.html"."""
    return _environment("").get_template(template).render(**values)


class Templates:
    """The templates of `dashboards/templates` in one language, compiled once; texts in them are gettext's."""

    def __init__(self, language: Language, filters: Mapping[str, Callable[..., Any]]) -> None:
        self._environment = _environment("templates", _Settled, extensions=("jinja2.ext.i18n",))
        self._environment.extend(texts=_Texts(language.gettext))

        def worded(value: Any) -> Any:
            return language.said(value) if value.__class__ is Sentence else value

        self._environment.finalize = worded  # a sentence that anybody raised is said in the language of the page
        self._environment.install_gettext_callables(  # type: ignore[attr-defined]
            language.gettext, language.ngettext, newstyle=True
        )
        self._environment.filters.update(filters)

    def render(self, template: str, values: Mapping[str, Any]) -> str:
        return self._environment.get_template(template).render(**values)


def sound(markup: str) -> Markup:
    """Markup that was made here and escaped what it was made of."""
    return Markup(markup)


class _Texts(NodeTransformer):
    """Texts without variables are looked up once, when a template is compiled: what of it never changes is one piece then."""

    def __init__(self, gettext: Callable[[str], str]) -> None:
        self._gettext = gettext

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:
        self.generic_visit(node)
        called, args = node.node, node.args
        if not (isinstance(called, nodes.Name) and called.name in ("_", "gettext")) or node.kwargs or node.dyn_kwargs:
            return node
        if len(args) != 1 or not isinstance(args[0], nodes.Const) or node.dyn_args:
            return node
        text = Markup(self._gettext(args[0].value)) % {}  # as the library says what is marked for translation
        return nodes.MarkSafe(nodes.Const(str(text)), lineno=node.lineno, environment=node.environment)

    def visit_Concat(self, node: nodes.Concat) -> nodes.Expr:
        """What is joined at once is joined as it would be later, where one part of it is a text."""
        self.generic_visit(node)
        parts = [_settled(one) for one in node.nodes]
        if None in parts or not any(isinstance(one, Markup) for one in parts):
            return node
        return nodes.MarkSafe(
            nodes.Const(str(Markup("").join(parts))), lineno=node.lineno, environment=node.environment
        )


def _settled(node: nodes.Expr) -> Any:
    """What it is whenever the page is made; None where that is not known."""
    if isinstance(node, nodes.MarkSafe) and isinstance(node.expr, nodes.Const):
        return Markup(node.expr.value)
    return node.value if isinstance(node, nodes.Const) else None


class _Settled(Environment):
    """Of one language for all its life."""

    texts: _Texts

    def compile(self, source: Any, *how: Any, **named: Any) -> Any:
        tree = self.parse(source, *how[:2]) if isinstance(source, str) else source
        return super().compile(self.texts.visit(tree), *how, **named)


def _environment(folder: str, kind: type[Environment] = Environment, extensions: tuple[str, ...] = ()) -> Environment:
    return kind(
        loader=PackageLoader("dashboards", folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=extensions,
    )

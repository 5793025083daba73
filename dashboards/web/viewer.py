"""Who looks: an account, a display on the wall, or a program with a token; what each may do, and which sites it sees."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Right(StrEnum):
    """What a route needs; each route names exactly one, so nothing is open by forgetting."""

    PUBLIC = "public"  # nobody need be known: logging in, assets, the wall's exchange of its token
    DISPLAY = "display"  # the wallboard and what it draws: displays and everybody who sees the whole network
    SEE = "see"  # every account; answers hold only what the viewer's sites are made of
    WATCH = "watch"  # who sees the whole network: what concerns no single site
    ACT = "act"  # changing what others read: incidents, windows, roster, requests
    ADMIN = "admin"  # accounts, tokens, displays, audit


class Role(StrEnum):
    DISPLAY = "display"  # a wallboard: looks at /wall, nothing else
    INSTITUTION = "institution"  # sees its own sites
    VIEWER = "viewer"
    OPERATOR = "operator"
    ADMIN = "admin"


RIGHTS: Final[Mapping[Role, frozenset[Right]]] = {
    Role.DISPLAY: frozenset({Right.DISPLAY}),
    Role.INSTITUTION: frozenset({Right.SEE}),
    Role.VIEWER: frozenset({Right.DISPLAY, Right.SEE, Right.WATCH}),
    Role.OPERATOR: frozenset({Right.DISPLAY, Right.SEE, Right.WATCH, Right.ACT}),
    Role.ADMIN: frozenset({Right.DISPLAY, Right.SEE, Right.WATCH, Right.ACT, Right.ADMIN}),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """`name` stands in the audit log and in timelines. `sites`: site keys that may be seen, None for all of them.

    `rights` are those of the role, or fewer where a token was given fewer. `form_key` goes with every form that acts
    (CSRF); empty for tokens, which no browser sends by itself. `language` and `theme` are keys ("sw", "dark").
    `institutions`: of an institution viewer, keys of its own; others may share its sites.
    """

    name: str
    role: Role
    rights: frozenset[Right]
    sites: frozenset[str] | None = None
    language: str = "en"
    theme: str = "auto"
    form_key: str = ""
    institutions: frozenset[str] = frozenset()

    def may(self, right: Right) -> bool:
        return right is Right.PUBLIC or right in self.rights


NOBODY: Final = Viewer("", Role.DISPLAY, frozenset(), sites=frozenset())

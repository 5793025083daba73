"""Why something about an account, a token or a display was not done, in words; the codes are those of `Declined`."""

from collections.abc import Callable, Mapping


def problem_words(gettext: Callable[[str], str]) -> Mapping[str, str]:
    """By code, in the language of `gettext`."""
    return {
        "wrong": gettext("the name or the password is wrong"),
        "password-wrong": gettext("this is not your password"),
        "link-spent": gettext("this link is good no more: it was used, or it is older than 24 h; ask for a new one"),
        "password-short": gettext("at least 12 characters; a few words are easy to remember"),
        "password-long": gettext("at most 256 characters, none of them invisible"),
        "password-known": gettext("everybody tries this one first; take words that do not belong together"),
        "password-twice": gettext("the two are not the same"),
        "name-letters": gettext("letters a to z, figures, and . _ - @ between them; at most 64"),
        "name-taken": gettext("this name is taken"),
        "label-letters": gettext("some words on one line, at most 64 letters"),
        "account-unknown": gettext("there is no such account"),
        "account-disabled": gettext("this account is disabled"),
        "role-unknown": gettext("there is no such role"),
        "institution-needed": gettext("an institution viewer needs at least one institution"),
        "institution-unknown": gettext("the inventory has no such institution"),
        "language-unknown": gettext("there is no such language"),
        "theme-unknown": gettext("there are no such colours"),
        "last-admin": gettext("this is the last admin who can log in: make another one first"),
        "scope-unknown": gettext("choose at least one of read, act, admin"),
        "days-wrong": gettext("a number of days from 1 to 3650, or nothing"),
        "token-unknown": gettext("there is no such token"),
        "display-unknown": gettext("there is no such display"),
    }


def role_words(gettext: Callable[[str], str]) -> Mapping[str, tuple[str, str]]:
    """By key: its name, and what it may do."""
    return {
        "viewer": (gettext("viewer"), gettext("sees everything")),
        "operator": (gettext("operator"), gettext("sees everything, and acts: incidents, silences, roster, requests")),
        "admin": (gettext("admin"), gettext("does everything, and administers accounts, tokens, displays")),
        "institution": (gettext("institution viewer"), gettext("sees its own sites alone")),
    }


def theme_words(gettext: Callable[[str], str]) -> Mapping[str, str]:
    return {"auto": gettext("as the device"), "dark": gettext("dark"), "light": gettext("light")}


def scope_words(gettext: Callable[[str], str]) -> Mapping[str, str]:
    return {
        "read": gettext("read what the account may see"),
        "act": gettext("act as the account may"),
        "admin": gettext("administer accounts, tokens, displays"),
    }

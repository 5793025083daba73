"""`noc check`: configuration, inventory and secrets; all mistakes at once, each with its file and line."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from inventory.mistakes import Mistake
    from inventory.model import Inventory
    from noc.checking import Checked


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines: counts, mistakes and warnings.")
@click.pass_context
def check(ctx: click.Context, as_json: bool) -> None:
    """Check configuration, inventory and secrets; name every mistake at once.

    Exit status 0 when all is sound (there may be warnings), 2 when there are mistakes.

    \b
    Examples:
      noc check
      noc -c mynet/noc.toml check --json
    """
    from noc.config_path import find_config

    path = find_config(ctx.obj["config_path"])
    checked = _look(path)
    if as_json:
        click.echo(json.dumps(_machine(path, checked), indent=2, ensure_ascii=False))
    else:
        _say(path, checked)
    ctx.exit(2 if checked.mistakes else 0)


def _look(path: Path) -> "Checked":
    """Everything there is to say; a broken noc.toml does not hide a broken inventory beside it."""
    from dataclasses import replace

    from inventory import reading
    from noc.checking import check as look

    checked = look(path)
    beside = path.resolve().parent / "inventory"
    if checked.config is None and beside.is_dir():
        inventory, mistakes, warnings = reading.check(beside)
        return replace(
            checked,
            inventory=inventory,
            mistakes=checked.mistakes + mistakes,
            warnings=checked.warnings + warnings,
        )
    return checked


def counts(inventory: "Inventory") -> dict[str, int]:
    """How much there is of each kind; `members` are the sites that the network is for."""
    from inventory.difference import KINDS

    found = {kind: len(getattr(inventory, kind)) for kind in KINDS}
    return found | {
        "members": sum(1 for _ in inventory.members()),
        **{kind: sum(1 for site in inventory.sites.values() if site.kind == kind) for kind in ("mda", "lga")},
    }


def in_words(found: dict[str, int]) -> str:
    members = f"{amount(found['members'], 'member')}: {found['mda']} mda, {found['lga']} lga"
    rest = ("regions", "devices", "links", "circuits", "providers", "institutions", "services", "contacts")
    words = [amount(found[kind], kind.removesuffix("s")) for kind in rest]
    return f"{amount(found['sites'], 'site')} ({members}), " + ", ".join(words)


def plain_mistake(mistake: "Mistake") -> dict[str, Any]:
    return {"file": mistake.file, "line": mistake.line, "message": mistake.message, "hint": mistake.hint}


def short(mistake: "Mistake") -> str:
    """As text, with the file named from here where it lies below."""
    here = f"{Path.cwd()}{os.sep}"
    return str(mistake).replace(here, "")


def amount(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _machine(path: Path, checked: "Checked") -> dict[str, Any]:
    return {
        "ok": not checked.mistakes,
        "configuration": str(path),
        "inventory": str(checked.config.inventory.path) if checked.config else None,
        "counts": counts(checked.inventory) if checked.inventory else None,
        "mistakes": [plain_mistake(one) for one in checked.mistakes],
        "warnings": [plain_mistake(one) for one in checked.warnings],
    }


def _say(path: Path, checked: "Checked") -> None:
    for mistake in checked.mistakes:
        click.echo(short(mistake), err=True)
    for warning in checked.warnings:
        click.echo(f"warning: {short(warning)}", err=True)
    if checked.mistakes:
        click.echo(f"{amount(len(checked.mistakes), 'mistake')}.", err=True)
    elif checked.inventory is not None:
        click.echo(f"{path}: sound. {in_words(counts(checked.inventory))}.")

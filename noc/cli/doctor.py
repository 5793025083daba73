"""`noc doctor`: is this machine, and the daemon on it, fit for its work?"""

import click

WIDTH = 62  # what the columns before leave of 80
GLYPHS = {"fine": ("✓", "green"), "warning": ("!", "yellow"), "wrong": ("✗", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_context
def doctor(ctx: click.Context, as_json: bool) -> None:
    """Look at software, clock, configuration, receive buffer, ping, disk, store and daemon; say what to do.

    Exit status 0: fine, perhaps with warnings; 1: something is wrong.

    \b
    Examples:
      noc doctor
      noc doctor --json
    """
    import time

    from noc.config_path import find_config
    from noc.doctor import examine

    findings = list(examine(find_config(ctx.obj["config_path"]), time.time()))
    if as_json:
        import json
        from dataclasses import asdict

        click.echo(json.dumps({"findings": [asdict(finding) for finding in findings]}, indent=1))
    else:
        for finding in findings:
            glyph, colour = GLYPHS[finding.grade]
            first, *more = _lines(finding.text)
            click.echo(f"{click.style(glyph, fg=colour)} {finding.topic:<15} {first}")
            advice = finding.advice if finding.grade != "fine" else ""
            for line in (*more, *(_lines(f"→ {advice}") if advice else ())):
                click.echo(f"  {'':<15} {line}")
    ctx.exit(1 if any(finding.grade == "wrong" for finding in findings) else 0)


def _lines(text: str) -> list[str]:
    import textwrap

    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]

"""Every command says how it is used: its help has examples, and fits a terminal of 80 columns but for examples."""

from collections.abc import Iterator

import click
import pytest

from noc.cli.main import main


def commands(group: click.Group, context: click.Context, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield (*path, name)
        if isinstance(found, click.Group):
            yield from commands(found, click.Context(found, parent=context), (*path, name))


ALL = sorted(commands(main, click.Context(main)))


def test_given_the_program_then_its_commands_are_many() -> None:
    assert ("incident", "ack") in ALL and ("scenario", "run") in ALL


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_given_a_command_then_its_help_has_examples(path: tuple[str, ...]) -> None:
    from click.testing import CliRunner

    shown = CliRunner().invoke(main, [*path, "--help"], terminal_width=80)
    assert shown.exit_code == 0
    assert "Example" in shown.output
    said, _, rest = shown.output.partition("Example")
    wide = [line for line in (said + rest.partition("Options:")[2]).splitlines() if len(line) > 80]
    assert wide == []

"""What an installation is told and what it can be asked stands in the handbook: each setting, each command."""

import re
from collections.abc import Iterator
from pathlib import Path

import click

from app.cli import main
from app.config import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_is_documented_and_no_other() -> None:
    told = set(re.findall(r"`(BAIQAU_[A-Z0-9_]+)`", (ROOT / "docs" / "settings.md").read_text()))

    assert told == {f"BAIQAU_{name.upper()}" for name in Settings.model_fields}


def test_every_command_is_documented_and_no_other() -> None:
    told = re.findall(r"^\| `(baiqau [a-z -]+)`", (ROOT / "docs" / "commands.md").read_text(), re.MULTILINE)

    assert sorted(told) == sorted(commands(click.Context(main, info_name="baiqau")))


def commands(context: click.Context) -> Iterator[str]:
    """Each command that does something."""
    group = context.command
    if not isinstance(group, click.Group):
        yield context.command_path
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield from commands(click.Context(command, parent=context, info_name=name))

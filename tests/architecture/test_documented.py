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


def test_page_that_the_proxy_shows_while_the_site_rests_is_there_and_complete() -> None:
    told = (ROOT / "docs" / "how-to" / "run-behind-a-proxy.md").read_text()
    [folder] = re.findall(r"root /srv/baiqau/(\S+);", told)
    [name] = re.findall(r"location = /(\S+) \{", told)
    page = (ROOT / folder / name).read_text()

    assert [code for code in ("kk", "ru", "en") if f'<p lang="{code}">' in page] == ["kk", "ru", "en"]
    assert not re.search(r'(src|href)="', page), "nothing of the site can be asked for while it rests"


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

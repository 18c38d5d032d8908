"""`baiqau`: the command line. Pure tools (`baiqau scoring`) start without the application; all else runs inside it.

A package adds its own group by a file `<package>/cli.py` with a click group of the package's name, or single commands by
`Module.commands`.
"""

import json
import os
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import click

from app.config import DOMAIN_MODULES, PRIVATE, MisconfiguredError, Settings


def create() -> Any:
    """The application; imported late, for `--help` and the pure tools need none of it."""
    from app.factory import create_app  # noqa: PLC0415

    return create_app()


def inside(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run a command inside the application; what is refused is said as on a page."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        from flask_babel import force_locale  # noqa: PLC0415

        from app.core.refusals import RefusedError  # noqa: PLC0415
        from app.jinja import sentence  # noqa: PLC0415

        try:
            app = create()
        except MisconfiguredError as error:
            raise click.ClickException(str(error)) from error
        with app.app_context():
            try:
                return command(*args, **kwargs)
            except RefusedError as error:
                with force_locale("en"):
                    reasons = "\n".join(sentence(one) for one in error.refusals)
                raise click.ClickException(reasons) from error

    return run


class Commands(click.Group):
    """The commands below, the packages' groups, and the modules' commands, each imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """What `--help` lists."""
        return sorted({*super().list_commands(ctx), *(name for name in DOMAIN_MODULES if _has_group(name))})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command by its name."""
        found = super().get_command(ctx, cmd_name)
        if found is not None:
            return found
        if cmd_name in DOMAIN_MODULES and _has_group(cmd_name):
            groups = vars(import_module(f"{cmd_name}.cli")).values()
            return next(one for one in groups if isinstance(one, click.Group) and one.name == cmd_name)
        return _command_of_module(cmd_name)


def _has_group(package: str) -> bool:
    return find_spec(f"{package}.cli") is not None


def _command_of_module(name: str) -> click.Command | None:
    from app.factory import load_modules  # noqa: PLC0415 - imports all modules

    commands = (one for module in load_modules(_settings().modules) for one in module.commands)
    return next((one for one in commands if one.name == name), None)


def _settings() -> Settings:
    try:
        return Settings()
    except MisconfiguredError as error:
        raise click.ClickException(str(error)) from error


@click.group(cls=Commands)
def main() -> None:
    """Baiqau: a grant competition platform."""
    os.umask(PRIVATE)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--threads", default=4, show_default=True)
@click.option("--certfile")
@click.option("--keyfile")
def web(  # noqa: PLR0917 - click passes them by name
    host: str, port: int, workers: int, threads: int, certfile: str | None, keyfile: str | None
) -> None:
    """Serve the site."""
    from app.server import serve  # noqa: PLC0415 - a server is heavy to import

    _settings()
    serve(create, host=host, port=port, workers=workers, threads=threads, certfile=certfile, keyfile=keyfile)


@main.command()
@inside
def worker() -> None:
    """Deliver letters, render documents, make exports; ends with SIGTERM when what runs is done."""
    import logging  # noqa: PLC0415 - only a process of its own writes a log

    from app.core.jobs import work  # noqa: PLC0415

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for library in ("huey", "weasyprint", "fontTools"):
        logging.getLogger(library).setLevel(logging.WARNING)
    work()


@main.command()
@click.option("--no-copy", is_flag=True, help="keep no copy of the database: there is one already")
@inside
def upgrade(*, no_copy: bool) -> None:
    """Keep a copy of the database, bring it to the schema of this version, and say what is wrong then.

    Exit 1 where the database is not as it must be, or no copy could be made: then nothing was changed. A mail server that
    is away does not keep the site from starting.
    """
    from flask_migrate import upgrade as migrate  # noqa: PLC0415

    from app.copies import CopyError, copy_database, is_about_to_change  # noqa: PLC0415
    from app.doctor import examine  # noqa: PLC0415

    if is_about_to_change() and not no_copy:
        try:
            click.echo(f"The database as it was: {copy_database()}")
        except CopyError as error:
            message = f"Nothing was changed, for no copy of the database could be made. {error}\n"
            message += "With a copy of your own: baiqau upgrade --no-copy"
            raise click.ClickException(message) from error
    migrate()
    wrong = [check for check in examine() if not check.is_ok]
    for one in wrong:
        click.echo(f"{one.name}: {one.detail}  -> {one.cure}")
    click.get_current_context().exit(1 if {one.name for one in wrong} & {"database", "migrations"} else 0)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="for programs")
@inside
def doctor(*, as_json: bool) -> None:
    """Examine settings, fonts, migrations, space, mail, jobs, invariants and the audit chain."""
    from app.doctor import examine  # noqa: PLC0415

    checks = examine()
    is_ok = all(check.is_ok for check in checks)
    if as_json:
        found = [{"name": one.name, "ok": one.is_ok, "detail": one.detail, "cure": one.cure} for one in checks]
        click.echo(json.dumps({"ok": is_ok, "checks": found}, ensure_ascii=False, indent=1))
    else:
        for one in checks:
            click.echo(f"{'ok ' if one.is_ok else 'BAD'} {one.name}: {one.detail}{'' if one.is_ok else f'  -> {one.cure}'}")
    raise SystemExit(0 if is_ok else 1)


@main.command()
@click.option("--json", "as_json", is_flag=True, help="for programs")
@inside
def routes(*, as_json: bool) -> None:
    """List every route with its policy and audience."""
    from app.routes import inventory  # noqa: PLC0415

    rows = inventory()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            click.echo(f"{','.join(row['methods']):10} {row['rule']:60} {row['policy']:30} {row['audience']}")


@main.group()
def audit() -> None:
    """The record of acts."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="for programs")
@inside
def verify(*, as_json: bool) -> None:
    """Recompute every chain; exit 1 where an entry was changed, deleted, swapped or cut off."""
    from app.core.audit import verify as verify_chains  # noqa: PLC0415

    found = verify_chains()
    if as_json:
        click.echo(json.dumps({"ok": found.is_intact, "entries": found.entry_count, "first_broken": found.first_broken}))
    elif found.is_intact:
        click.echo(f"All {found.entry_count} entries fit.")
    else:
        click.echo(f"Broken at chain/entry {found.first_broken}.")
    raise SystemExit(0 if found.is_intact else 1)


@main.group()
def user() -> None:
    """Accounts."""


@user.command("create")
@click.option("--email", required=True)
@click.option("--role", type=click.Choice(["administrator"]), required=True)
@inside
def create_user(email: str, role: str) -> None:  # noqa: ARG001 - there is one choice; others are invited on the site
    """Make the first administrator and print a link by which she signs in, once."""
    from app.access.actor import COMMAND  # noqa: PLC0415
    from app.core import clock  # noqa: PLC0415
    from app.core.db import writing  # noqa: PLC0415
    from app.people.services.accounts import create_account, first_sign_in  # noqa: PLC0415
    from app.request import link_to  # noqa: PLC0415

    at = clock.now()
    with writing():
        account = create_account(email, language=None, by=COMMAND, at=at, is_administrator=True)
        secret = first_sign_in(account, at=at)
    click.echo(link_to("people_public.first_sign_in", secret=secret))


# Names are random letters: one in sixty begins with a dash and is no option.
NAMES = {"ignore_unknown_options": True}


@main.group()
def jobs() -> None:
    """Slow work that was given up and waits for a person."""


@jobs.command("list")
@inside
def list_jobs() -> None:
    """Name each job that was given up, when, and the kind of its last error; the worker's log says more."""
    from app.core.jobs import given_up  # noqa: PLC0415

    for one in given_up():
        click.echo(f"{one.public_id}  {one.kind:20} {one.ended_at:%Y-%m-%d %H:%M} UTC  {one.error}")


@jobs.command(context_settings=NAMES)
@click.argument("names", nargs=-1)
@inside
def again(names: tuple[str, ...]) -> None:
    """Give those NAMES, or else all that were given up, five more tries."""
    from app.core.jobs import revive  # noqa: PLC0415

    _each_given_up(names, revive)


@jobs.command(context_settings=NAMES)
@click.argument("names", nargs=-1, required=True)
@inside
def forget(names: tuple[str, ...]) -> None:
    """Drop those NAMES that are not to run again."""
    from app.core.jobs import forget as drop  # noqa: PLC0415

    _each_given_up(names, drop)


def _each_given_up(names: tuple[str, ...], act: Callable[[Any], None]) -> None:
    from app.core.db import writing  # noqa: PLC0415
    from app.core.jobs import given_up  # noqa: PLC0415

    found = [one for one in given_up() if not names or one.public_id in names]
    if unknown := set(names) - {one.public_id for one in found}:
        message = f"No job of that name was given up: {', '.join(sorted(unknown))}"
        raise click.ClickException(message)
    with writing():
        for one in found:
            act(one)
    click.echo(f"{len(found)} jobs")


@main.group()
def demo() -> None:
    """The demo: one whole life of Start App and the calls beside it."""


@demo.command()
@inside
def load() -> None:
    """Fill an empty development database."""
    from app.demo import load as load_demo  # noqa: PLC0415

    load_demo()


@demo.command("finish-scoring")
@inside
def finish_scoring() -> None:
    """Complete the score sheets of both stages and move the calendar so that the pitch is past."""
    from app.demo import finish_scoring as finish  # noqa: PLC0415

    finish()


@demo.command()
@click.option("--applications", type=click.IntRange(1, 100_000), required=True)
@click.option("--jurors", type=click.IntRange(1, 1_000), required=True)
@click.option("--reviews", type=click.IntRange(1, 100), required=True, help="of each application")
@click.option("--seed", default=1, show_default=True)
@inside
def scale(applications: int, jurors: int, reviews: int, seed: int) -> None:
    """Make one more competition of that size, in the scoring state, and print its addresses."""
    from app.demo import scale as scale_demo  # noqa: PLC0415

    click.echo(json.dumps(scale_demo(applications=applications, jurors=jurors, reviews=reviews, seed=seed)))


@main.command()
@click.option("--check", is_flag=True, help="change nothing; exit 1 where a page is stale")
@inside
def docs(*, check: bool) -> None:
    """Write docs/permissions.md and docs/states.md from the code."""
    from app.docs import write_pages  # noqa: PLC0415

    stale = write_pages(is_dry=check)
    for path in stale:
        click.echo(f"{'stale' if check else 'written'}: {os.path.relpath(path)}")
    raise SystemExit(1 if check and stale else 0)


if __name__ == "__main__":
    main()

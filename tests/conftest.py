"""What all tests share: two databases copied per test, the application, a client, a browser, a clock, a mail server.

A test that takes `database` runs on SQLite and on PostgreSQL, inside an application context.
A test that takes `client` makes requests instead, on SQLite (mark it `db` for both), and keeps no context open around them.
A test that takes `page` and `site` is a journey in a real browser against a real server.
The application is imported inside the fixtures: pure tests start without it.
"""

import gc
import os
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

import hypothesis
import pytest
import time_machine
from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule
from werkzeug.serving import make_server

from tests.client import Client
from tests.loaded import Loaded, loaded_once
from tests.mail import Mailbox, mail_server
from tests.servers import PostgreSQL, free_port, postgresql, redis, scratch_folder

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from app.config import Settings
    from app.modules import Invariant
    from tests.kept import Kept

ENGINES = ("sqlite", "postgresql")
PURE_FILES = ("test_states.py", "test_rules.py", "test_policy.py")
PLACES = {"sqlite": "on SQLite", "postgresql": "on PostgreSQL", "browser": "in the browser"}
ALMATY = ZoneInfo("Asia/Almaty")
TEMPLATE = "baiqau_template"
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
T = TypeVar("T")


# --- Which tests run, and where -----------------------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long", action="store_true", help="also the full products of browser, attack, fault, load and model tests"
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database" in metafunc.fixturenames:
        asks = {"client", "page", "site"} & set(metafunc.fixturenames)
        mark = metafunc.definition.get_closest_marker("db")
        everywhere = ENGINES if mark or not asks else ENGINES[:1]
        seldom = mark.kwargs.get("long") if mark else None
        engines = (mark and mark.args) or everywhere
        marked = [pytest.param(one, marks=pytest.mark.long if one == seldom else ()) for one in engines]
        metafunc.parametrize("database", marked, indirect=True)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    for item in items:
        _mark(item)
    if not config.getoption("--long"):
        long = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in set(long)]
    yield  # others shuffle
    items[:] = dealt(items, seconds, hands=int(getattr(config, "workerinput", {}).get("workercount", 1)))


def seconds(item: pytest.Item) -> float:
    """How long a test lasts by its mark, 0 for all others."""
    mark = item.get_closest_marker("lasts")
    return float(mark.args[0]) if mark else 0


def dealt(cards: list[T], worth: Callable[[T], float], *, hands: int) -> list[T]:
    """The longest first, one to each hand by turns: a long test that starts last would leave all other hands idle.

    The hands are those of `--dist worksteal`: pieces of the list, equal within one, each played from its beginning.
    """
    sizes = [len(cards) // hands + (hand >= hands - len(cards) % hands) for hand in range(hands)]
    places = sorted((turn, sum(sizes[:hand]) + turn) for hand, size in enumerate(sizes) for turn in range(size))
    longest = sorted(filter(worth, cards), key=worth, reverse=True)
    placed = {place: card for (_turn, place), card in zip(places, longest, strict=False)}
    rest = (card for card in cards if not worth(card))
    return [placed[place] if place in placed else next(rest) for place in range(len(cards))]


def _mark(item: pytest.Item) -> None:
    fixtures = set(getattr(item, "fixturenames", ()))
    params = getattr(getattr(item, "callspec", None), "params", {})
    if "page" in fixtures or "browser" in fixtures:
        item.add_marker("journey")
        item.user_properties.append(("place", "browser"))
    elif "client" in fixtures:
        item.add_marker("web")
    elif "database" in fixtures:
        item.add_marker("db")
    elif item.path.name in PURE_FILES:
        item.add_marker("unit")
    item.user_properties += [("place", value) for value in params.values() if value in ENGINES]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Note which states were moved meanwhile: by tests that load the application."""
    audited = sys.modules.get("tests.audited")
    moves: set[str] = audited.moves if audited else set()
    moves.clear()
    yield
    item.user_properties += [("move", move) for move in sorted(moves)]


class Places:
    """Counts where the tests passed, in the process that reports; a full run must have been everywhere.

    It says what tests measured (`record_property("told", ...)`): what they print is dropped in the processes beside it.
    And it must have taken every arrow of every machine: a state that no act reaches is a promise nobody keeps.
    """

    def __init__(self, config: pytest.Config) -> None:
        self.is_full = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not (
            config.option.keyword or config.option.markexpr or config.option.collectonly
        )
        self.passed: Counter[str] = Counter()
        self.skipped: list[str] = []
        self.moves: set[str] = set()
        self.told: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped.append(report.nodeid)
        if report.when == "call":
            self.told += [str(told) for key, told in report.user_properties if key == "told"]
        if report.when == "call" and report.passed:
            self.passed.update(str(place) for key, place in report.user_properties if key == "place")
            self.moves.update(str(move) for key, move in report.user_properties if key == "move")

    def complaints(self) -> list[str]:
        if not self.is_full:
            return []
        from tests.audited import arrows  # noqa: PLC0415 - see the module

        empty = [f"No test passed {words}." for place, words in PLACES.items() if not self.passed[place]]
        empty += [f"No test moved {arrow}." for arrow in sorted(arrows() - self.moves)]
        return empty + [f"Skipped: {nodeid}" for nodeid in self.skipped]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.complaints() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        counts = ", ".join([f"{self.passed[place]} {words}" for place, words in PLACES.items()])
        terminalreporter.section("where the tests ran")
        terminalreporter.line(f"Passed {counts}.")
        for told in sorted(self.told):
            terminalreporter.line(told)
        for complaint in self.complaints():
            terminalreporter.line(complaint, red=True)


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith("BAIQAU_")]:
        del os.environ[name]  # the tests' settings are their own
    # The same cases every time, so that a run tells of the change and not of luck; `--long` searches longer, with fresh seeds.
    hypothesis.settings.register_profile(
        "any machine",
        max_examples=500 if config.getoption("--long") else 100,
        deadline=None,
        derandomize=not config.getoption("--long"),
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.load_profile("any machine")
    # The imported libraries are a large heap that never dies: to look through it often took a quarter of the time.
    gc.set_threshold(10_000, 10, 10)
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Places(config), "places")


# --- Databases ----------------------------------------------------------------------------------------------------------


class Databases:
    """The servers and migrated templates of one test process, made when first asked for."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.folder = folder
        self._stack = stack
        self._has_postgresql_template = False
        self._template: Path | None = None
        self._awaited: str | None = None

    def sqlite(self) -> str:
        """The address of a fresh SQLite database."""
        return self.fresh("sqlite")

    def postgresql(self) -> str:
        """The address of a fresh PostgreSQL database."""
        return self.fresh("postgresql")

    def fresh(self, engine: str) -> str:
        """The address of a fresh database."""
        self._prepare(engine)
        self._awaited = None
        if engine == "sqlite":
            self._remove(engine)
            shutil.copyfile(self.folder / "template.sqlite3", self.folder / "test.sqlite3")
        else:
            self.server.copy(TEMPLATE, "baiqau_test")
        return self.address(engine)

    def later(self, engine: str) -> str:
        """The address of a database that is copied when it is first opened, for who most likely begins with a kept one.

        The one of the test before is removed at once: whoever opens it by a way of her own finds none.
        """
        self._prepare(engine)
        self._remove(engine)
        self._awaited = engine
        return self.address(engine)

    def awaited(self) -> None:
        """Copy what is opened now, if that was left for later."""
        if self._awaited is not None:
            self.fresh(self._awaited)

    def address(self, engine: str) -> str:
        """Where the test's database is."""
        return f"sqlite:///{self.folder / 'test.sqlite3'}" if engine == "sqlite" else self.server.url("baiqau_test")

    def _prepare(self, engine: str) -> None:
        """Migrate the template, once."""
        if engine == "sqlite" and self._template is None:
            template = self.folder / "template.sqlite3"
            migrate(f"sqlite:///{template}", self.folder / "template")
            self._template = template
        elif engine == "postgresql" and not self._has_postgresql_template:
            self.server.execute(f"DROP DATABASE IF EXISTS {TEMPLATE}", f"CREATE DATABASE {TEMPLATE}")
            migrate(self.server.url(TEMPLATE), self.folder / "template")
            self._has_postgresql_template = True

    def _remove(self, engine: str) -> None:
        """Leave no database to the test, nor what stood beside it."""
        if engine == "sqlite":
            for leftover in self.folder.glob("test.sqlite3*"):
                leftover.unlink()
        else:
            self.server.drop("baiqau_test")

    def keep(self, engine: str, number: int) -> None:
        """Keep the present state of the test's database, which nobody has open."""
        if engine == "sqlite":
            shutil.copyfile(self.folder / "test.sqlite3", self.folder / f"kept-{number}.sqlite3")
        else:
            self.server.copy("baiqau_test", f"baiqau_kept_{number}")

    def restore(self, engine: str, number: int) -> None:
        """Bring the test's database, which nobody has open, to a state that was kept."""
        self._awaited = None
        if engine == "sqlite":
            shutil.copyfile(self.folder / f"kept-{number}.sqlite3", self.folder / "test.sqlite3")
        else:
            self.server.copy(f"baiqau_kept_{number}", "baiqau_test")

    def bare(self, engine: str) -> str:
        """The address of a database without a single table."""
        if engine == "sqlite":
            return f"sqlite:///{tempfile.mkdtemp(dir=self.folder)}/bare.sqlite3"
        self.server.copy("template0", "baiqau_bare")
        return self.server.url("baiqau_bare")

    @cached_property
    def server(self) -> PostgreSQL:
        return self._stack.enter_context(postgresql())


def make_settings(database_url: str, data: Path, **more: Any) -> "Settings":
    """Settings that no environment and no .env touches; passwords are cheap to hash."""
    from app.config import Settings  # noqa: PLC0415 - see the module

    keys = {"secret_key": "s" * 40, "vault_key": "v" * 40, "audit_key": "a" * 40, "backup_key": "b" * 40}
    cheap = {"password_memory_kib": 8, "password_rounds": 1}
    values: dict[str, Any] = {"_env_file": None, "database_url": database_url, "data": data, **keys, **cheap, **more}
    return Settings(**values)


def settings_of_copy(demo: Loaded, data: Path) -> "Settings":
    """The settings of a copy of the demo, made in this folder: the secrets are those it was loaded with."""
    demo.copy_to(data)
    return make_settings(f"sqlite:///{data / 'baiqau.sqlite3'}", data, secret_key="", vault_key="", audit_key="")


def migrate(database_url: str, data: Path) -> None:
    """Bring an empty database to the present schema."""
    from flask_migrate import upgrade  # noqa: PLC0415 - see the module

    app = make_app(make_settings(database_url, data))
    with app.app_context():
        upgrade()
        engine = app.extensions["sqlalchemy"].engine
        engine.dispose()
        COMPILED.begin(engine)


class CompiledTemplates(BytecodeCache):
    """Templates compiled once a process, however many applications it makes."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = CompiledTemplates()


class KeptRule(Rule):
    """A route that is parsed and compiled once a process: it was a third of the time of all tests."""

    _kept: ClassVar[dict[tuple[Any, ...], tuple[Any, ...]]] = {}

    def compile(self) -> None:
        key = (self.rule, self.subdomain, self.merge_slashes, repr(self.defaults))
        if key not in self._kept:
            super().compile()
            builders = [build.__func__ for build in (self._build, self._build_unknown)]  # type: ignore[attr-defined]
            self._kept[key] = (self._parts, self._trace, self._converters, frozenset(self._converters), *builders)
        self._parts, self._trace, self._converters, arguments, build, build_unknown = self._kept[key]
        self.arguments |= arguments
        self._build, self._build_unknown = build.__get__(self), build_unknown.__get__(self)


Flask.url_rule_class = KeptRule


class Compiled:
    """Statements compiled once a process and kind of database: each application's engine would begin with none."""

    def __init__(self) -> None:
        self._by_kind: dict[str, Engine] = {}

    def begin(self, engine: "Engine") -> None:
        """Remember in `engine`, which was connected: its dialect knows the server, and is a part of every key."""
        engine._compiled_cache = LRUCache(20_000)
        self._by_kind[engine.dialect.name] = engine

    def share(self, engine: "Engine") -> None:
        """Let `engine` remember together with the first of its kind."""
        first = self._by_kind.get(engine.dialect.name)
        if first is not None:
            engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache


COMPILED = Compiled()


def make_app(settings: "Settings") -> Flask:
    from app.factory import create_app  # noqa: PLC0415 - see the module
    from tests.audited import watch  # noqa: PLC0415 - see the module

    app = create_app(settings)
    with app.app_context():
        COMPILED.share(app.extensions["sqlalchemy"].engine)
    watch()
    app.jinja_env.bytecode_cache = TEMPLATES
    return app


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    with ExitStack() as stack:
        from sqlalchemy import Engine, event  # noqa: PLC0415 - see the module

        made = Databases(stack.enter_context(scratch_folder(f"tests-{WORKER}")), stack)

        def open_awaited(*_connection: object) -> None:
            made.awaited()

        event.listen(Engine, "do_connect", open_awaited)
        yield made
        event.remove(Engine, "do_connect", open_awaited)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, databases: Databases) -> str:
    """A fresh migrated database on the engine that `database` was parametrised with, SQLite by default."""
    engine = getattr(getattr(request.node, "callspec", None), "params", {}).get("database", "sqlite")
    return databases.later(engine) if "kept" in request.fixturenames else databases.fresh(engine)


@pytest.fixture(scope="session")
def kept(databases: Databases) -> "Kept":
    """`kept(app, scene)` is what `scene()` returns, played once a process and copied then."""
    from tests.kept import Kept  # noqa: PLC0415 - see the module

    return Kept(databases)


@pytest.fixture(scope="session")
def loaded_demo(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """The demo that all processes of this run copy."""
    own = tmp_path_factory.getbasetemp()
    return loaded_once(own.parent if own.name == f"popen-{WORKER}" else own)


# --- The application ----------------------------------------------------------------------------------------------------


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> "Settings":
    """The settings of `app`; a test module that needs others overrides this fixture with `make_settings`."""
    return make_settings(database_url, tmp_path / "data")


def violations_sql(one: "Invariant", connection: "Connection") -> str:
    """The text of an invariant's SELECT, made once a process: making it takes longer than all else after a test."""
    key = (connection.dialect.name, one.name)
    if key not in VIOLATIONS_SQL:
        made = one.violations().compile(dialect=connection.dialect, compile_kwargs={"literal_binds": True})
        VIOLATIONS_SQL[key] = str(made)
    return VIOLATIONS_SQL[key]


VIOLATIONS_SQL: dict[tuple[str, str], str] = {}


def broken_invariants(invariants: "Sequence[Invariant]", connection: "Connection") -> dict[str, Any]:
    """The rows that break an invariant, by its name. All are asked about at once: an answer takes longer than looking."""
    asked = [violations_sql(one, connection) for one in invariants]
    at_once = " UNION ALL ".join(f"SELECT {number} WHERE EXISTS ({sql})" for number, sql in enumerate(asked))
    numbers = connection.exec_driver_sql(at_once).scalars().all() if asked else []
    return {invariants[number].name: connection.exec_driver_sql(asked[number]).all() for number in numbers}


@pytest.fixture
def app(settings: "Settings") -> Iterator[Flask]:
    """The application on a fresh database, with no context open. Afterwards nothing may break an invariant."""
    app = make_app(settings)
    app.testing = True
    app.test_client_class = Client
    yield app
    db = app.extensions["sqlalchemy"]
    with app.app_context():
        broken = broken_invariants(app.extensions["baiqau"].invariants, db.session.connection())
        db.session.rollback()
        db.session.remove()
        db.engine.dispose()
    assert broken == {}


@pytest.fixture
def database(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    """The engine's name. Opens an application context, except around requests, which open their own."""
    engine: str = request.param
    if {"client", "site", "page"} & set(request.fixturenames):
        yield engine
        return
    with app.app_context():
        yield engine


@pytest.fixture
def client(app: Flask) -> Client:
    """A visitor's browser without a window; it sends the CSRF token by itself."""
    client = app.test_client()
    assert isinstance(client, Client)
    return client


# --- The browser --------------------------------------------------------------------------------------------------------


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address of a real server of `app`; addresses given to `page.goto` may be relative to it."""
    port = free_port()
    app.config["SETTINGS"].base_url = f"http://127.0.0.1:{port}"
    server = make_server("127.0.0.1", port, app, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Debian's Chromium without its window, which takes half of the time; nothing is downloaded."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell")
    assert program, "Chromium is not installed; ./test installs it, or name it in CHROMIUM"
    return browser_type_launch_args | {"executable_path": program}


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], site: str) -> dict[str, Any]:
    """Each context starts at the test's own site, in Almaty."""
    return browser_context_args | {"base_url": site, "timezone_id": "Asia/Almaty", "locale": "kk-KZ"}


# --- The clock, the mail, the queue -------------------------------------------------------------------------------------


@pytest.fixture
def at() -> Iterator[Callable[[str | datetime], None]]:
    """Move the clock, where it then stands: `at("2026-08-14 18:00")` is Almaty's time."""
    with ExitStack() as stack:

        def move(instant: str | datetime) -> None:
            moment = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
            moment = moment if moment.tzinfo else moment.replace(tzinfo=ALMATY)
            stack.enter_context(time_machine.travel(moment, tick=False))

        yield move


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A real SMTP server: `mailbox.url` for the settings, `mailbox.letters` what arrived."""
    with mail_server() as mailbox:
        yield mailbox


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis server."""
    with redis() as url:
        yield url

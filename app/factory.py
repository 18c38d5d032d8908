"""create_app: settings, extensions, platform and modules in one place."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from app.compression import init_compression
from app.config import ROOT, Settings
from app.core.db import db, init_database
from app.core.limits import init_limits
from app.errors import init_errors
from app.extensions import babel, csrf, login_manager, migrate
from app.jinja import init_jinja
from app.modules import Module, Registry
from app.people.session import init_sign_in
from app.programmes.queries import actor_of
from app.request import Baiqau, init_request, select_locale
from app.security import init_security

PLATFORM = ("app.people", "app.programmes", "app.messages", "app.certificates", "app")


def create_app(settings: Settings | None = None) -> Baiqau:
    """The application with the modules its settings name. Migrates nothing and asks nothing."""
    app = Baiqau("app", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "app" / "static"))
    app.config["SETTINGS"] = settings or Settings()
    init_security(app)
    init_compression(app)
    app.extensions["baiqau"] = Registry(load_modules(app.config["SETTINGS"].modules))
    init_database(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    init_request(app)  # before the token is checked: a page about a missing one knows its reader
    init_limits(app)
    csrf.init_app(app)
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(ROOT / "app" / "translations")
    babel.init_app(app, default_locale="en", locale_selector=select_locale, default_timezone=app.config["SETTINGS"].timezone)
    init_sign_in(app, login_manager, actor_of)
    init_jinja(app)
    init_errors(app)
    for module in app.extensions["baiqau"].modules:
        for blueprint in module.blueprints:
            app.register_blueprint(blueprint)
    return app


def load_modules(names: tuple[str, ...]) -> list[Module]:
    """The platform's own packages, the named modules, and installed ones with the entry point `baiqau.modules`."""
    found: list[Module] = [import_module(f"{name}.module").module for name in (*PLATFORM, *names)]
    return [*found, *installed_modules()]


@cache
def installed_modules() -> tuple[Module, ...]:
    """Those that installed packages bring along: as long as the process lives they are the same."""
    return tuple(entry.load() for entry in entry_points(group="baiqau.modules"))

"""The platform's own pages: the front page, language, health, the showcase of components."""

from app.labels import LABELS
from app.modules import Module
from app.views import account

module = Module(name="app", blueprints=(account.bp,), labels=LABELS)

"""The platform's own pages: the front page, language, health, the showcase of components."""

from app.modules import Module

module = Module(name="app")

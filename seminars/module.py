"""What seminars hand to the platform."""

from app.modules import Module
from seminars import models

module = Module(name="seminars")

__all__ = ["models", "module"]

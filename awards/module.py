"""What awards hand to the platform."""

from app.modules import Module
from awards import models

module = Module(name="awards")

__all__ = ["models", "module"]

"""What scoring hand to the platform."""

from app.modules import Module
from scoring import models

module = Module(name="scoring")

__all__ = ["models", "module"]

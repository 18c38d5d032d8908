"""What certificates hand to the platform."""

from app.modules import Module

module = Module(name="certificates")

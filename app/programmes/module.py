"""What programmes hand to the platform."""

from app.modules import Module
from app.programmes.labels import LABELS

module = Module(name="programmes", labels=LABELS)

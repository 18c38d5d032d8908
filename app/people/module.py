"""What accounts hand to the platform."""

from app.modules import Module
from app.people.labels import LABELS
from app.people.states import USER

module = Module(name="people", labels=LABELS, machines=(USER,))

"""How many examples a property is tried on."""

from hypothesis import settings

WHOLE = 100


def examples(count: int) -> int:
    """So many in a short run; more of them in a long one, as the profile of the run says (`tests/conftest.py`)."""
    return max(1, count * settings().max_examples // WHOLE)

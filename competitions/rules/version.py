"""What was submitted, so that the same submitted twice is known as the same. Pure."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any


def canonical(value: Any) -> str:
    """JSON that is equal for equal values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def fingerprint(content: Mapping[str, Any], documents: Sequence[Any]) -> str:
    """SHA-256 of the project part and its files, as the receipt shows it."""
    return hashlib.sha256(canonical({"content": content, "documents": list(documents)}).encode()).hexdigest()

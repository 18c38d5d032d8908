"""The process that makes one document of what people wrote: HTML in, PDF out, under limits it sets itself and cannot lift."""

import sys
from pathlib import Path

from app.core.confined import Limits

LIMITS = Limits(cpu_seconds=10, memory=1024**3, has_threads=True)


def main() -> None:
    """Make the document; whatever goes wrong ends this process only."""
    static = Path(sys.argv[1])
    LIMITS.confine(static)
    from app.core.pdf import make  # noqa: PLC0415 - under the limits

    sys.stdout.buffer.write(make(sys.stdin.buffer.read().decode(), static))


if __name__ == "__main__":
    main()

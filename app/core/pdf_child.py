"""The process that makes one document of what people wrote: HTML in, PDF out, under limits it sets itself and cannot lift."""

import resource
import sys
from pathlib import Path

CPU_SECONDS = 10
WALL_SECONDS = 3 * CPU_SECONDS
MEMORY_LIMIT = 1024**3


def main() -> None:
    """Make the document; whatever goes wrong ends this process only."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from app.core.pdf import make  # noqa: PLC0415 - under the limits

    sys.stdout.buffer.write(make(sys.stdin.buffer.read().decode(), Path(sys.argv[1])))


if __name__ == "__main__":
    main()

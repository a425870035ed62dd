"""Named points at which a test may kill this process, to prove that nothing is lost there; inert in ordinary life.

`FAILPOINT=bytes_written:3` kills the process with SIGKILL when the point `bytes_written` is reached for the third time.
"""

from __future__ import annotations

import os
import signal

POINTS = ("before_claim", "after_claim", "connected", "bytes_written", "answered", "committed")

_point, _, _nth = os.environ.get("FAILPOINT", "").partition(":")
_hits = 0


def hit(name: str) -> None:
    """Say that this point was reached."""
    if name == _point:
        _count()


def _count() -> None:
    global _hits  # noqa: PLW0603  (one number per process: how often its one armed point was reached)
    _hits += 1
    if _hits == int(_nth or 1):
        os.kill(os.getpid(), signal.SIGKILL)

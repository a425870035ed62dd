"""Who holds a letter: a name for this process that tells, on the same machine, whether it is still alive."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

_PROC = Path("/proc")


def own_name() -> str:
    """This process's name as a sender; two posts in one process have two names."""
    return f"{_machine()}/{os.getpid()}/{_started(os.getpid()) or ''}/{secrets.token_hex(4)}"


def surely_gone(name: str) -> bool:
    """Whether that sender ran here and has ended. What can't be told from here counts as alive: its lease decides."""
    machine, *rest = name.rsplit("/", 3)
    if len(rest) != 3 or not machine or machine != _machine() or not rest[0].isdecimal():
        return False
    started = _started(int(rest[0]))
    return started != rest[1] and (started is not None or not _is_there(int(rest[0])))


def _machine() -> str:
    """This start of this machine, and this space of process numbers (containers have their own); '' where unknown."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(process: int) -> str | None:
    """When a process started, in ticks since the machine did; '' where it has ended, None where it can't be seen."""
    try:
        status = (_PROC / str(process) / "stat").read_text()
    except OSError:
        return None
    # The command's name stands in brackets and may hold anything, brackets and spaces too.
    fields = status.rpartition(")")[2].split()
    return "" if fields[0] in ("Z", "X") else fields[19]


def _is_there(process: int) -> bool:
    """Whether there is a process of that number, also where those of others are hidden (ProtectProc, hidepid)."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True

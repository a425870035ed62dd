"""What a long form found: figures beside their bars, printed; the process ends with 1 where one is missed."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import postgres

#: So many of the lines that say what was wrong are shown.
_SHOWN = 30


@dataclass(slots=True)
class Verdict:
    """The figures of one run of one form."""

    row: str
    size: str
    lines: list[tuple[str, str, str, bool]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def exactly(self, what: str, found: float, wanted: float) -> None:
        """This has to be so many."""
        self._add(what, found, f"{wanted:g}", holds=found == wanted)

    def at_most(self, what: str, found: float, most: float) -> None:
        """This may be so many."""
        self._add(what, found, f"≤ {most:g}", holds=found <= most)

    def at_least(self, what: str, found: float, least: float) -> None:
        """This has to be so many, or more."""
        self._add(what, found, f"≥ {least:g}", holds=found >= least)

    def told(self, what: str, found: float) -> None:
        """A figure without a bar."""
        self._add(what, found, "", holds=True)

    def _add(self, what: str, found: float, bar: str, *, holds: bool) -> None:
        self.lines.append((what, f"{found:g}" if isinstance(found, int) else f"{found:.2f}", bar, holds))

    @property
    def holds(self) -> bool:
        """Whether everything was as it has to be."""
        return not self.wrong and all(line[-1] for line in self.lines)

    def text(self, seconds: float) -> str:
        """As a table, the verdict last."""
        told = [f"{self.row}  {self.size}, {seconds:.0f} s"]
        for what, found, bar, holds in self.lines:
            told.append(f"  {what:<58} {found:>9}  {bar:<10}{'' if holds else '  MISSED'}".rstrip())
        told += [f"  WRONG {line}" for line in self.wrong[:_SHOWN]]
        if len(self.wrong) > _SHOWN:
            told.append(f"  … and {len(self.wrong) - _SHOWN} more")
        return "\n".join((*told, f"{self.row}  {'PASS' if self.holds else 'FAIL'}"))


#: A form: given a folder and what the command line told, it finds out.
Form = Callable[[Path, argparse.Namespace], Verdict]


def pass_or_fail(
    module: str,
    says: str | None,
    forms: Sequence[Form],
    *,
    numbers: dict[str, int] | None = None,
    postgresql: bool = False,
) -> None:
    """The command line of a form's module. `numbers` are its sizes, with what they are unless told otherwise."""
    parser = argparse.ArgumentParser(prog=f"python -m {module}", description=says)
    parser.add_argument("--seed", type=int, default=1)
    for name, usual in (numbers or {}).items():
        parser.add_argument(f"--{name}", type=int, default=usual)
    if postgresql:
        parser.add_argument("--postgresql", action="store_true", help="on PostgreSQL instead of SQLite")
    told = parser.parse_args()
    passed = True
    for form in forms:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="nhacviec-fault-") as home, _server(told) as told.server:
            verdict = form(Path(home), told)
        print(verdict.text(time.monotonic() - began), flush=True)  # noqa: T201
        passed = passed and verdict.holds
    sys.exit(0 if passed else 1)


@contextmanager
def _server(told: argparse.Namespace) -> Iterator[str | None]:
    """Where PostgreSQL is wanted, the URL of a server."""
    if not getattr(told, "postgresql", False):
        yield None
        return
    with postgres.server() as url:
        yield url


@contextmanager
def database(told: argparse.Namespace) -> Iterator[str | None]:
    """A fresh PostgreSQL database's URL where PostgreSQL is wanted, else None: SQLite in the run's own folder."""
    if told.server is None:
        yield None
        return
    with postgres.fresh_database(told.server) as url:
        yield url

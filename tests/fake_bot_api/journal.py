"""What the fake Bot API accepted: append only, one JSON line each, flushed before the answer leaves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


class Journal:
    """The oracle of every kill test; kept in memory too."""

    def __init__(self, path: Path | None = None) -> None:
        self.entries: list[dict[str, Any]] = []
        self._file = path.open("a", encoding="utf-8") if path else None

    def accept(self, **entry: Any) -> None:
        """Write down one accepted call."""
        entry = {"n": len(self.entries) + 1, **entry}
        self.entries.append(entry)
        if self._file:
            self._file.write(json.dumps(entry, ensure_ascii=False) + "\n")
            self._file.flush()

    def sent(self) -> list[dict[str, Any]]:
        """The accepted messages, in order."""
        return [entry for entry in self.entries if entry["method"].startswith("send")]

    def close(self) -> None:
        if self._file:
            self._file.close()


def read(path: Path) -> list[dict[str, Any]]:
    """The entries of a journal; a last line cut short by a kill is left out."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    return [json.loads(line) for line in lines if line.endswith("\n")]

"""`bench` runs every benchmark of a checkout, each by itself, and each can be run so."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import Typed

ROOT = Path(__file__).parents[2]
BENCHMARKS = sorted(script.stem for script in (ROOT / "benchmarks").glob("*.py"))


def test_every_benchmark_has_its_turn(nhacviec: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each in a process of its own that is told nothing: not even the word that was typed here."""
    ran: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: ran.append(command))
    result = nhacviec("bench")

    assert result.exit_code == 0
    assert [command[1:] for command in ran] == [["-m", f"benchmarks.{name}"] for name in BENCHMARKS]
    assert len(BENCHMARKS) > 5


def test_a_benchmark_that_fails_is_no_success(nhacviec: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others after it are not measured, and the command says so by its status."""

    def fail(command: list[str], **_: Any) -> None:
        raise subprocess.CalledProcessError(2, command)

    monkeypatch.setattr(subprocess, "run", fail)
    assert nhacviec("bench").exit_code != 0


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_is_a_module_that_begins_when_it_is_run(name: str) -> None:
    """None begins because it is imported, and each has its `main`."""
    text = (ROOT / "benchmarks" / f"{name}.py").read_text("utf-8")

    assert "\ndef main(" in text
    assert text.rstrip().splitlines()[-2] == 'if __name__ == "__main__":'

"""`bench` runs every benchmark of a checkout, each by itself, and each can be run so."""

from __future__ import annotations

import subprocess
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from benchmarks.stage import bars
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


def test_the_picture_is_drawn_of_what_all_of_them_noted(
    nhacviec: Typed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """After the last of them, from the file that each was told to note its figures in."""
    ran: list[tuple[list[str], str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, env, **_: ran.append((command, env["NHACVIEC_BARS"])))
    result = nhacviec("bench", "--picture", str(tmp_path / "bars.png"))

    assert result.exit_code == 0
    last, noted = ran[-1]
    assert last[1:] == ["-m", "benchmarks.stage.bars", noted, str(tmp_path / "bars.png")]
    assert {file for _, file in ran} == {noted}


def test_a_missed_bar_is_seen_as_missed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A rate has to reach its bar, a cost must not pass it; what is noted is drawn."""
    monkeypatch.setenv("NHACVIEC_BARS", str(tmp_path / "noted"))
    bars.at_least("letters a second", 45, 30)
    bars.at_most("ms a letter", 3, 1.5)
    found = bars.noted(tmp_path / "noted")
    bars.draw(found, tmp_path / "bars.png")

    assert [(bar.what, bar.share) for bar in found] == [("letters a second", 1.5), ("ms a letter", 0.5)]
    assert (tmp_path / "bars.png").read_bytes().startswith(b"\x89PNG")


def test_a_benchmark_that_fails_is_no_success(nhacviec: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others after it are not measured, and the command says so by its status."""

    def fail(command: list[str], **_: Any) -> None:
        raise subprocess.CalledProcessError(2, command)

    monkeypatch.setattr(subprocess, "run", fail)
    assert nhacviec("bench").exit_code != 0


@pytest.mark.parametrize("name", BENCHMARKS)
def test_a_benchmark_is_a_module_that_begins_when_it_is_run(name: str) -> None:
    """None begins because it is imported, all that it imports is there, and each has its `main`."""
    text = (ROOT / "benchmarks" / f"{name}.py").read_text("utf-8")

    assert callable(import_module(f"benchmarks.{name}").main)
    assert text.rstrip().splitlines()[-2] == 'if __name__ == "__main__":'

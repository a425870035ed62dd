"""The log: one JSON line an event on standard error, without secrets, whoever wrote it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from bot import logs


@pytest.fixture(autouse=True)
def logs_as_before() -> Iterator[None]:
    """The tests' own logging comes back."""
    root = logging.getLogger()
    before = root.handlers, root.level
    yield
    root.handlers, root.level = before[0], before[1]


def test_an_event_is_one_line_without_its_secret(capsys: pytest.CaptureFixture[str]) -> None:
    """A library's line with a token in it, and a traceback, are JSON lines in which the token does not stand."""
    logs.configure(["s3cretsecret"])
    logging.getLogger("library").info("calling https://host/s3cretsecret/x")
    try:
        raise ValueError("s3cretsecret again")
    except ValueError:
        logging.getLogger("library").exception("failed")
    written = capsys.readouterr().err

    assert [json.loads(line)["level"] for line in written.splitlines()] == ["info", "error"]
    assert "s3cretsecret" not in written
    assert "ValueError" in written


def test_a_quiet_command_says_nothing_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    """Where people talk in the same terminal, only warnings are shown."""
    logs.configure(level=logging.WARNING)
    logging.getLogger("bot").info("swept")

    assert capsys.readouterr().err == ""

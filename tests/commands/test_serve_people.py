"""The house opens its doors as a process of its own, says where, and closes on a signal; parse starts light."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.conftest import Typed, opened

_HEAVY = ("sqlalchemy", "telegram", "babel", "apscheduler", "matplotlib", "pydantic", "typer")
_PARSE = f"""
import sys
from bot.__main__ import main
sys.argv = ["nhacviec", "parse"]
try:
    main()
except SystemExit as done:
    print(done.code, [name for name in {_HEAVY!r} if name in sys.modules], file=sys.stderr)
"""


def started(*words: str, **settings: str) -> subprocess.Popen[str]:
    """A command as a process."""
    environment = {**os.environ, **{f"NHACVIEC_{name.upper()}": value for name, value in settings.items()}}
    command = [sys.executable, "-m", "bot", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment)


def test_run_opens_the_sample_and_ends_on_a_signal(tmp_path: Path) -> None:
    """It says where the local chat is, and a SIGTERM ends it with status 0 and no traceback."""
    house = started("run", data_dir=str(tmp_path), listen="127.0.0.1:0")
    assert house.stdout
    where = house.stdout.readline()
    house.send_signal(signal.SIGTERM)
    _, complaints = house.communicate(timeout=30)

    assert "http://127.0.0.1:" in where
    assert (house.returncode, "Traceback" in complaints) == (0, False)
    store = opened(tmp_path)
    assert len(store.read_now(lambda book: book.people.units())) == 120
    store.close()


def test_a_taken_port_is_one_line(sample: Typed, tmp_path: Path) -> None:
    """A second start beside the first: the address, and the setting that changes it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        house = started("run", data_dir=str(tmp_path / "data"), listen=f"127.0.0.1:{port}")
        _, complaints = house.communicate(timeout=30)

    assert house.returncode == 2
    assert f"127.0.0.1:{port}" in complaints
    assert "NHACVIEC_LISTEN" in complaints
    assert "Traceback" not in complaints


def test_talk_reads_a_script(tmp_path: Path) -> None:
    """A conversation by pipe: an unknown phone is told how to join."""
    talk = started("talk", data_dir=str(tmp_path))
    told, complaints = talk.communicate("/phone xa-an-bien\nxin chào\n/quit\n", timeout=60)

    assert (talk.returncode, complaints) == (0, "")
    assert "DK " in told


def test_parse_knows_neither_store_nor_channel() -> None:
    """Readings come out, and none of the large libraries was loaded on the way."""
    lines = json.dumps({"text": "1 xong", "today": "2025-09-15", "tasks": []}) + "\n"
    done = subprocess.run([sys.executable, "-c", _PARSE], input=lines, capture_output=True, text=True, check=True)

    assert "items" in json.loads(done.stdout)
    assert done.stderr == "0 []\n"


def test_a_bot_without_a_province_is_one_line(nhacviec: Typed) -> None:
    """A token on an empty store founds no sample: it says to import units."""
    result = nhacviec("run", telegram_tokens="123456:abcdefghijklmnop")

    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "nhacviec import units" in result.stderr


@pytest.mark.parametrize("command", ["talk", "demo"])
def test_the_local_chat_never_stands_beside_a_bot(nhacviec: Typed, command: str) -> None:
    """With a token set both refuse in one line and make no store: a real one would become the sample."""
    told = nhacviec(command, telegram_tokens="123456:abcdefghijklmnop")

    assert told.exit_code == 2
    assert "NHACVIEC_TELEGRAM_TOKENS" in told.stderr


def test_tokens_of_a_channel_that_is_not_there_yet_are_refused(nhacviec: Typed) -> None:
    """Nobody waits for messages that never come."""
    result = nhacviec("run", zalo_tokens="123456:abcdefghijklmnop")

    assert (result.exit_code, "NHACVIEC_ZALO_TOKENS" in result.stderr) == (2, True)


def test_help_speaks_both_languages() -> None:
    """Vietnamese by default, English where the setting says so; headings too."""
    vietnamese, _ = started("--help", language="vi").communicate(timeout=30)
    english, _ = started("--help", language="en").communicate(timeout=30)

    assert "Các lệnh" in vietnamese
    assert "Sao lưu" in vietnamese
    assert "Commands" in english
    assert "Sao lưu" not in english

"""The doctor: every state of a house in plain words, and a way to mend it; status 1 where it can't do its work."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.commands.conftest import Typed, opened
from tests.fake_bot_api.server import FakeBotApi
from tests.opened_store import seat

TOKEN = "123456:abcdefghijklmnop"


@contextmanager
def bot_api(*tokens: str) -> Iterator[str]:
    """A Bot API on this machine that knows these tokens; its address."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    api = FakeBotApi(tokens)
    asyncio.run_coroutine_threadsafe(api.__aenter__(), loop).result(10)
    try:
        yield api.url
    finally:
        asyncio.run_coroutine_threadsafe(api.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_nothing_configured_is_well(nhacviec: Typed) -> None:
    """A fresh machine: where the store would be, where the local chat will be, and no fault."""
    result = nhacviec("doctor")

    assert result.exit_code == 0
    assert "http://127.0.0.1:8080/" in result.stdout
    assert "❌" not in result.stdout


def test_the_sample_is_well(sample: Typed) -> None:
    """Units that nobody has joined are worth a look, no fault; the province is no unit of its own."""
    result = sample("doctor")

    assert result.exit_code == 0
    assert "Tỉnh An Giang: 120 đơn vị (tỉnh mẫu" in result.stdout
    assert "⚠️ 119 đơn vị" in result.stdout


def test_a_real_province_needs_a_clerk(province: Typed) -> None:
    """Without one nobody confirms anything: the command that invites stands there, with the list's own code."""
    result = province("doctor")

    assert result.exit_code == 1
    assert "❌ Chưa có chuyên viên Văn phòng nào. Mời: nhacviec invite VP01 --role office" in result.stdout


def test_the_sample_beside_a_bot_is_a_fault(sample: Typed) -> None:
    """It never runs beside an outside channel; run says the same in one line."""
    with bot_api(TOKEN) as url:
        result = sample("doctor", telegram_tokens=TOKEN, telegram_api_url=url)
        run = sample("run", telegram_tokens=TOKEN, telegram_api_url=url)

    assert "❌ Kho này là tỉnh mẫu" in result.stdout
    assert (run.exit_code, len(run.stderr.splitlines())) == (2, 1)


def test_each_bot_is_asked(province: Typed) -> None:
    """A live token answers, a dead one is named by its number alone, never by its secret."""
    with bot_api(TOKEN) as url:
        result = province("doctor", telegram_tokens=f"{TOKEN},777:zyxwvutsrqponmlk", telegram_api_url=url)

    assert "✅ Kênh telegram 123456" in result.stdout
    assert "777" in next(line for line in result.stdout.splitlines() if "(token)" in line)
    assert "zyxwvutsrqponmlk" not in result.output


def test_a_platform_that_is_away_is_said(province: Typed) -> None:
    """Nobody listens on port 9 of this machine."""
    result = province("doctor", telegram_tokens=TOKEN, telegram_api_url="http://127.0.0.1:9")

    assert "❌ Kênh telegram 123456 không trả lời" in result.stdout


def test_who_joined_by_a_bot_that_is_gone_is_named(province: Typed, tmp_path: Path) -> None:
    """The settings name another bot than Lan joined by: she is told of with her unit and the command that helps."""
    with closing(opened(tmp_path / "data")) as store:
        store.write_now(lambda book: seat(book, "Lan", "30607", at="telegram:777:11"))
    result = province("doctor", telegram_tokens=TOKEN, telegram_api_url="http://127.0.0.1:9")

    assert "⚠️ Không nhắn được cho 1 người vì kênh của họ không còn dùng: Lan (Xã Bình Hòa)." in result.stdout


def test_who_sits_in_two_units_is_cut_off_once(province: Typed, tmp_path: Path) -> None:
    """Lan is contact of a commune and of the chair's office: one person, whom one bot no longer reaches."""
    with closing(opened(tmp_path / "data")) as store:
        for unit in ("30607", "VP01"):
            store.write_now(lambda book, unit=unit: seat(book, "Lan", unit, at="telegram:777:11"))  # type: ignore[misc]
    result = province("doctor", telegram_tokens=TOKEN, telegram_api_url="http://127.0.0.1:9")

    assert "Không nhắn được cho 1 người" in result.stdout


def test_a_folder_that_takes_no_files_is_said(nhacviec: Typed) -> None:
    """Before anybody runs it: `run` would not start there."""
    result = nhacviec("doctor", data_dir="/proc/kho")
    assert (result.exit_code, "❌ Không dùng được thư mục /proc/kho" in result.stdout) == (1, True)


def test_a_database_that_is_away_is_said(nhacviec: Typed) -> None:
    """One line for doctor and for every other command; the password is in none."""
    url = "postgresql://nhacviec:geheim@127.0.0.1:9/nhacviec"
    result, summary = nhacviec("doctor", database_url=url), nhacviec("summary", database_url=url)

    assert result.exit_code == 1
    assert "❌ Không mở được kho dữ liệu" in result.stdout
    assert (summary.exit_code, len(summary.stderr.splitlines())) == (2, 1)
    assert "geheim" not in result.output + summary.output


def test_doctor_makes_nothing(nhacviec: Typed, tmp_path: object) -> None:
    """Looking leaves no folder and no file behind."""
    nhacviec("doctor")

    assert list(tmp_path.iterdir()) == []  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("setting", "value"),
    [("listen", "abc"), ("language", "xx"), ("database_url", "mysql://x"), ("timezone", "Mars"), ("public_url", "x")],
)
def test_a_broken_setting_is_one_line(nhacviec: Typed, setting: str, value: str) -> None:
    """It names the setting."""
    result = nhacviec("doctor", **{setting: value})

    assert result.exit_code == 2
    assert result.stderr.startswith(f"NHACVIEC_{setting.upper()} ")
    assert len(result.stderr.splitlines()) == 1

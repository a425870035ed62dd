"""`export readings` and `learn`: from a choice in chat to a line that the office may add, on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot.assembly import clock_of
from bot.clerk import Clerk
from bot.commands.table import app
from bot.messages import Address, Incoming
from bot.phrases import phrasebook
from bot.reading.accuracy import own_examples
from bot.store.book import Book
from handlers.table import desk
from tests.commands.conftest import Typed, opened


@pytest.fixture
def asked(sample: Typed, tmp_path: Path) -> Typed:
    """Lan writes "T02 cũng tạm", with her number and name, and chooses "đang làm"."""
    change(tmp_path, lambda book, lan, _now: book.people.correct(lan, name="Nguyễn Thị Lan"))
    says(tmp_path, "T02 cũng tạm anh ơi, số em 0912 345 678 (Nguyễn Thị Lan)", "2")
    return sample


def change(folder: Path, work: Callable[[Book, int, datetime], None]) -> None:
    """Something is done to what the store knows of Lan."""
    store = opened(folder / "data")
    now = clock_of(store).now()

    def hers(book: Book) -> None:
        lan = book.people.by_address(Address("local", "main", "lan"))
        assert lan is not None
        work(book, lan.id, now)

    store.write_now(hers)
    store.close()


def says(folder: Path, *texts: str, first: int = 0) -> None:
    """Lan writes these; `first` counts what she wrote before."""
    store = opened(folder / "data")
    now = clock_of(store).now()
    clerk = Clerk(desk(), phrasebook())
    for number, text in enumerate(texts, first):
        message = Incoming(Address("local", "main", "lan"), f"m{number}", text, now + timedelta(seconds=number))
        store.write_now(lambda book, message=message: clerk.receive(book, message, message.at))  # type: ignore[misc]
    store.close()


def piped(lines: str) -> Result:
    """`learn -` behind a pipe."""
    return CliRunner().invoke(app, ["learn", "-"], input=lines)


def test_the_export_is_what_was_chosen_without_number_and_name(asked: Typed, tmp_path: Path) -> None:
    """One JSON object a line on standard output and in no file, without number and name; the warning beside it."""
    result = asked("export", "readings")
    [one] = [json.loads(line) for line in result.stdout.splitlines()]

    assert result.exit_code == 0
    rest = "cũng tạm anh ơi, số em <phone> (<name>)"
    assert (one["text"], one["typed"]) == (f"việc 1 {rest}", f"T02 {rest}")
    assert [(item["task"], item["kind"]) for item in one["chosen"]] == [(1, "progress")]
    assert not (tmp_path / "readings").exists()
    assert "Đây là lời của từng người" in result.stderr


def test_learn_proposes_the_same_from_store_file_and_pipe(asked: Typed, tmp_path: Path) -> None:
    """The office may look the export over in between; nothing of the examples or the store is changed by any of it."""
    before = own_examples()
    exported = asked("export", "readings").stdout
    (tmp_path / "chon.jsonl").write_text(exported, "utf-8")
    told = [asked("learn"), asked("learn", "chon.jsonl"), piped(exported)]

    assert {one.exit_code for one in told} == {0}
    assert len({one.stdout for one in told}) == 1
    assert "locales/vi/examples.txt" in told[0].stdout
    assert told[0].stdout.splitlines()[-1] == "# việc 1 cũng tạm anh ơi, số em <phone> (<name>) -> progress"
    assert "Đề nghị 1 dòng" in told[0].stderr
    assert own_examples() == before
    assert asked("export", "readings").stdout == exported


def test_a_spoilt_line_is_told_and_the_rest_goes_on(asked: Typed) -> None:
    """The second of three lines is named by its number; the exit status says that something was wrong."""
    good = asked("export", "readings").stdout
    result = piped(f'{good}{{"text": 5}}\n{good}')

    assert result.exit_code == 1
    assert "Dòng 2: " in result.stderr
    assert "-> progress" in result.stdout


def test_a_file_that_is_not_there_is_one_line(sample: Typed) -> None:
    """It names the file."""
    result = sample("learn", "khong-co.jsonl")

    assert (result.exit_code, "khong-co.jsonl" in result.stderr) == (2, True)


def test_who_withdrew_is_in_no_export(asked: Typed, tmp_path: Path) -> None:
    """Lan takes back her consent: neither the words nor the choice she made before come out."""
    change(tmp_path, lambda book, lan, now: book.people.erase(lan, now))

    told = asked("export", "readings"), asked("learn")
    assert [(one.exit_code, one.stdout) for one in told] == [(0, ""), (0, "")]


def test_who_withdrew_is_named_in_no_colleagues_words(asked: Typed, tmp_path: Path) -> None:
    """Lan wrote of Minh, and was asked who takes over; he withdraws: his name is in no export, her words are."""

    def joins(book: Book, _lan: int, now: datetime) -> None:
        minhs.append(book.joining.meet(Address("local", "main", "minh"), "Trần Văn Minh", "vi", now))

    minhs: list[int] = []
    change(tmp_path, joins)
    says(tmp_path, "T02 tàm tạm, TRAN VAN MINH giúp", "2", first=2)
    change(tmp_path, lambda book, _lan, now: book.people.erase(minhs[0], now))

    told = asked("export", "readings").stdout
    assert "tàm tạm, … giúp" in told
    assert "minh" not in told.casefold()

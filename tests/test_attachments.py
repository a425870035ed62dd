"""The files that go with letters: drawn from the book as it is, and from nobody who has left."""

from __future__ import annotations

import io

import openpyxl
import pytest

from bot.attachments import APART, RENDERERS
from bot.store.engine import Store
from bot.tasks import Step, StepKind
from scheduler.digests import _FILES
from tests.opened_store import NOW, Template, give_task, message, seat

HOSTILE = "=HYPERLINK(1); <b>xong</b>"


@pytest.fixture
def store(sample_province: Template) -> Store:
    """Lan has reported on T91 in words that would be a formula in a cell."""
    store = sample_province.fresh()
    lan = store.write_now(lambda book: seat(book, "Nguyễn Thị Lan", "30607", at="talk:main:lan"))
    task = store.write_now(lambda book: give_task(book, "T91", ("30607",)))
    said = store.write_now(lambda book: book.talks.keep_said(lan, "talk", "m1", HOSTILE, NOW))
    seat_id = store.read_now(lambda book: book.people.person(lan)).seats[0].id  # type: ignore[union-attr]
    step = Step(StepKind.DONE, NOW, seat_id, said_id=said)
    store.write_now(lambda book: book.assignments.record(task, step, NOW))
    return store


def made(store: Store, name: str, language: str = "vi") -> bytes:
    """The file, as the post makes it."""
    renderer = RENDERERS[name]
    values = store.read_now(lambda book: renderer.gather(book, {"name": name}, NOW))
    return renderer.render(values, NOW, language)


def words(data: bytes) -> list[tuple[str, str]]:
    """Every cell that holds words: its type and them."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [(cell.data_type, str(cell.value)) for sheet in book for row in sheet for cell in row if cell.value]


def test_the_sheet_names_the_sender_until_they_leave(store: Store) -> None:
    """Lan withdraws between two reports: the next spreadsheet has neither her name nor her words, only the unit."""
    before = " ".join(value for _, value in words(made(store, "sheet")))
    person = store.read_now(lambda book: book.people.by_address(message("lan", "", "").sender))
    assert person is not None
    store.write_now(lambda book: book.people.erase(person.id, NOW))
    after = " ".join(value for _, value in words(made(store, "sheet")))

    assert "Nguyễn Thị Lan" in before
    assert "HYPERLINK" in before
    assert "Nguyễn Thị Lan" not in after
    assert "HYPERLINK" not in after
    assert "Xã Bình Hòa" in after


def test_nothing_typed_is_a_formula(store: Store) -> None:
    """What Lan typed stands there as text, whatever sign it begins with."""
    found = words(made(store, "sheet"))

    assert "f" not in {kind for kind, _ in found}
    assert any("=HYPERLINK" in value for _, value in found)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_picture_is_one_in_either_language(store: Store, language: str) -> None:
    """A PNG that Telegram shows, of a size a phone can read."""
    data = made(store, "picture", language)
    width, height = (int.from_bytes(data[at : at + 4]) for at in (16, 20))

    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert min(width, height) >= 200
    assert width + height <= 10_000


def test_every_file_that_is_planned_can_be_made() -> None:
    """The chair's report plans a picture and a sheet: each name has somebody who makes it, or the letter is held."""
    assert set(_FILES) <= set(RENDERERS) == set(APART)


@pytest.mark.parametrize("name", ["picture", "sheet"])
def test_a_file_made_by_a_process_of_its_own_is_the_same(store: Store, name: str) -> None:
    """A picture, byte for byte; a sheet, cell for cell."""
    values = store.read_now(lambda book: APART[name].gather(book, {"name": name}, NOW))
    data = APART[name].render(values, NOW, "vi")

    assert words(data) == words(made(store, name)) if name == "sheet" else data == made(store, name)


def test_what_can_not_be_made_by_another_process_is_told() -> None:
    """The letter is held then, as where it could not be made here; what was to be drawn stands in no error."""
    with pytest.raises(RuntimeError, match=r"a picture ended with 1: AttributeError$"):
        APART["picture"].render("no figures", NOW, "vi")

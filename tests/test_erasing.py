"""Who withdraws leaves nothing of themselves in the store; a joining code stays in no letter that arrived."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.clerk import Clerk, FetchedFile
from bot.contacts import Role
from bot.messages import Address, FileRef, Incoming, LetterKind
from bot.phrases import phrasebook
from bot.store.book import Book
from bot.store.engine import Store
from bot.tasks import Status
from handlers.table import desk
from tests.opened_store import everything, give_task
from tests.scripted_channel import ScriptedChannel, post_of
from tests.store import opening
from tests.store.opening import NOW, join, plan, row

store = pytest.fixture(params=opening.DATABASES)(opening.fresh_store)

LAN = "telegram:1:8417003001"
HOA = "telegram:1:50"
NAME = "Nguyễn Thị Ngọc Lan"
PHONE = "0912 345 678"
#: What she typed, and where she sits: none of it may be found afterwards.
HERS = (
    NAME,
    PHONE,
    "8417003001",
    "chưa có kinh phí",
    "đề nghị Sở Tài chính",
    "Trần Văn Bảy",
    "Cho em hỏi",
    "bí mật.jpg",
)


def says(store: Store, who: str, key: str, typed: str, *, file: str | None = None) -> None:
    """Somebody's words, taken in and answered."""
    files = (FileRef(key, file, "image/jpeg"),) if file else ()
    sender = Address.parse(who)
    said = Incoming(sender, f"m:{sender.peer}:{key}:0", typed, NOW, message_id=key, files=files, sender_name=NAME)
    clerk = Clerk(desk(), phrasebook())
    _, inbox_id = store.write_now(lambda book: clerk.receive(book, said, NOW))
    if file:

        def fetched(book: Book) -> None:
            file_id, _ = book.inbox.keep_file(b"her picture", "image/jpeg")
            clerk.apply(book, inbox_id, said, NOW, tries=0, files=[FetchedFile(file, file_id)])

        store.write_now(fetched)


def held(store: Store) -> str:
    """Everything the database holds, and on SQLite its very file."""
    rows = "\n".join(f"{name}: {row}" for name, rows in everything(store).items() for row in rows)
    if not store.url.startswith("sqlite"):
        return rows
    with store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return rows + Path(store.url.removeprefix("sqlite:///")).read_bytes().decode("utf-8", "replace")


async def test_nothing_of_her_is_left(store: Store) -> None:
    """Lan reported, asked, was asked and sent a file; after her sentence only the reports' bare facts are there."""
    join(store, "Hoa", HOA, unit="VPUBND", role=Role.OFFICE)
    lan = join(store, NAME, LAN, phone=PHONE)
    one = store.write_now(give_task)
    store.write_now(lambda book: give_task(book, "T03"))
    channel = ScriptedChannel()
    post = post_of(store, channel)
    says(store, LAN, "1", "1 vướng: chưa có kinh phí, đề nghị Sở Tài chính sớm cấp")
    says(store, LAN, "2", "xin chuyển đầu mối cho Trần Văn Bảy")
    says(store, LAN, "3", "Cho em hỏi hội nghị này ai chủ trì?")
    says(store, LAN, "4", "", file="bí mật.jpg")
    plan(store, "nhắc", lan, LetterKind.REMINDER, f"Chào {NAME}")
    await post.drain(NOW)
    before = held(store)
    assert [word for word in HERS if word not in before] == []
    plan(store, "mai nhắc", lan, LetterKind.REMINDER, f"Chào {NAME}")

    says(store, LAN, "5", "rút đồng ý và xóa dữ liệu")
    await post.drain(NOW)
    store.write_now(lambda book: book.people.forget_letters())

    assert channel.arrived[-2].to.peer == "8417003001"
    after = held(store)
    assert [word for word in HERS if word in after] == []
    assert "her picture" not in after
    stands = store.read_now(lambda book: book.assignments.get(one))
    assert stands is not None
    assert (stands.state.status, stands.state.note) == (Status.BLOCKED, None)
    assert stands.state.obstacle is not None
    assert store.read_now(lambda book: book.journal.broken()) == []
    assert store.read_now(lambda book: book.inbox.unfinished()) == ()


async def test_a_code_that_arrived_is_forgotten(store: Store) -> None:
    """The clerk reads the code; the ledger keeps that it was sent, not what opens the seat."""
    hoa = join(store, "Hoa", HOA, unit="VPUBND", role=Role.OFFICE)
    letter_id = plan(store, "mã", hoa, LetterKind.ANSWER, "Mã: DK 234 5678 9BCG, dùng một lần.")
    channel = ScriptedChannel()
    await post_of(store, channel).drain(NOW + timedelta(minutes=1))

    assert channel.texts == ["Mã: DK 234 5678 9BCG, dùng một lần."]
    assert row(store, letter_id)["text"] == "Mã: DK …, dùng một lần."

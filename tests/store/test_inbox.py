"""What came in: each message once, in order, with its files by digest; and what is forgotten after its time."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.messages import Address, FileRef, Incoming
from bot.store.engine import Store
from bot.store.files import file, file_chunk
from bot.store.inbox import KEPT_FOR
from bot.store.mail import inbox, refused_mark
from tests.opened_store import give_task
from tests.store.opening import LAN, NOW, join

CHUNK = 256 * 1024
WHOLE = Incoming(
    sender=LAN,
    id="m:11:5:0",
    text="1 xong, 3 được 70% 🙏\nkèm ảnh",
    at=NOW,
    message_id="5",
    reply_to="4",
    edits="3",
    button="7:0:1",
    files=(FileRef("f1", "ảnh.jpg", "image/jpeg", 1234), FileRef("f2", "kế hoạch.pdf", "application/pdf")),
    album="a1",
    unsupported="voice",
    sender_name="Chị Lan",
    language_hint="vi",
)


def typed(number: int, sender: Address = LAN) -> Incoming:
    return Incoming(sender, f"m:{number}", f"tin {number}", NOW, message_id=str(number))


def take(store: Store, incoming: Incoming, state: str = "applied", at: Any = NOW) -> int | None:
    return store.write_now(lambda book: book.inbox.take(incoming, state, at))


def count(store: Store, table: Any) -> int:
    with store.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_a_message_is_kept_whole(store: Store) -> None:
    """Every field comes back as the channel gave it."""
    taken = take(store, WHOLE, "waiting")
    row = store.read_now(lambda book: book.inbox.row(taken or 0))

    assert row is not None
    assert (row.incoming, row.state, row.tries) == (WHOLE, "waiting", 0)


def test_the_smallest_message_is_kept_whole(store: Store) -> None:
    """A photo without words, nothing else known of it."""
    bare = Incoming(LAN, "m:1", "", NOW)
    taken = take(store, bare)
    row = store.read_now(lambda book: book.inbox.row(taken or 0))

    assert row is not None
    assert row.incoming == bare


def test_a_message_is_taken_once(store: Store) -> None:
    """Delivered again it is known; the same id at another account is another message."""
    assert take(store, typed(1)) is not None
    assert take(store, typed(1)) is None
    assert take(store, typed(1, Address("telegram", "2", "11"))) is not None
    assert take(store, typed(1, Address("zalo", "1", "11"))) is not None


def test_one_message_from_many_threads_at_once(store: Store) -> None:
    """Eight deliveries of it: one takes it, seven hear that it is here."""
    with ThreadPoolExecutor(8) as threads:
        taken = list(threads.map(lambda _: take(store, typed(1)), range(8)))

    assert sum(one is not None for one in taken) == 1
    assert count(store, inbox) == 1


def test_unfinished_messages_come_oldest_first(store: Store) -> None:
    """Waiting and failed ones, in the order they came, as many as asked for; finished ones never."""
    states = ["applied", "waiting", "failed", "parked", "waiting"]
    ids = [take(store, typed(number), state) for number, state in enumerate(states)]

    assert [row.id for row in store.read_now(lambda book: book.inbox.unfinished())] == [ids[1], ids[2], ids[4]]
    assert [row.id for row in store.read_now(lambda book: book.inbox.unfinished(limit=2))] == [ids[1], ids[2]]


def test_what_became_of_it(store: Store) -> None:
    """A failed try is counted; marked as applied it keeps the count."""
    taken = take(store, typed(1)) or 0
    store.write_now(lambda book: book.inbox.mark(taken, "failed", tries=2, why="KeyError in reply:12"))
    failed = store.read_now(lambda book: book.inbox.row(taken))
    store.write_now(lambda book: book.inbox.mark(taken, "applied"))
    applied = store.read_now(lambda book: book.inbox.row(taken))

    assert failed is not None
    assert applied is not None
    assert [(row.state, row.tries) for row in (failed, applied)] == [("failed", 2), ("applied", 2)]


def test_after_thirty_days_only_the_mark_stays(store: Store) -> None:
    """The words are gone, the message is still known; what is unfinished is not forgotten."""
    old = take(store, typed(1)) or 0
    waiting = take(store, typed(2), "waiting") or 0
    young = take(store, typed(3), at=NOW + timedelta(days=1)) or 0
    later = NOW + KEPT_FOR + timedelta(microseconds=1)
    store.write_now(lambda book: book.inbox.forget_old(later))

    assert store.read_now(lambda book: book.inbox.row(old)) is None
    assert store.read_now(lambda book: book.inbox.row(waiting)) is not None
    assert store.read_now(lambda book: book.inbox.row(young)) is not None
    assert take(store, typed(1), at=later) is None
    with store.engine.connect() as connection:
        assert "tin 1" not in repr(list(connection.execute(select(inbox)).mappings()))


def test_what_one_phone_sent_is_listed_in_order(store: Store) -> None:
    """Newest last, the newest where there are many, nobody else's."""
    for number in range(5):
        take(store, typed(number))
    take(store, typed(9, Address("telegram", "1", "12")))

    rows = store.read_now(lambda book: book.inbox.of_peer(LAN, limit=3))
    assert [row.incoming.text for row in rows] == ["tin 2", "tin 3", "tin 4"]


def test_a_refused_message_leaves_one_row(store: Store) -> None:
    """However often it is delivered: where from, which, when and why; it is told apart from the first."""
    first = store.write_now(lambda book: book.inbox.note_refused(LAN, "m:1", "secret mark", NOW))
    again = store.write_now(lambda book: book.inbox.note_refused(LAN, "m:1", "secret mark", NOW))
    with store.engine.connect() as connection:
        (kept,) = connection.execute(select(refused_mark)).mappings()

    assert (first, again) == (True, False)
    assert (kept["channel"], kept["external_id"], kept["why"], kept["at"]) == ("telegram", "m:1", "secret mark", NOW)


def test_what_was_dropped_says_nothing(store: Store) -> None:
    """Only that it came is left, and it is not taken again."""
    taken = take(store, WHOLE, "waiting") or 0
    store.write_now(lambda book: book.inbox.drop(taken))

    assert store.read_now(lambda book: book.inbox.row(taken)) is None
    assert take(store, WHOLE) is None


# --- files


@pytest.mark.parametrize(
    ("size", "chunks"), [(0, 0), (1, 1), (CHUNK - 1, 1), (CHUNK, 1), (CHUNK + 1, 2), (1_000_000, 4), (4 * CHUNK, 4)]
)
def test_a_file_comes_back_byte_for_byte(store: Store, size: int, chunks: int) -> None:
    """At every border of a chunk, the empty file included."""
    data = (hashlib.sha256(b"Binh Hoa").digest() * (size // 32 + 1))[:size]
    _, digest = store.write_now(lambda book: book.inbox.keep_file(data, "application/pdf"))

    assert digest == hashlib.sha256(data).hexdigest()
    assert store.read_now(lambda book: book.inbox.file(digest)) == ("application/pdf", data)
    assert count(store, file_chunk) == chunks


def test_the_same_file_is_kept_once(store: Store) -> None:
    """Sent by ten communes, also in the same instant: one row, one copy of its bytes."""
    with ThreadPoolExecutor(6) as threads:
        kept = list(
            threads.map(lambda _: store.write_now(lambda b: b.inbox.keep_file(b"k" * 9, "image/png")), range(10))
        )

    assert len(set(kept)) == 1
    assert (count(store, file), count(store, file_chunk)) == (1, 1)


def test_a_file_is_not_read_from_another_province(store: Store) -> None:
    """Who knows the digest and sits elsewhere gets nothing; unknown digests give nothing either."""
    _, digest = store.write_now(lambda book: book.inbox.keep_file(b"ban do", "image/png"))
    other = Store(store.url, province_id=store.province_id + 1, threads=1)
    try:
        assert other.read_now(lambda book: book.inbox.file(digest)) is None
    finally:
        other.close()
    assert store.read_now(lambda book: book.inbox.file("0" * 64)) is None


def test_a_photo_waits_for_its_task(store: Store) -> None:
    """Unplaced it is Lan's alone; placed it stands with the assignment, and its album is known there."""
    lan, minh = join(store, "Lan", "telegram:1:11"), join(store, "Minh", "telegram:1:12")
    one = store.write_now(give_task)

    def keep(book: Any) -> int:
        file_id, _ = book.inbox.keep_file(b"anh", "image/jpeg")
        return int(book.inbox.keep_evidence(lan, file_id, "ảnh.jpg", "a1", None, NOW))

    kept = store.write_now(keep)
    (waiting,) = store.read_now(lambda book: book.inbox.unplaced(lan))
    assert (waiting.id, waiting.name, waiting.size, waiting.assignment_id) == (kept, "ảnh.jpg", 3, None)
    assert store.read_now(lambda book: book.inbox.unplaced(minh)) == ()
    assert store.read_now(lambda book: book.inbox.album_place(lan, "a1")) is None

    store.write_now(lambda book: book.inbox.attach([kept], one))
    assert store.read_now(lambda book: book.inbox.unplaced(lan)) == ()
    assert [found.id for found in store.read_now(lambda book: book.inbox.placed([one]))] == [kept]
    assert store.read_now(lambda book: book.inbox.album_place(lan, "a1")) == one
    assert store.read_now(lambda book: book.inbox.album_place(minh, "a1")) is None


def test_a_sent_file_is_found_by_its_moment(store: Store) -> None:
    """The page that shows a phone finds the picture again; another moment or person finds nothing."""
    lan = join(store, "Lan", "telegram:1:11")

    def keep(book: Any) -> str:
        file_id, digest = book.inbox.keep_file(b"anh", "image/jpeg")
        book.inbox.keep_evidence(lan, file_id, "ảnh.jpg", None, None, NOW)
        return str(digest)

    digest = store.write_now(keep)
    assert store.read_now(lambda book: book.inbox.digest_sent(lan, NOW, "ảnh.jpg")) == digest
    assert store.read_now(lambda book: book.inbox.digest_sent(lan + 1, NOW, "ảnh.jpg")) is None

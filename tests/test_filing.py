"""An Outgoing becomes a letter: to the right phone, in the reader's language, at an hour that disturbs nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.contacts import Role
from bot.filing import file_answer
from bot.messages import Address, Attachment, Choice, Incoming, LetterKind, Outgoing, Urgency, text
from bot.store.book import Book
from bot.store.engine import Store
from tests.opened_store import NOW, Template, message, rows, seat

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
WORDS = text("ask.yes")
NIGHT = datetime(2025, 9, 12, 22, 0, tzinfo=ZONE)
MONDAY = datetime(2025, 9, 15, 7, 30, tzinfo=ZONE)
ZALO = Address("zalo", "9", "3f")


@pytest.fixture
def store(sample_province: Template) -> Store:
    """Lan is there with two phones, the second on Zalo; Hoa is a clerk."""
    store = sample_province.fresh()

    def fill(book: Book) -> None:
        lan = seat(book, "lan", "30607")
        book.joining.add_address(some_invite(book), lan, ZALO, NOW)
        seat(book, "hoa", "VPUBND", Role.OFFICE)

    store.write_now(fill)
    return store


def some_invite(book: Book) -> int:
    """An invite of Lan's, under which a second phone is added."""
    with book.savepoint() as inside:
        found: int = inside.connection.exec_driver_sql("SELECT min(id) FROM invite").scalar_one()
    return found


def person(store: Store, name: str) -> int:
    found = store.read_now(lambda book: book.people.by_address(message(name, "", "").sender))
    assert found is not None
    return found.id


def filed(
    store: Store, outgoing: Outgoing, now: datetime = NOW, answers: Incoming | None = None
) -> Mapping[str, Any] | None:
    """The letter that comes of it."""

    def work(book: Book) -> None:
        inbox_id = book.inbox.take(answers, "applied", now) if answers else None
        file_answer(book, outgoing, ZONE, "vi", now, (inbox_id or 0, answers) if answers else None)

    store.write_now(work)
    return next((row for row in rows(store, "letter") if row["once"] == outgoing.once), None)


def test_an_answer_goes_back_to_the_phone_that_asked(store: Store) -> None:
    """Lan writes on Zalo, her second phone: she is answered there, under her own message, at once."""
    asked = replace(message("lan", "m7", "danh sách"), sender=ZALO)
    kept = filed(store, Outgoing(person(store, "lan"), WORDS, "a"), NIGHT, asked)

    assert kept is not None
    assert (kept["channel"], kept["peer"], kept["reply_to"]) == ("zalo", "3f", "m7")
    assert (kept["urgency"], kept["not_before"]) == (Urgency.ANSWER, NIGHT)


def test_a_tap_is_answered_under_no_message(store: Store) -> None:
    """The message a button stands on is ours: the answer does not quote it."""
    tapped = message("lan", "m7", "", button="1:0:0")
    kept = filed(store, Outgoing(person(store, "lan"), WORDS, "a"), NOW, tapped)

    assert kept is not None
    assert (kept["peer"], kept["reply_to"]) == ("lan", None)


def test_news_for_somebody_else_waits_for_the_morning(store: Store) -> None:
    """Lan asks for more time on Friday night: Hoa reads it on Monday at half past seven, and it quotes nothing."""
    kept = filed(store, Outgoing(person(store, "hoa"), WORDS, "a"), NIGHT, message("lan", "m7", "xin lùi đến 25/9"))

    assert kept is not None
    assert (kept["not_before"], kept["urgency"]) == (MONDAY, Urgency.UNASKED)
    assert (kept["channel"], kept["reply_to"]) == (None, None)


def test_what_somebody_waits_for_goes_at_night(store: Store) -> None:
    """Lan waits for the office's word and it is given at night: that is no disturbance."""
    kept = filed(store, Outgoing(person(store, "lan"), WORDS, "a", awaited=True), NIGHT, message("hoa", "m7", "duyệt"))

    assert kept is not None
    assert (kept["not_before"], kept["urgency"]) == (NIGHT, Urgency.ANSWER)


@pytest.mark.parametrize(
    ("wanted", "comes"),
    [
        (datetime(2025, 9, 19, 9, 0, tzinfo=ZONE), datetime(2025, 9, 19, 9, 0, tzinfo=ZONE)),
        (datetime(2025, 9, 20, 9, 0, tzinfo=ZONE), datetime(2025, 9, 22, 7, 30, tzinfo=ZONE)),
        (datetime(2025, 9, 1, 17, 0, tzinfo=ZONE), datetime(2025, 9, 3, 7, 30, tzinfo=ZONE)),
    ],
)
def test_a_later_hour_is_kept_where_offices_work_then(store: Store, wanted: datetime, comes: datetime) -> None:
    """On a working morning as wished; on a Saturday or in the evening of a holiday, at the next half past seven."""
    kept = filed(store, Outgoing(person(store, "lan"), WORDS, "a", not_before=wanted), NOW - timedelta(days=20))

    assert kept is not None
    assert kept["not_before"] == comes


def test_each_reader_has_their_own_language(store: Store) -> None:
    """Lan chose English, Hoa did not, a stranger reads the province's; buttons and file are in it too."""
    lan = person(store, "lan")
    store.write_now(lambda book: book.people.choose_language(lan, "en"))
    made = Attachment("tong-hop.png", "image/png", {"name": "picture"})
    whole = Outgoing(lan, WORDS, "a", choices=(Choice(WORDS, "đúng"),), attachment=made)
    english = filed(store, whole)
    assert english is not None
    assert (english["text"], english["buttons"][0][0], english["attachment"]["language"]) == ("Right", "Right", "en")

    for to in (person(store, "hoa"), Address("talk", "main", "la")):
        kept = filed(store, Outgoing(to, WORDS, f"b{to}"))
        assert kept is not None
        assert kept["text"] == "Đúng"


def test_buttons_stand_for_sentences_that_are_kept(store: Store) -> None:
    """What a press means is looked up, not sent: the data is short whatever the sentence, and names its own list."""
    long = "1 vướng, " + "chờ sở hướng dẫn " * 40
    kept = filed(
        store, Outgoing(person(store, "lan"), WORDS, "a", choices=(Choice(WORDS, "1 xong"), Choice(WORDS, long)))
    )
    assert kept is not None
    listing = store.read_now(lambda book: book.talks.listing(kept["listing_id"], person(store, "lan")))

    assert listing is not None
    assert listing.choices == ("1 xong", long)
    assert [data for _, data in kept["buttons"]] == [f"{listing.id}:0:0", f"{listing.id}:0:1"]


def test_who_has_left_gets_nothing(store: Store) -> None:
    """A letter to somebody whose data were erased is not written, and nobody else gets it."""
    lan = person(store, "lan")
    store.write_now(lambda book: book.people.erase(lan, NOW))

    assert filed(store, Outgoing(lan, WORDS, "a")) is None


def test_the_same_key_is_one_letter(store: Store) -> None:
    """Planned again with other words, the first stands."""
    filed(store, Outgoing(person(store, "lan"), text("plain", text="một"), "a", LetterKind.REMINDER))
    kept = filed(store, Outgoing(person(store, "lan"), text("plain", text="hai"), "a", LetterKind.REMINDER))

    assert kept is not None
    assert kept["text"] == "một"
    assert len(rows(store, "letter")) == 1

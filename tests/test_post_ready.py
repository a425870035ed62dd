"""A claimed letter made ready: to whoever still sits there, marked once, under the limit, with its file last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.channels.port import Limits
from bot.messages import Button, LetterKind, Outgoing, text
from bot.post_parts import units
from bot.post_ready import CAPTION, MARK_ROOM, Composer, Making, make_ready, oldest_waiting
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.letters import Claimed, LetterToCompose
from tests.scripted_channel import FAST, slot, state
from tests.store import opening
from tests.store.opening import LAN, NOW, SERVED, claim, join, plan, row

FRIDAY_NIGHT, MONDAY = NOW + timedelta(hours=14), NOW + timedelta(days=3)


@pytest.fixture
def store(kept_sqlite: opening.Kept) -> Store:
    """A new book of An Giang."""
    return kept_sqlite.fresh()


def ready(
    store: Store, claimed: Sequence[Claimed], limits: Limits = FAST, now: datetime = NOW, **composers: Composer
) -> tuple[Claimed, ...]:
    """Those of the claimed that can go."""
    making = Making(limits, composers, SERVED)
    return store.write_now(lambda book: make_ready(book, tuple(claimed), making, now))


def short(limit: int) -> Limits:
    return Limits(limit, buttons=True, files=True, per_second=2000, per_chat_second=5000)


def all_that_go(store: Store, limits: Limits) -> list[Claimed]:
    """One after the other, each accepted before the next is claimed."""
    went: list[Claimed] = []
    while claimed := claim(store, limit=1):
        (one,) = ready(store, claimed, limits)
        store.write_now(lambda book, one=one: book.letters.accepted(one, f"p{one.id}", NOW))  # type: ignore[misc]
        went.append(one)
    return went


def test_who_left_hears_the_answer_to_the_last_words_and_nothing_more(store: Store) -> None:
    """Lan withdrew: "your data are erased" goes, the reminder planned for her is cancelled."""
    lan = join(store, "Lan", str(LAN))
    to = {"person_id": lan, "to": LAN}
    answer = store.write_now(
        lambda book: book.letters.plan("xóa", LetterKind.ANSWER, NOW, text="Đã xóa dữ liệu.", urgency=0, **to)  # type: ignore[arg-type]
    )
    reminder = store.write_now(lambda book: book.letters.plan("nhắc", LetterKind.REMINDER, NOW, text="Còn 2", **to))  # type: ignore[arg-type]
    claimed = claim(store)
    store.write_now(lambda book: book.people.erase(lan, NOW))
    went = ready(store, claimed)

    assert [one.id for one in went] == [answer]
    assert reminder is not None
    assert state(store, reminder) == "cancelled"


def test_a_letter_follows_its_reader_to_another_phone(store: Store) -> None:
    """Between planning and claim Lan's Telegram is gone: it does not go there, and waits for Zalo's account."""
    lan = join(store, "Lan", str(LAN), "zalo:9:3f")
    letter_id = plan(store, "nhắc", lan)
    claimed = claim(store)
    store.write_now(lambda book: book.people.refuse_address(LAN, "blocked", NOW))

    assert ready(store, claimed) == ()
    assert (state(store, letter_id), row(store, letter_id)["channel"]) == ("planned", "zalo")


def test_a_second_copy_says_so_once(store: Store) -> None:
    """Marked in front; made ready twice more, as after a lost claim, it bears one mark."""
    plan(store, "nhắc", join(store, "Lan", str(LAN)))
    (one,) = claim(store)
    (marked,) = ready(store, [replace(one, repeats=1)])
    (again,) = ready(store, [marked])

    assert marked.text == "(Gửi lại)\nTin nhắc"
    assert again.text == marked.text
    assert row(store, one.id)["text"] == marked.text


@pytest.mark.parametrize("length", [CAPTION - MARK_ROOM, CAPTION - MARK_ROOM + 1, 3000])
def test_a_text_too_long_for_a_caption_goes_before_its_file(store: Store, length: int) -> None:
    """What fits under the file goes with it; anything longer is a message before it, whole."""
    lan = join(store, "Lan", str(LAN))
    made = {"name": "bảng.xlsx", "kind": "x/y", "recipe": {"name": "sheet"}, "language": "vi"}
    said = "ạ" * length
    store.write_now(
        lambda book: book.letters.plan("bảng", LetterKind.SUMMARY, NOW, person_id=lan, text=said, attachment=made)
    )
    went = all_that_go(store, FAST)
    alone = length > CAPTION - MARK_ROOM

    assert [bool(one.attachment) for one in went] == ([False, True] if alone else [True])
    assert "".join(one.text or "" for one in went) == said


def test_a_divided_letter_has_its_buttons_at_the_end(store: Store) -> None:
    """The choice comes when all has been read, under the last part; each part is under the limit with its mark."""
    lan = join(store, "Lan", str(LAN))
    said = "\n".join(f"{n}. Xã số {n} chưa báo cáo" for n in range(60))
    keys = (Button("Xong", "7:0:0"),)
    store.write_now(
        lambda book: book.letters.plan("dài", LetterKind.REMINDER, NOW, person_id=lan, text=said, buttons=keys)
    )
    went = all_that_go(store, short(300))

    assert "".join(one.text or "" for one in went) == said
    assert all(units(one.text or "") <= 300 - MARK_ROOM for one in went)
    assert [one.buttons for one in went] == [()] * (len(went) - 1) + [keys]
    assert len(went) > 3


def test_a_composer_that_breaks_halfway_leaves_nothing(store: Store) -> None:
    """It corrected a name and then raised: the name stays, its letter is held, and Minh's goes in the same claim."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    broken, whole = slot(store, lan, "broken"), slot(store, minh, "whole")

    def breaks(book: Book, letter: LetterToCompose, now: datetime) -> Outgoing:
        book.people.correct(lan, name="nửa chừng")
        raise ValueError(letter.once)

    def says(book: Book, letter: LetterToCompose, now: datetime) -> Outgoing:
        return Outgoing(minh, text("plain", text="Còn 1 việc"), letter.once)

    went = ready(store, claim(store), broken=breaks, whole=says)
    person = store.read_now(lambda book: book.people.person(lan))

    assert [one.id for one in went] == [whole]
    assert state(store, broken) == "held"
    assert person is not None
    assert person.name == "Lan"


def test_a_letter_of_blanks_is_one_letter(store: Store) -> None:
    """Nothing but line ends, over the limit: one message at most, and no error keeps the others back."""
    plan(store, "trắng", join(store, "Lan", str(LAN)), says="\n" * 500)
    plan(store, "nhắc", join(store, "Minh", "telegram:1:12"))
    went = ready(store, claim(store), short(100))

    assert [(one.text or "").strip() for one in went] == ["", "Tin nhắc"]


def test_at_night_only_an_answer_waits_too_long(store: Store) -> None:
    """A reminder that waits for Monday is no sign of trouble on Friday night; an answer that waits is."""
    lan = join(store, "Lan", str(LAN))
    plan(store, "nhắc", lan)
    assert store.read_now(lambda book: oldest_waiting(book, FRIDAY_NIGHT)) is None
    assert store.read_now(lambda book: oldest_waiting(book, MONDAY)) == NOW
    plan(store, "trả lời", lan, LetterKind.ANSWER)

    assert store.read_now(lambda book: oldest_waiting(book, FRIDAY_NIGHT)) == NOW

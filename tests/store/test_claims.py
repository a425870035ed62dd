"""Claims that are stale, doubled or another province's: nothing they do reaches a letter in other hands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.messages import Address, LetterKind
from bot.store.book import Book
from bot.store.dispatch import FILE_LEASE, LEASE, Claimed
from bot.store.engine import Store
from tests.store.opening import LAN, MACHINE, NOW, SECOND, SERVED, begin, claim, join, outcomes, plan, row
from tests.store.provinces import in_can_tho

LATE = MACHINE + LEASE


def taken(store: Store, kind: LetterKind = LetterKind.REMINDER) -> Claimed:
    """A letter to Lan in Minh's sender's hands."""
    lan = join(store, "Lan", str(LAN))
    plan(store, "nhắc", lan, kind)
    (one,) = claim(store)
    return one


def recovered(store: Store, at: object = LATE) -> int:
    return store.write_now(lambda book: book.letters.recover(NOW, at))  # type: ignore[arg-type]


def test_a_letter_is_begun_once_a_claim(store: Store) -> None:
    """Two hands with one claim: the bytes leave once, and one attempt stands in the ledger."""
    one = taken(store)

    assert (begin(store, one), begin(store, one)) == (True, False)
    assert outcomes(store, one.id) == [(1, None)]


OUTCOMES: dict[str, Callable[[Book, Claimed], object]] = {
    "not sent": lambda book, one: book.letters.back_to_planned(one, "mất mạng", NOW),
    "doubtful": lambda book, one: book.letters.doubtful(one, "kill -9", NOW),
    "held": lambda book, one: book.letters.hold(one, "quota"),
    "dropped": lambda book, one: book.letters.drop(one, "done", NOW),
    "refused": lambda book, one: book.letters.refused_itself(one, "quá dài", NOW),
    "moved": lambda book, one: book.letters.moved(one, "-10011", NOW),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_who_lost_the_claim_settles_nothing(store: Store, outcome: str) -> None:
    """Minh's sender overslept its lease, another sends the letter now: whatever Minh's says, that attempt goes on."""
    asleep = taken(store)
    recovered(store)
    (awake,) = claim(store, at=LATE, worker="Hoa")
    assert begin(store, awake, LATE)
    before = row(store, awake.id)
    store.write_now(lambda book: OUTCOMES[outcome](book, asleep))

    assert row(store, awake.id) == before
    assert outcomes(store, awake.id) == [(2, None)]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_arrived_is_not_unsettled(store: Store, outcome: str) -> None:
    """After the platform took the letter no second word of its sender makes it go again."""
    one = taken(store)
    begin(store, one)
    store.write_now(lambda book: book.letters.accepted(one, "77", NOW))
    store.write_now(lambda book: OUTCOMES[outcome](book, one))

    assert (row(store, one.id)["state"], row(store, one.id)["platform_id"]) == ("accepted", "77")
    assert outcomes(store, one.id) == [(1, "accepted")]
    assert claim(store, at=LATE) == []


@pytest.mark.parametrize(("file", "lease"), [(None, LEASE), ({"name": "bang.xlsx", "kind": "x"}, FILE_LEASE)])
def test_an_upload_has_longer(store: Store, file: dict[str, str] | None, lease: timedelta) -> None:
    """A letter with a file is not called doubtful while it is being uploaded, and one without at the end of its own."""
    lan = join(store, "Lan", str(LAN))
    what = {"person_id": lan, "text": "Bảng", "attachment": file}
    store.write_now(lambda book: book.letters.plan("bảng", LetterKind.SUMMARY, NOW, **what))
    (one,) = claim(store)
    begin(store, one)

    assert recovered(store, MACHINE + lease - SECOND) == 0
    assert recovered(store, MACHINE + lease) == 1


def test_a_letter_that_changes_its_way_answers_no_message_there(store: Store) -> None:
    """Planned for Zalo after Telegram refused it, it does not quote a message of the Telegram chat."""
    lan = join(store, "Lan", str(LAN), "zalo:9:3f")
    what = {"person_id": lan, "to": LAN, "text": "Đã ghi", "reply_to": "41"}
    letter_id = store.write_now(lambda book: book.letters.plan("đáp", LetterKind.ANSWER, NOW, **what))
    assert letter_id is not None
    (one,) = claim(store)
    begin(store, one)
    other = store.write_now(lambda book: book.letters.refused(one, "blocked", NOW, SERVED))

    assert (other, row(store, letter_id)["reply_to"]) == (Address("zalo", "9", "3f"), None)


def test_with_no_other_address_it_stays_refused(store: Store) -> None:
    """Lan had one phone: the letter is refused for good, with the platform's word; Minh's address stays."""
    minh = join(store, "Minh", "telegram:1:12")
    one = taken(store)
    begin(store, one)
    assert store.write_now(lambda book: book.letters.refused(one, "bot was blocked", NOW, SERVED)) is None

    assert (row(store, one.id)["state"], row(store, one.id)["why"]) == ("refused", "bot was blocked")
    person = store.read_now(lambda book: book.people.person(minh))
    assert person is not None
    assert len(person.addresses) == 1


def test_a_chat_that_moved_onto_a_known_one_is_followed(store: Store) -> None:
    """Lan had joined from the new chat before the letter learnt of it: the letter goes there all the same."""
    plan(store, "nhắc", join(store, "Lan", str(LAN), "telegram:1:-10011"))
    (one,) = claim(store)
    begin(store, one)
    store.write_now(lambda book: book.letters.moved(one, "-10011", NOW))

    assert [again.to.peer for again in claim(store)] == ["-10011"]


# --- two provinces on one account


def test_an_accounts_letters_are_taken_by_province(store: Store) -> None:
    """Cần Thơ's sender on the same account takes, recovers, addresses and counts nothing of An Giang's."""
    one = taken(store)
    an = join(store, "An", "telegram:1:13")
    waiting = plan(store, "chờ", an)
    with in_can_tho(store):
        assert claim(store) == []
        assert recovered(store, LATE) == 0
        letters = store.read_now(lambda book: (book.letters.counts(), book.letters.next_due(), book.letters.held()))
        assert letters == ({}, None, ())
        assert store.read_now(lambda book: book.letters.oldest_unsent(NOW)) is None

    assert (row(store, one.id)["state"], row(store, waiting)["channel"]) == ("claimed", None)
    assert [again.id for again in claim(store)] == [waiting]


def test_a_key_and_a_hold_are_its_own_provinces(store: Store) -> None:
    """Cancelling a key, holding and releasing all in Cần Thơ leaves An Giang's letter of that key as it is."""
    lan = join(store, "Lan", str(LAN))
    ours = plan(store, "tuần", lan)
    held = plan(store, "giữ", join(store, "An", "telegram:1:13"))
    one = next(found for found in claim(store) if found.id == held)
    store.write_now(lambda book: book.letters.hold(one, "quota"))
    store.write_now(lambda book: book.letters.recover(NOW, LATE))
    with in_can_tho(store):
        minh = join(store, "Minh", "telegram:1:12")
        theirs = plan(store, "tuần", minh)
        assert store.write_now(lambda book: book.letters.release_held()) == 0
        assert store.write_now(lambda book: book.letters.cancel_of(lan, "left", NOW)) == 0
        assert store.write_now(lambda book: book.letters.hold_all("bản sao")) == 1
        assert store.write_now(lambda book: book.letters.cancel("tuần", "thôi", NOW))

    assert [row(store, each)["state"] for each in (ours, held, theirs)] == ["planned", "held", "cancelled"]


@pytest.mark.parametrize(
    ("key", "gone"), [("a_c", ["a_c", "a_c#2"]), ("a%", []), ("a\\", []), ("abc", ["abc", "abc#2"])]
)
def test_a_key_means_itself(store: Store, key: str, gone: list[str]) -> None:
    """Signs that a database could take for any sign cancel no other letter."""
    lan = join(store, "Lan", str(LAN))
    ids = {once: plan(store, once, lan) for once in ("abc", "abc#2", "a_c", "a_c#2", "a")}
    store.write_now(lambda book: book.letters.cancel(key, "thôi", NOW))

    assert [once for once, each in ids.items() if row(store, each)["state"] == "cancelled"] == gone

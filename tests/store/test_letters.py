"""Letters are planned, divided, taken back, released and counted."""

from __future__ import annotations

from datetime import timedelta

from bot.messages import Address, Button, LetterKind
from bot.store.engine import Store
from tests.store.opening import LAN, NOW, begin, claim, join, plan, row


def send(store: Store, platform_id: str) -> str:
    """Take the one letter that can go, let it arrive; its key."""
    (one,) = claim(store)
    assert begin(store, one)
    store.write_now(lambda book: book.letters.accepted(one, platform_id, NOW))
    return one.once


def test_later_parts_follow_the_first(store: Store) -> None:
    """A long summary goes in three messages, in order, to one chat; buttons and file go with the last."""
    lan = join(store, "Lan", str(LAN))
    file = {"name": "bang.xlsx", "kind": "x", "recipe": {"name": "sheet"}, "language": "vi"}
    button = Button("Chi tiết", "4:0:0")
    letter_id = store.write_now(
        lambda book: book.letters.plan(
            "tổng hợp", LetterKind.SUMMARY, NOW, person_id=lan, to=LAN, text="a b c", buttons=[button], attachment=file
        )
    )
    assert letter_id is not None
    store.write_now(lambda book: book.letters.keep_parts(letter_id, ["a ", "b ", "c"]))
    assert [send(store, str(number)) for number in (1, 2, 3)] == ["tổng hợp", "tổng hợp#2", "tổng hợp#3"]

    sent = store.read_now(lambda book: book.letters.of_peer(LAN))
    assert [(one.text, one.buttons, one.attachment) for one in sent] == [
        ("a ", (), None),
        ("b ", (), None),
        ("c", (button,), file),
    ]


def test_a_part_divided_again_hands_its_overflow_on(store: Store) -> None:
    """On a channel that holds less, the second part's rest goes to the front of the third; nothing changes order."""
    lan = join(store, "Lan", str(LAN))
    letter_id = plan(store, "tin", lan, says="aabbcc")
    store.write_now(lambda book: book.letters.keep_parts(letter_id, ["aa", "bb", "cc"]))
    send(store, "1")
    (second,) = claim(store)
    store.write_now(lambda book: book.letters.keep_parts(second.id, ["b", "b"]))
    store.write_now(lambda book: book.letters.back_to_planned(second, "", NOW))
    send(store, "2")
    send(store, "3")

    assert [one.text for one in store.read_now(lambda book: book.letters.of_peer(LAN))] == ["aa", "b", "bcc"]


def test_what_is_cancelled_does_not_go(store: Store) -> None:
    """By its key, with its parts; what was sent before stays sent, a key that only begins alike stays planned."""
    lan = join(store, "Lan", str(LAN))
    ids = [plan(store, once, lan) for once in ("slot:1", "slot:1#2", "slot:10")]
    cancelled = store.write_now(lambda book: book.letters.cancel("slot:1", "reported", NOW))

    assert cancelled
    assert [row(store, one)["state"] for one in ids] == ["cancelled", "cancelled", "planned"]
    assert not store.write_now(lambda book: book.letters.cancel("slot:1", "reported", NOW))


def test_a_persons_letters_are_cancelled_by_kind(store: Store) -> None:
    """Lan's reminders are taken back, the answer she waits for is not, nor is anything of Minh's."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    plan(store, "nhắc Lan", lan)
    plan(store, "trả lời Lan", lan, LetterKind.ANSWER)
    plan(store, "nhắc Minh", minh)
    gone = store.write_now(lambda book: book.letters.cancel_of(lan, "handed over", NOW, [LetterKind.REMINDER]))

    assert gone == 1
    assert {one.once for one in claim(store)} == {"trả lời Lan", "nhắc Minh"}
    assert store.write_now(lambda book: book.letters.cancel_of(lan, "left", NOW)) == 0


def test_a_phone_shows_what_arrived_there(store: Store) -> None:
    """The newest letters of one address, oldest first, and those after a given one; nobody else's, none unsent."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    ids = [plan(store, f"tin {n}", lan) for n in range(3)]
    for number in range(3):
        send(store, f"m{number}")
    plan(store, "chưa gửi", lan)
    plan(store, "của Minh", minh)

    def shown(after: int, limit: int, at: Address = LAN) -> list[str]:
        return [one.text for one in store.read_now(lambda book: book.letters.of_peer(at, after, limit))]

    assert shown(0, 10) == ["Tin tin 0", "Tin tin 1", "Tin tin 2"]
    assert shown(0, 2) == ["Tin tin 1", "Tin tin 2"]
    assert shown(ids[1], 10) == ["Tin tin 2"]
    assert shown(0, 10, Address.parse("telegram:1:12")) == []


def test_the_ledger_is_counted(store: Store) -> None:
    """How many stand where, since when the oldest waits, and what is held."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    plan(store, "đã gửi", lan)
    send(store, "1")
    assert store.read_now(lambda book: book.letters.oldest_unsent(NOW + timedelta(days=1))) is None
    plan(store, "chờ", minh)
    held_id = plan(store, "giữ", lan, LetterKind.ASSIGNMENT)
    one = next(found for found in claim(store) if found.id == held_id)
    store.write_now(lambda book: book.letters.hold(one, "doubtful: kill -9"))

    assert store.read_now(lambda book: book.letters.counts()) == {"accepted": 1, "claimed": 1, "held": 1}
    assert store.read_now(lambda book: book.letters.oldest_unsent(NOW)) == NOW
    held = store.read_now(lambda book: book.letters.held())
    assert [(found.once, found.kind, found.why) for found in held] == [
        ("giữ", LetterKind.ASSIGNMENT, "doubtful: kill -9")
    ]


def test_a_restored_copy_sends_nothing_by_itself(store: Store) -> None:
    """Everything unsettled is held; released by the operator, what was on its way says that it is sent again."""
    people = [join(store, name, f"telegram:1:{name}") for name in ("Lan", "Minh", "Hoa")]
    for person_id in people:
        plan(store, f"tin {person_id}", person_id)
    plan(store, "xong rồi", people[0])
    on_its_way, _claimed = claim(store, limit=2)
    assert begin(store, on_its_way)

    assert store.write_now(lambda book: book.letters.hold_all("restored from a copy")) == 4
    assert claim(store) == []
    assert {held.why for held in store.read_now(lambda book: book.letters.held())} == {"restored from a copy"}
    assert store.write_now(lambda book: book.letters.release_held()) == 4
    assert [one.repeats for one in claim(store)] == [1, 0, 0]

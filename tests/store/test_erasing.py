"""Who withdraws takes their words along, wherever those stand; what others said and what was reported stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.contacts import Role
from bot.conversation import Option, QuestionKind, RequestKind
from bot.messages import Address, LetterKind
from bot.store.book import Book
from bot.store.engine import Store
from bot.tasks import Status, Step, StepKind
from tests.opened_store import everything, give_task, rows
from tests.store.opening import LAN, NOW, begin, claim, join, plan, row
from tests.store.provinces import in_can_tho

MINH = "telegram:1:12"
HOUR = timedelta(hours=1)


def erase(store: Store, person_id: int) -> None:
    store.write_now(lambda book: book.people.erase(person_id, NOW + HOUR))


def send(store: Store) -> int:
    """Let the one letter that can go arrive; its id."""
    (one,) = claim(store)
    assert begin(store, one)
    store.write_now(lambda book: book.letters.accepted(one, f"p{one.id}", NOW))
    return one.id


def blocked(store: Store, person_id: int, one: int, note: str) -> None:
    """Somebody reports an obstacle in these words."""

    def work(book: Book) -> None:
        speaker = book.people.person(person_id)
        assert speaker is not None
        said = book.talks.keep_said(person_id, "telegram", note, note, NOW)
        step = Step(StepKind.BLOCKED, NOW, speaker.seats[-1].id, note=note, obstacle="funding", said_id=said)
        book.assignments.record(one, step, NOW)

    store.write_now(work)


def of(store: Store, table: str) -> list[Mapping[str, Any]]:
    """A table's rows, oldest first."""
    return sorted(rows(store, table), key=lambda one: one["id"])


def test_every_seat_ends_and_every_phone_is_silent(store: Store) -> None:
    """Lan sat for two communes with two phones: no seat is hers, no address leads to her, Minh keeps his."""
    zalo = Address.parse("zalo:9:3f")
    lan = join(store, "Lan", str(LAN), str(zalo), phone="0912 345 678")
    join(store, "Lan", str(LAN), unit="30760", role=Role.LEADER)
    minh = join(store, "Minh", MINH, phone="0987 654 321")
    erase(store, lan)

    assert [seat["until"] for seat in of(store, "seat")] == [NOW + HOUR, NOW + HOUR, None]
    assert [address["person_id"] for address in of(store, "address")] == [minh]
    gone, stays = of(store, "person")
    assert (gone["name"], gone["phone"], gone["left_at"]) == ("", None, NOW + HOUR)
    assert (stays["name"], stays["phone"], stays["left_at"]) == ("Minh", "0987 654 321", None)


def test_her_words_go_and_his_stay(store: Store) -> None:
    """Both gave a reason on tasks of their own: hers goes from report and task, his is whole, both stay blocked."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", MINH, unit="30760")
    hers = store.write_now(lambda book: give_task(book, "T01"))
    his = store.write_now(lambda book: give_task(book, "T02", ("30760",)))
    blocked(store, lan, hers, "chưa có kinh phí")
    blocked(store, minh, his, "chưa có kinh phí")
    erase(store, lan)
    stand = store.read_now(lambda book: book.assignments.many([hers, his]))

    assert [one.state.note for one in stand] == [None, "chưa có kinh phí"]
    assert [(one.state.status, one.state.obstacle) for one in stand] == [(Status.BLOCKED, "funding")] * 2
    assert [said["text"] for said in of(store, "said")] == [None, "chưa có kinh phí"]
    assert [said["digest"] is not None for said in of(store, "said")] == [True, True]


@pytest.mark.parametrize("name", ["Lan", "100%", "Hoa_Lan", "O'Brien \\ Nguyễn"])
def test_others_letters_lose_her_name_alone(store: Store, name: str) -> None:
    """What the clerk was told stays told, without her name and number, whatever signs are in the name."""
    hoa = join(store, "Hoa", "telegram:1:50", unit="VPUBND", role=Role.OFFICE)
    lan = join(store, name, str(LAN), phone="0912 345 678")
    told = plan(store, "báo", hoa, LetterKind.ANSWER, f"{name} (0912 345 678) báo xong T02; Hoa-Lam 1000 nhờ")
    send(store)
    erase(store, lan)

    assert row(store, told)["text"] == "… (…) báo xong T02; Hoa-Lam 1000 nhờ"


def test_what_waits_for_her_does_not_go(store: Store) -> None:
    """Reminders planned or held for her are cancelled; the goodbye that answers her goes, and is then forgotten."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", MINH)
    reminder, his = plan(store, "nhắc", lan), plan(store, "nhắc Minh", minh)
    answer = {"person_id": lan, "to": LAN, "text": "Tạm biệt chị Lan", "urgency": 0}
    goodbye = store.write_now(lambda book: book.letters.plan("chào", LetterKind.ANSWER, NOW, **answer))
    assert goodbye is not None
    erase(store, lan)
    assert (row(store, reminder)["state"], row(store, his)["state"]) == ("cancelled", "planned")
    for one in claim(store):
        begin(store, one)
        store.write_now(lambda book, one=one: book.letters.accepted(one, f"p{one.id}", NOW))  # type: ignore[misc]
    assert row(store, goodbye)["state"] == "accepted"
    store.write_now(lambda book: book.people.forget_letters())

    assert (row(store, goodbye)["text"], row(store, goodbye)["peer"]) == (None, None)
    assert row(store, his)["text"] == "Tin nhắc Minh"
    assert sorted(attempt["peer"] for attempt in of(store, "attempt")) == ["", "12"]


def test_an_open_question_is_closed_and_emptied(store: Store) -> None:
    """Nothing waits for her answer; what she had asked of the office stays open, without the particulars."""
    lan = join(store, "Lan", str(LAN))

    def ask(book: Book) -> None:
        book.talks.ask(lan, QuestionKind.READING, [Option("Đồng ý", {"note": "Trần Văn Bảy"})], {"said": 7}, (), NOW)
        book.talks.raise_request(1, RequestKind.QUESTION, lan, NOW, payload={"name": "Trần Văn Bảy"})
        book.talks.keep_listing(lan, [1], ["1 xong vì Trần Văn Bảy"], NOW)

    store.write_now(ask)
    erase(store, lan)
    asked = store.read_now(lambda book: book.talks.last_question(lan))

    assert asked is not None
    assert (asked.outcome, asked.options, asked.payload) == ("left", (), {})
    assert "Trần Văn Bảy" not in repr(everything(store))
    assert len(of(store, "request")) == 1


def test_a_picture_somebody_else_sent_too_is_kept(store: Store) -> None:
    """Lan's unplaced file goes with her, unless Minh sent the very same; what proves a report stays."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", MINH)
    one = store.write_now(give_task)

    def keep(book: Book) -> dict[str, str]:
        kept = {}
        for name, senders in {"riêng": [lan], "chung": [lan, minh], "minh chứng": [lan]}.items():
            file_id, kept[name] = book.inbox.keep_file(name.encode(), "image/jpeg")
            for sender in senders:
                evidence_id = book.inbox.keep_evidence(sender, file_id, f"{name}.jpg", None, None, NOW)
                if name == "minh chứng":
                    book.inbox.attach([evidence_id], one)
        return kept

    kept = store.write_now(keep)
    erase(store, lan)
    there = {
        name: store.read_now(lambda book, d=digest: book.inbox.file(d)) is not None for name, digest in kept.items()
    }  # type: ignore[misc]

    assert there == {"riêng": False, "chung": True, "minh chứng": True}
    assert len(store.read_now(lambda book: book.inbox.unplaced(minh))) == 1
    assert len(store.read_now(lambda book: book.inbox.placed([one]))) == 1


def test_a_namesake_in_another_province_is_left_alone(store: Store) -> None:
    """The same name and phone in Cần Thơ, and in letters there: erasing ours changes no row of theirs."""
    with in_can_tho(store):
        hers = join(store, "Lan", "telegram:2:11", phone="0912 345 678")
        one = store.write_now(give_task)
        blocked(store, hers, one, "chưa có kinh phí")
        theirs = plan(store, "báo", hers, says="Chào Lan, 0912 345 678")
        with store.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE letter SET state = 'accepted'")
    lan = join(store, "Lan", str(LAN), phone="0912 345 678")
    blocked(store, lan, store.write_now(give_task), "chưa có kinh phí")
    erase(store, lan)

    assert row(store, theirs)["text"] == "Chào Lan, 0912 345 678"
    with in_can_tho(store):
        stays = store.read_now(lambda book: book.people.person(hers))
        assert stays is not None
        assert (stays.name, stays.phone, len(stays.seats)) == ("Lan", "0912 345 678", 1)
        stands = store.read_now(lambda book: book.assignments.get(one))
        assert stands is not None
        assert stands.state.note == "chưa có kinh phí"

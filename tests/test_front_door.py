"""The door: strangers cost nothing, marked messages leave nothing, and files are fetched, waited for or declined."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot import front_door
from bot.front_door import LARGEST_FILE, LONGEST_TEXT, harmless
from bot.messages import FileRef, Incoming, SendFailed
from bot.store.engine import Store
from tests.opened_door import House, opened_house
from tests.opened_store import NOW, everything, give_task, message, rows

SECRET = "TỐI MẬT\nKế hoạch phòng thủ khu vực biên giới"
PHOTO = FileRef("f1", "ảnh.jpg", "image/jpeg", 3)


house = pytest.fixture(opened_house)


def writes(store: Store) -> list[str]:
    """From now on, every statement that changes the database."""
    found: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.split(maxsplit=1)[0] in ("INSERT", "UPDATE", "DELETE"):
            found.append(statement)

    event.listen(store.engine, "before_cursor_execute", note)
    return found


async def test_a_flood_of_strangers_writes_nothing(house: House) -> None:
    """Two hundred messages from twenty unknown phones: not one row, and one hint each."""
    seen = writes(house.store)
    for number in range(200):
        await house.door.receive(message(f"x{number % 20}", f"s{number}", f"xin chào {number}"))

    assert seen == []
    assert len(house.channel.arrived) == 20
    assert all("DK" in text for text in house.channel.texts)


async def test_the_hint_comes_once_an_hour(house: House) -> None:
    """At 59 minutes still silence, at 60 the hint again."""
    for minutes in (0, 1, 59, 60, 61):
        house.clock.at = NOW + timedelta(minutes=minutes)
        await house.door.receive(message("la", f"s{minutes}", "chào"))

    assert len(house.channel.arrived) == 2


async def test_in_a_group_it_says_once_where_it_works(house: House) -> None:
    """Nothing said in a group is kept, a code and a report of somebody known included."""
    before = everything(house.store)
    for number, typed in enumerate(["chào bot", "DK 234 5678 9BCF", "1 xong"]):
        await house.door.receive(message("lan", f"g{number}", typed, in_group=True))

    assert len(house.channel.arrived) == 1
    assert everything(house.store) == before


@pytest.mark.parametrize("who", ["lan", "la"])
@pytest.mark.parametrize(
    "typed",
    [
        SECRET,
        "(MẬT) báo cáo quân số",
        "MẬT\nquân số",
        "M Ậ T\nquân số",
        "Độ mật: Tuyệt mật\nquân số",
        "M\u200bẬT\nquân số",
    ],
)
async def test_a_marked_text_leaves_one_row_and_no_word(house: House, who: str, typed: str) -> None:
    """Whoever sends it, however often: that it came, never what it said; and the sender is told why."""
    before = everything(house.store)
    for _ in range(2):
        await house.door.receive(message(who, "m1", typed))
    after = everything(house.store)

    assert {name for name in after if after[name] != before[name]} == {"refused_mark"}
    assert len(after["refused_mark"]) == 1
    assert "quân số" not in repr(after)
    assert "biên giới" not in repr(after)
    assert "MẬT" in house.channel.texts[0]


def raw(store: Store) -> bytes:
    """The bytes of the database file and its log."""
    file = Path(store.url.removeprefix("sqlite:///"))
    return b"".join(part.read_bytes() for part in file.parent.glob(file.name + "*"))


async def test_a_marked_file_is_nowhere(house: House) -> None:
    """Neither its bytes nor its name nor the message's other file are kept, and Lan is told in words."""
    house.channel.files = {"f1": SECRET.encode(), "f2": b"anh kem theo"}
    files = (FileRef("f1", "phuong an A2.txt", "text/plain"), FileRef("f2", "anh.jpg", "image/jpeg"))
    await house.door.receive(message("lan", "m1", "gửi chị kế hoạch", files=files))
    kept = everything(house.store)

    assert kept["file"] == kept["file_chunk"] == kept["evidence"] == []
    assert "biên giới".encode() not in raw(house.store)
    assert b"anh kem theo" not in raw(house.store)
    assert "phuong an A2" not in repr(kept)
    assert "gửi chị kế hoạch" not in repr(kept)
    assert len(kept["refused_mark"]) == 1
    assert any("MẬT" in text for text in house.letters())


@pytest.mark.parametrize("name", ["TỐI MẬT.pdf", "Ke hoach (MẬT).pdf", "MẬT_ke hoach.pdf"])
async def test_a_mark_in_a_files_name_counts(house: House, name: str) -> None:
    """What says of itself that it is secret is not even fetched."""
    await house.door.receive(message("lan", "m1", "", files=(FileRef("f1", name, "application/pdf"),)))
    kept = everything(house.store)

    assert (kept["inbox"], kept["file"], len(kept["refused_mark"])) == ([], [], 1)


async def test_a_photo_is_kept_with_its_bytes(house: House) -> None:
    """Fetched once, kept under its digest, waiting for its task."""
    house.channel.files = {"f1": b"anh"}
    await house.door.receive(message("lan", "m1", "", files=(PHOTO,)))
    kept = everything(house.store)

    assert [row["state"] for row in kept["inbox"]] == ["applied"]
    assert [row["data"] for row in kept["file_chunk"]] == [b"anh"]
    assert [row["name"] for row in kept["evidence"]] == ["ảnh.jpg"]


async def test_what_came_with_a_file_is_written_down_when_it_is_there(house: House) -> None:
    """The fetch takes ten minutes: the report has the platform's moment, its entry the one at which it was made."""

    async def slowly(_ref: FileRef, _most: int) -> bytes:
        house.clock.at = NOW + timedelta(minutes=10)
        return b"anh"

    house.channel.fetch = slowly  # type: ignore[method-assign]
    house.store.write_now(lambda book: give_task(book, "T99", ("30607",)))
    await house.door.receive(message("lan", "m1", "T99 xong", files=(PHOTO,)))
    (step,) = rows(house.store, "step")

    assert step["at"] == NOW
    assert step["recorded_at"] == NOW + timedelta(minutes=10)


async def test_a_file_that_can_not_be_had_yet_is_waited_for(house: House, caplog: pytest.LogCaptureFixture) -> None:
    """The network fails twice: the message stays, is tried again by `retry`, and then has its effect once."""
    house.channel.files = {"f1": SendFailed("timeout")}
    with caplog.at_level(logging.WARNING):
        await house.door.receive(message("lan", "m1", "", files=(PHOTO,)))
        assert await house.door.retry(NOW) == 1
    assert [row["state"] for row in rows(house.store, "inbox")] == ["waiting"]
    assert house.letters() == []

    house.channel.files = {"f1": b"anh"}
    assert await house.door.retry(NOW) == 1
    assert await house.door.retry(NOW) == 0
    assert len(rows(house.store, "evidence")) == 1


async def test_who_writes_after_a_file_is_heard_after_it(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """One replica still fetches Lan's photo as her next words come to another: they take effect after it."""
    monkeypatch.setattr(front_door, "LOOK_AGAIN", 0.001)
    here, there = house, House(house.store)
    here.door.fetches_beside = True
    goes_on = asyncio.Event()

    async def slow(_ref: FileRef, _most: int) -> bytes:
        await goes_on.wait()
        return b"jpg"

    here.channel.fetch = slow  # type: ignore[method-assign]
    await here.door.receive(message("lan", "m1", "2 xong, gửi ảnh", files=(PHOTO,)))
    next_words = asyncio.create_task(there.door.receive(message("lan", "m2", "nhầm")))
    for _ in range(5):
        await asyncio.sleep(0.01)
    assert not next_words.done()
    goes_on.set()
    await next_words

    assert [row["text"] for row in rows(house.store, "said")] == ["2 xong, gửi ảnh", "nhầm"]


async def test_a_file_that_nobody_fetches_any_more_keeps_nobody_waiting(house: House) -> None:
    """The replica that was to fetch it ended a quarter of a minute ago: what comes now is heard, the file later."""
    photo = message("lan", "m1", "2 xong, gửi ảnh", files=(PHOTO,))
    house.store.write_now(lambda book: book.inbox.take(photo, "waiting", NOW - timedelta(seconds=15)))
    await house.door.receive(message("lan", "m2", "việc của tôi"))

    assert [row["text"] for row in rows(house.store, "said")] == ["việc của tôi"]


async def test_a_channel_that_breaks_its_promise_keeps_no_file_for_ever(house: House) -> None:
    """Fetching raises what no channel may raise, every time: after as many tries as ever Lan hears that it is gone."""
    house.channel.files = {}
    await house.door.receive(message("lan", "m1", "T99 xong", files=(PHOTO,)))
    rounds = 0
    while await house.door.retry(NOW):
        rounds += 1
        assert rounds < 20

    assert [row["state"] for row in rows(house.store, "inbox")] == ["applied"]
    assert "không tải" in house.letters()[0]


async def test_a_file_that_vanishes_between_two_tries_is_told_once(house: House) -> None:
    """First the network fails, then the platform has deleted it: one sentence, and the words beside it count."""
    house.channel.files = {"f1": SendFailed("timeout")}
    await house.door.receive(message("lan", "m1", "danh sách", files=(PHOTO,)))
    house.channel.files = {"f1": SendFailed("gone", permanent=True)}
    await house.door.retry(NOW)
    await house.door.retry(NOW)

    assert len([said for said in house.letters() if "không tải" in said]) == 1
    assert any("1." in said for said in house.letters())


@pytest.mark.parametrize("typed", ["xin chào", SECRET])
async def test_whatever_the_answer_meets_the_message_is_taken(house: House, typed: str) -> None:
    """A channel that breaks while a stranger is answered: Telegram is told all the same, or it would come for ever."""
    house.channel.script = lambda letter: KeyError("message_id")
    await house.door.receive(message("la", "m1", typed))

    assert len(house.channel.tried) == 1
    assert house.channel.arrived == []


@pytest.mark.parametrize(
    ("ref", "found", "word"),
    [
        (replace(PHOTO, size=40 * 1024 * 1024), b"", "20 MB"),
        (replace(PHOTO, size=LARGEST_FILE + 1), b"", "20 MB"),
        (PHOTO, SendFailed("too large", permanent=True), "20 MB"),
        (PHOTO, SendFailed("gone", permanent=True), "không tải"),
        (replace(PHOTO, kind="application/x-msdownload"), b"MZ", "loại"),
        (replace(PHOTO, kind="audio/mpeg"), b"ID3", "loại"),
    ],
)
async def test_a_file_that_is_not_taken_is_answered(
    house: House, ref: FileRef, found: bytes | SendFailed, word: str
) -> None:
    """A 40 MB photo, a program, one that is gone: told in words, nothing kept, and the message is done with."""
    house.channel.files = {"f1": found}
    await house.door.receive(message("lan", "m1", "", files=(ref,)))
    kept = everything(house.store)

    assert [row["state"] for row in kept["inbox"]] == ["applied"]
    assert (kept["file"], kept["evidence"]) == ([], [])
    assert len(house.letters()) == 1
    assert word in house.letters()[0]


async def test_a_message_twice_has_one_effect(house: House) -> None:
    """Delivered again, also a month later when its words are no longer kept."""
    await house.door.receive(message("lan", "m1", "danh sách"))
    later = NOW + timedelta(days=31)
    house.store.write_now(lambda book: book.inbox.forget_old(later))
    house.clock.at = later
    await house.door.receive(message("lan", "m1", "danh sách"))

    assert len(house.letters()) == 1


async def test_a_stranger_whose_phone_is_gone_stops_nobody(house: House) -> None:
    """The hint can't be sent: the next message is taken as ever."""
    house.channel.complain_once(SendFailed("blocked", permanent=True))
    await house.door.receive(message("la", "m1", "chào"))
    await house.door.receive(message("lan", "m2", "danh sách"))

    assert len(house.letters()) == 1


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1 xong\x00", "1 xong"),
        ("1\x07 xo\x1bng", "1 xong"),
        ("1 xong\ud83d", "1 xong"),
        ("dòng một\nhai\tba", "dòng một\nhai\tba"),
        ("👍🏽 👨‍👩‍👧", "👍🏽 👨‍👩‍👧"),
        ("\u202e1 gnox", "1 gnox"),
        ("\u2066an\u2069", "an"),
        ("x" * (LONGEST_TEXT + 1), "x" * LONGEST_TEXT),
        ("\x00" * 9 + "x" * LONGEST_TEXT, "x" * LONGEST_TEXT),
        ("", ""),
    ],
)
def test_what_no_keyboard_types_is_left_out(typed: str, kept: str) -> None:
    """Control signs, halves of pairs and signs that turn a line round go; lines, tabs and families stay."""
    assert harmless(typed) == kept


HOSTILE = [
    "\x00", "\ud800\udc00\ud800", "\u202e" * 50, "Z̷̢̛" * 900, "🙏" * 4096, "x" * 1_000_000, "{0.__class__}", "%s%n{}",
    "' OR 1=1 --", "<b>xong</b>", "\n" * 3000, "1 " * 3000, ", " * 4000, "9" * 5000, "T" + "0" * 3000, "\u0301" * 5000,
    "=cmd|' /C calc'!A0", "việc 99999999999999999999 xong", "duyệt 99999999999999999999",
]  # fmt: skip


@pytest.mark.parametrize("who", ["lan", "hoa", "la"])
async def test_hostile_words_are_answered_and_stop_nobody(house: House, who: str) -> None:
    """Nineteen kinds of rubbish: none fails, none is lost, and the next honest message is served."""
    for number, typed in enumerate(HOSTILE):
        await house.door.receive(message(who, f"h{number}", typed, sender_name=typed[:200]))
    await house.door.receive(message("lan", "honest", "danh sách"))
    states = {row["state"] for row in rows(house.store, "inbox")}

    assert states == {"applied"}
    assert "1." in house.letters()[-1]


@pytest.mark.parametrize(
    "data", ["", ":", "x:0:0", "99999999999999999999:0:0", "1:0:99999999999999999999", "-1:0:0", "٣:0:٣"]
)
async def test_a_made_up_button_is_answered(house: House, data: str) -> None:
    """A page may send anything as a button's data: it means nothing, and nothing fails."""
    pressed: Incoming = message("lan", "c1", "", button=data)
    await house.door.receive(pressed)

    assert [row["state"] for row in rows(house.store, "inbox")] == ["applied"]


@pytest.mark.parametrize(
    "name", ["a\x00b.jpg", "../../etc/passwd", "x" * 5000 + ".jpg", "\u202egpj.exe", "{0.__class__}.jpg"]
)
async def test_a_files_name_harms_nobody(house: House, name: str) -> None:
    """Kept as a short harmless label; the bytes stand under their digest."""
    house.channel.files = {"f1": b"anh"}
    await house.door.receive(message("lan", "m1", "", files=(replace(PHOTO, name=name),)))
    (kept,) = rows(house.store, "evidence")

    assert len(kept["name"]) <= 200
    assert not set(kept["name"]) & {"\x00", "\u202e"}


async def test_who_was_heard_before_and_has_left_is_a_stranger(house: House) -> None:
    """Lan reports, withdraws, and writes again: she is told how to join, and her words are not kept."""
    await house.door.receive(message("lan", "1", "danh sách"))
    lan = house.store.read_now(lambda book: book.people.by_address(message("lan", "1", "").sender))
    assert lan is not None
    house.store.write_now(lambda book: book.people.erase(lan.id, NOW))
    kept = len(rows(house.store, "inbox"))
    await house.door.receive(message("lan", "2", "còn tôi thì sao"))

    assert len(rows(house.store, "inbox")) == kept
    assert len(house.channel.arrived) == 1

"""A failed send recorded as sent: each way of failing, against the whole house, and what becomes of it afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.assembly import assemble, watch
from bot.clock import wall
from bot.messages import Address, Incoming, Letter, Receipt, SendFailed
from bot.store.book import Book
from bot.store.mail import attempt
from bot.tasks import Assignment, Due, Status
from tests.field.a_house_under_way import UNIT, lan_joins, ledger, look_at, reached
from tests.opened_store import give_task
from tests.talks.play import Talk

SLOT, LATER, NEXT_DAY = "2025-09-15 07:31", "2025-09-15 08:10", "2025-09-18 07:31"


def too_many() -> SendFailed:
    return SendFailed("Too Many Requests", retry_at=wall() + timedelta(minutes=10), written=False)


def dead_token() -> SendFailed:
    return SendFailed("Telegram does not accept this bot's token", unauthorized=True, written=False)


def used_up() -> SendFailed:
    return SendFailed("quota", quota=True, written=False)


def blocked() -> SendFailed:
    return SendFailed("Forbidden: bot was blocked by the user", permanent=True, written=False)


def server_error() -> SendFailed:
    return SendFailed("no answer from Telegram: Internal Server Error")


def unwanted() -> SendFailed:
    return SendFailed("refused the letter: Bad Request: message is too long", written=False)


def not_reached() -> SendFailed:
    return SendFailed("Telegram could not be reached", written=False)


def broken() -> Exception:
    return KeyError("message_id")


Complaint = Callable[[], Exception]
EVERY: Sequence[Complaint] = (
    too_many, dead_token, used_up, blocked, server_error, unwanted, not_reached, broken,
)  # fmt: skip


class Breaks:
    """A wire that complains of every letter, or of those to one phone, until it is mended."""

    def __init__(self, talk: Talk, complaint: Complaint, only: str = "") -> None:
        self._taken = talk.wire.send
        self._complaint = complaint
        self._only = only
        self.broken = True
        self.tried = 0

    async def send(self, letter: Letter) -> Receipt:
        """Complain, or hand it on."""
        self.tried += 1
        if self.broken and self._only in ("", letter.to.peer):
            raise self._complaint()
        return await self._taken(letter)


@pytest.fixture
def breaks(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Breaks]:
    """Puts such a wire into the house."""

    def put(complaint: Complaint, only: str = "") -> Breaks:
        made = Breaks(talk, complaint, only)
        monkeypatch.setattr(talk.wire, "send", made.send)
        return made

    return put


def reminder(talk: Talk, name: str = "Lan") -> dict[str, Any]:
    (row,) = [row for row in ledger(talk, name) if row["kind"] == "reminder"]
    return dict(row)


def attempts(talk: Talk) -> list[str]:
    """How each attempt at Lan's reminder ended."""
    of_it = select(attempt.c.outcome).where(attempt.c.letter_id == reminder(talk)["id"]).order_by(attempt.c.id)
    with talk.store.engine.connect() as connection:
        return list(connection.execute(of_it).scalars())


def time_heals(talk: Talk) -> None:
    """Every pause is over, as after a while of the machine's own time."""

    def work(book: Book) -> None:
        book.letters.pace.forget_old(wall() + timedelta(days=40))
        with book.savepoint() as inside:
            inside.connection.exec_driver_sql("UPDATE letter SET lease_until = NULL")

    talk.store.write_now(work)


@pytest.mark.parametrize("complaint", EVERY, ids=lambda one: one.__name__)
def test_nothing_is_called_sent_that_was_not_accepted(
    talk: Talk, breaks: Callable[..., Breaks], complaint: Complaint
) -> None:
    """Lan's reminder has no receipt and no accepted attempt, and no figure says that she was reminded."""
    lan_joins(talk)
    wire = breaks(complaint)
    look_at(talk, SLOT)

    kept = reminder(talk)
    assert wire.tried > 0
    assert kept["state"] not in ("accepted", "claimed", "sending")
    assert (kept["platform_id"], reached(talk, "Lan")) == (None, [])
    assert "accepted" not in attempts(talk)
    assert kept["why"]


@pytest.mark.parametrize("complaint", [too_many, used_up, not_reached], ids=lambda one: one.__name__)
def test_what_certainly_did_not_go_comes_later_as_it_was(
    talk: Talk, breaks: Callable[..., Breaks], complaint: Complaint
) -> None:
    """After 429, a used-up quota or no network, Lan reads the reminder once, unmarked, when the way is free."""
    lan_joins(talk)
    wire = breaks(complaint)
    look_at(talk, SLOT)
    tried = wire.tried
    wire.broken = False
    look_at(talk, SLOT)
    assert (wire.tried, reached(talk, "Lan")) == (tried, []), "the pause holds until it is over"
    time_heals(talk)
    look_at(talk, LATER)
    look_at(talk, LATER)

    assert reached(talk, "Lan") == ["15/09 08:10"]
    assert "Gửi lại" not in talk.wire.letters["lan"][-1].text
    assert attempts(talk)[-1] == "accepted"


@pytest.mark.parametrize("complaint", [server_error, broken], ids=lambda one: one.__name__)
def test_what_may_have_gone_comes_once_more_and_says_so(
    talk: Talk, breaks: Callable[..., Breaks], complaint: Complaint
) -> None:
    """A 500 after the bytes left: doubtful; it goes again silently, marked, and both attempts stand in the ledger."""
    lan_joins(talk)
    wire = breaks(complaint)
    look_at(talk, SLOT)
    wire.broken = False
    time_heals(talk)
    look_at(talk, LATER)

    last = talk.wire.letters["lan"][-1]
    assert (last.text.splitlines()[0], last.silent) == ("(Gửi lại)", True)
    assert attempts(talk) == ["doubtful", "accepted"]


def test_in_doubt_twice_it_is_left_to_a_person(talk: Talk, breaks: Callable[..., Breaks]) -> None:
    """A server that fails both times does not get a third copy: it is held, and Lan's next word frees it."""
    lan_joins(talk)
    wire = breaks(server_error)
    for moment in (SLOT, LATER, "2025-09-15 08:40"):
        look_at(talk, moment)
        time_heals(talk)
    assert (reminder(talk)["state"], attempts(talk)) == ("held", ["doubtful", "doubtful"])

    wire.broken = False
    asyncio.run(talk._says("lan", "danh sách", ""))
    assert len(reached(talk, "Lan")) == 1


def test_a_dead_token_stops_that_bot_and_is_seen(talk: Talk, breaks: Callable[..., Breaks]) -> None:
    """401: one try, no more; health names the account; with a new token the reminder goes, once."""
    lan_joins(talk)
    wire = breaks(dead_token)
    look_at(talk, SLOT)
    look_at(talk, LATER)
    seen = asyncio.run(_seen(talk))
    assert (wire.tried, reminder(talk)["state"]) == (1, "planned")
    assert (seen["ok"], seen["stopped_accounts"]) == (False, ["talk:main"])

    wire.broken = False
    talk.house = assemble(talk.store, talk.clock, list(talk.house.channels.values()))
    look_at(talk, "2025-09-15 09:00")
    assert reached(talk, "Lan") == ["15/09 09:00"]
    assert asyncio.run(_seen(talk))["ok"]


async def _seen(talk: Talk) -> Any:
    return await watch(talk.house).health()


def test_a_blocked_phone_is_told_to_the_clerk_once_and_tried_no_more(talk: Talk, breaks: Callable[..., Breaks]) -> None:
    """403: chị Hoa reads it once, Minh is reminded all the same, and no later reminder knocks at Lan's phone."""
    talk.play(
        f"at 2025-09-12 08:00\nhoa joins VPUBND as office\nlan joins {UNIT} as contact\nminh joins 30589 as contact"
    )
    wire = breaks(blocked, only="lan")
    look_at(talk, SLOT)
    told = [row["text"] for row in ledger(talk, "Hoa") if "Không gửi được tin cho Lan" in (row["text"] or "")]
    assert len(told) == 1
    assert (reached(talk, "Lan"), len(reached(talk, "Minh"))) == ([], 1)

    wire.broken = False
    heard = len(talk.wire.letters["lan"])
    look_at(talk, NEXT_DAY)
    assert len(talk.wire.letters["lan"]) == heard
    asyncio.run(talk._says("lan", "danh sách", ""))
    assert len(talk.wire.letters["lan"]) > heard, "who writes again is reached again"


def test_a_used_up_quota_keeps_no_answer_back(talk: Talk, breaks: Callable[..., Breaks]) -> None:
    """No reminder goes for the rest of the day, but who writes is answered."""
    lan_joins(talk)
    wire = breaks(used_up)
    look_at(talk, SLOT)
    wire.broken = False
    asyncio.run(talk._says("lan", "danh sách", ""))

    assert reached(talk, "Lan") == []
    assert "1." in talk.wire.letters["lan"][-1].text


def test_a_letter_that_is_refused_for_itself_ends_nobodys_address(talk: Talk, breaks: Callable[..., Breaks]) -> None:
    """400: that letter is given up with the reason; the next reminder to the same phone goes."""
    lan_joins(talk)
    wire = breaks(unwanted)
    look_at(talk, SLOT)
    assert reminder(talk)["state"] == "refused"
    assert "message is too long" in reminder(talk)["why"]

    wire.broken = False
    look_at(talk, NEXT_DAY)
    assert reached(talk, "Lan") == ["18/09 07:31"]


@pytest.mark.parametrize("complaint", [too_many, server_error, not_reached], ids=lambda one: one.__name__)
def test_what_was_said_meanwhile_is_not_asked_again(
    talk: Talk, breaks: Callable[..., Breaks], complaint: Complaint
) -> None:
    """Lan reports while her reminder could not go: it does not come afterwards to ask for what was told."""
    lan_joins(talk)
    wire = breaks(complaint)
    look_at(talk, SLOT)
    wire.broken = False
    time_heals(talk)
    heard = len(talk.wire.letters["lan"])
    asyncio.run(talk._says("lan", "T02 xong, KH 45/KH-UBND", ""))
    look_at(talk, LATER)

    assert [one.text[:1] for one in talk.wire.letters["lan"][heard:]] == ["✅"]
    assert reached(talk, "Lan") == []


@pytest.mark.parametrize("complaint", [too_many, server_error, not_reached, dead_token], ids=lambda one: one.__name__)
def test_after_an_outage_comes_what_holds_then_and_once(
    talk: Talk, breaks: Callable[..., Breaks], complaint: Complaint
) -> None:
    """Nothing went from Thursday to Friday: on Monday Lan reads that it is overdue, not that it is the last day."""
    lan_joins(talk)
    wire = breaks(complaint)
    for moment in ("2025-09-18 07:31", "2025-09-19 07:31", "2025-09-19 13:31"):
        look_at(talk, moment)
        time_heals(talk)
    wire.broken = False
    heard = len(talk.wire.letters["lan"])
    talk.house = assemble(talk.store, talk.clock, list(talk.house.channels.values()))
    look_at(talk, "2025-09-22 07:31")
    look_at(talk, "2025-09-22 13:31")

    (said,) = [one.text for one in talk.wire.letters["lan"][heard:]]
    assert "quá hạn" in said
    assert "ngày làm việc cuối" not in said


@pytest.mark.parametrize(
    "complaint", [too_many, not_reached, used_up, dead_token, unwanted], ids=lambda one: one.__name__
)
@pytest.mark.parametrize("same_slot", [True, False])
def test_numbers_are_those_of_the_list_that_arrived(
    talk: Talk, breaks: Callable[..., Breaks], complaint: Complaint, same_slot: bool
) -> None:
    """Lan's list says 1 is T91; a reminder in which 1 is T02 never reached her: her "1 xong" finishes T91."""
    talk.store.write_now(lambda book: give_task(book, "T91", (UNIT,), Due(date(2025, 9, 19))))
    lan_joins(talk)
    asyncio.run(talk._says("lan", "danh sách", ""))
    wire = breaks(complaint)
    look_at(talk, SLOT)
    assert "T91" not in (reminder(talk)["text"] or "")
    if not same_slot:
        time_heals(talk)
        look_at(talk, "2025-09-15 13:31")
    wire.broken = False
    said = Incoming(Address("talk", "main", "lan"), "m9", "1 xong", talk.clock.now(), message_id="m9")
    asyncio.run(talk.house.door.receive(said))

    stands = talk.store.read_now(lambda book: {one.task.code: one.state.status for one in mine(book)})
    assert (stands["T91"], stands["T02"]) == (Status.REPORTED, Status.ASSIGNED)


def mine(book: Book) -> Sequence[Assignment]:
    """What Bình Hòa was given."""
    return [one for one in book.assignments.all() if one.unit_code == UNIT]

"""What an account has in hand goes by urgency, in bounded numbers, and one at a time after a failure."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from bot.messages import Address, Letter, LetterKind, Urgency
from bot.post_lane import IN_HAND, ON_THE_WIRE, Lane
from bot.store.letters import Claimed
from tests.store.opening import NOW

LAN = Address("telegram", "1", "11")


def add(lane: Lane, number: int, urgency: Urgency = Urgency.UNASKED) -> None:
    one = Claimed(
        number, f"tin {number}", LetterKind.REMINDER, 1, LAN, None, "", (), None, None, None, None, None, None, NOW, NOW
    )
    lane.add(replace(one, urgency=urgency), Letter(number, LAN, ""))


def order(lane: Lane) -> list[int]:
    found = []
    while lane.can_send:
        found.append(lane.next()[0].id)
    return found


async def test_an_answer_overtakes_what_is_broadcast() -> None:
    """Claimed later, it goes before the reminders that wait for their turn; those keep their order."""
    lane = Lane()
    for number in (3, 1, 2):
        add(lane, number)
    add(lane, 9, Urgency.ANSWER)

    assert order(lane) == [9, 1, 2, 3]


async def test_a_letter_claimed_again_while_it_waited_stops_nobody() -> None:
    """Answers kept a reminder waiting past its lease, and it was claimed anew by the same post: both claims are in
    hand, the older one first, which the ledger then refuses."""
    lane = Lane()
    for fence in (2, 1):
        one = Claimed(
            7, "nhắc", LetterKind.REMINDER, fence, LAN, None, "", (), None, None, None, None, None, None, NOW, NOW
        )
        lane.add(one, Letter(7, LAN, ""))
    add(lane, 8)

    assert [lane.next()[0].fence for _ in range(2)] == [1, 2]
    assert order(lane) == [8]


async def test_more_is_claimed_once_half_is_gone() -> None:
    """Nothing while enough waits; then as much as fills the hand again."""
    lane = Lane()
    assert lane.room == IN_HAND
    for number in range(IN_HAND // 2 + 1):
        add(lane, number)
    assert lane.room == 0
    lane.next()
    assert lane.room == IN_HAND - IN_HAND // 2


async def test_the_wire_takes_no_more_than_it_can() -> None:
    """With all places taken nothing is claimed and nothing sent; the first that ends makes room and wakes."""
    lane = Lane()
    gate = asyncio.Event()

    async def wait() -> None:
        await gate.wait()

    for _ in range(ON_THE_WIRE):
        lane.start(wait())
    add(lane, 1)
    assert (lane.room, lane.can_send) == (0, False)

    gate.set()
    await lane.woken.wait()
    await asyncio.sleep(0)
    assert (lane.room > 0, lane.can_send) == (True, True)


async def test_after_a_failure_one_letter_goes_at_a_time() -> None:
    """While an account is probed it claims one letter only when nothing is in hand or on its way."""
    lane = Lane()
    lane.probing = True
    assert lane.room == 1
    add(lane, 1)
    assert (lane.room, lane.can_send) == (0, True)
    lane.next()
    gate = asyncio.Event()

    async def wait() -> None:
        await gate.wait()

    lane.start(wait())
    add(lane, 2)
    assert (lane.room, lane.can_send) == (0, False)
    gate.set()

    assert [one.id for one in await lane.settled()] == [2]
    assert lane.room == 1

"""How fast an account is written to is learnt from its answers alone, and never more than its platform takes."""

from __future__ import annotations

import random
from datetime import timedelta
from heapq import heappop, heappush

import pytest

from bot.channels.port import Limits
from bot.post_rhythm import LIMITED, Rhythm
from bot.store.book import Book
from bot.store.engine import Store
from bot.store.pace import Turn
from tests.store import opening
from tests.store.opening import LAN, MACHINE

store = pytest.fixture(params=["sqlite"])(opening.fresh_store)

#: A write that takes its time; seconds.
SLOW = 0.05

LIMITS = Limits(text=4096, buttons=True, files=True, per_second=30.0, per_chat_second=1.0, group_mark="-")


@pytest.mark.parametrize(("there", "back"), [(0.005, 0.005), (0.03, 0.03), (0.1, 0.0), (0.0, 0.2)])
def test_however_unsteady_the_network_no_second_sees_too_many(store: Store, there: float, back: float) -> None:
    """Each letter delayed anew on its way and back, by amounts nobody told us: the limit is kept, and well used."""
    arrived = store.write_now(lambda book: _drained(book, Rhythm(LIMITS), 150, (there, back), random.Random(57)))

    assert all(later - first > 1.0 for first, later in zip(arrived, arrived[30:], strict=False))
    assert (len(arrived) - 31) / (arrived[-1] - arrived[30]) > 0.95 * 30 / (1 + max(there, back))


@pytest.mark.parametrize("slow", [0.1, 0.3])
def test_writes_that_take_their_time_hold_no_account_back(store: Store, slow: float) -> None:
    """Each tenth, or third, transaction takes 50 ms: the account takes the turns it is late for together, and keeps
    at least 0.97 of its rate; no second sees too many."""
    arrived = store.write_now(
        lambda book: _drained(book, Rhythm(LIMITS), 300, (0.005, 0.005), random.Random(57), slow=slow)
    )

    assert all(later - first > 1.0 for first, later in zip(arrived, arrived[30:], strict=False))
    assert (len(arrived) - 31) / (arrived[-1] - arrived[30]) > 0.97 * 30


def _drained(
    book: Book, rhythm: Rhythm, letters: int, jitter: tuple[float, float], dice: random.Random, slow: float = 0.0
) -> list[float]:
    """When so many letters arrive at the platform: 110 ms each way, and a delay. `slow`: the share of slow writes."""
    pace, at = book.letters.pace, 0.0
    arrived: list[float] = []
    answers: list[tuple[float, float, Turn]] = []
    while len(arrived) < letters:
        while answers and answers[0][0] <= at:
            answered, left, taken = heappop(answers)
            rhythm.took(answered - left)
            pace.leave(taken, rhythm.gait, MACHINE.timestamp() + answered)
        turns = pace.take_turns([(LAN, 1.0)] * 4, rhythm.gait, MACHINE + timedelta(seconds=at))
        # What is begun leaves once that is written down.
        written = at + (SLOW if dice.random() < slow else 0.0)
        rhythm.wrote(written - at)
        for turn in turns.taken:
            left = max(written, turn.moment - MACHINE.timestamp())
            there = left + 0.11 + dice.uniform(0, jitter[0])
            arrived.append(there)
            heappush(answers, (there + 0.11 + dice.uniform(0, jitter[1]), left, turn))
        again = at + turns.wait
        at = max(written, again if turns.taken or not answers else min(again, answers[0][0])) + 1e-6
    return sorted(arrived)


def test_nothing_is_concluded_from_a_few_answers() -> None:
    """Before there are enough the way is taken for none at all, slow and safe; then for a little too short."""
    rhythm = Rhythm(LIMITS)
    for _ in range(7):
        rhythm.took(0.22)
    assert rhythm.reach == 0
    for extra in (0.02, 0.01, 0.0, 0.03, 0.04):
        rhythm.took(0.22 + extra)
    assert 0.15 < rhythm.reach < 0.22


def test_a_shorter_way_is_believed_at_once_a_longer_one_in_time() -> None:
    """The network finds a better route: no letter is sent as if it were still far; a worse one only costs patience."""
    rhythm = Rhythm(LIMITS)
    for _ in range(200):
        rhythm.took(0.3)
    rhythm.took(0.1)
    assert rhythm.reach < 0.1
    for _ in range(1100):
        rhythm.took(0.5)
    assert 0.45 < rhythm.reach < 0.5


def test_a_storm_that_passes_leaves_the_pace_alone() -> None:
    """Letters on their way when a pause is asked for are refused too: one storm, and afterwards the full pace."""
    rhythm = Rhythm(LIMITS)
    full = rhythm.gait
    for at in (100.0, 100.1, 104.9):
        rhythm.failed(LIMITED, at, 5.0)
    rhythm.failed(LIMITED, 200.0, 5.0)
    assert rhythm.gait == full


def test_a_platform_that_takes_less_is_written_to_more_slowly() -> None:
    """Refused again right after each pause: slower each time, never beyond a third; faster by and by."""
    rhythm = Rhythm(LIMITS)
    full = rhythm.gait.every
    at, found = 100.0, []
    for _ in range(20):
        rhythm.failed(LIMITED, at, 5.0)
        found.append(rhythm.gait.every)
        at += 6.0
    assert found == sorted(found)
    assert found[1] > full
    assert found[-1] == pytest.approx(3 * full)
    for _ in range(7000):
        rhythm.took(0.2)
    assert rhythm.gait.every == pytest.approx(full)


def test_a_group_rests_longer_than_a_person() -> None:
    """Twenty a minute and no more to a group, one a second to a person, delays on the way included."""
    rhythm = Rhythm(LIMITS)
    assert rhythm.chat_rest("-100123") > 60 / 20
    assert 1 < rhythm.chat_rest("551203377") < 2


def test_a_channel_without_groups_takes_nobody_for_one() -> None:
    """Where addresses tell nothing of groups every chat is a person's."""
    plain = Limits(text=1, buttons=False, files=False, per_second=1, per_chat_second=1)
    assert Rhythm(plain).chat_rest("-1") == Rhythm(plain).chat_rest("1")

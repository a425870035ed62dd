"""The ledger of letters: who may take which, what happens between claim and answer, and that nothing is forgotten."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from bot.contacts import Role
from bot.messages import Address, LetterKind
from bot.store.dispatch import LEASE
from bot.store.engine import Store
from bot.store.pace import Gait
from tests.store.opening import LAN, MACHINE, NOW, SECOND, SERVED, begin, claim, join, outcomes, plan, row


def test_answers_go_before_what_is_broadcast(store: Store) -> None:
    """What answers somebody is taken first, then what has been due longest, then what was planned first."""
    ids = [join(store, name, f"telegram:1:{number}") for number, name in enumerate(["Lan", "Minh", "Hoa", "An"])]
    plan(store, "nhắc", ids[0])
    plan(store, "tổng hợp", ids[1], LetterKind.SUMMARY)
    plan(store, "trả lời", ids[2], LetterKind.ANSWER)
    early = {"person_id": ids[3], "text": "sớm", "not_before": NOW - timedelta(hours=1)}
    store.write_now(lambda book: book.letters.plan("sớm", LetterKind.REMINDER, NOW, **early))

    assert [one.once for one in claim(store)] == ["trả lời", "sớm", "nhắc", "tổng hợp"]


def test_a_letter_is_planned_once_and_not_taken_before_its_time(store: Store) -> None:
    """The key says it twice only once; civil time alone decides when it falls due."""
    lan = join(store, "Lan", str(LAN))
    later = NOW + timedelta(hours=6)
    for _ in range(2):
        store.write_now(
            lambda book: book.letters.plan("slot", LetterKind.REMINDER, NOW, person_id=lan, text="a", not_before=later)
        )

    assert claim(store, at=MACHINE + timedelta(days=300)) == []
    assert store.read_now(lambda book: book.letters.next_due()) == later
    assert store.read_now(lambda book: book.letters.next_due(later)) is None
    assert [one.once for one in claim(store, now=later)] == ["slot"]


def test_one_look_tells_by_which_accounts_something_is_due(store: Store) -> None:
    """Lan's letter is due by the first bot, until it is taken; one tried in vain is again once its rest is over; what
    is for tomorrow is not; what has no address yet may go by any."""

    def due(at: datetime = MACHINE) -> frozenset[tuple[str | None, str | None]]:
        return store.read_now(lambda book: book.letters.accounts_due(NOW, at))

    def plan_to(to: Address, later: timedelta) -> None:
        how = {"to": to, "text": "nhắc", "not_before": NOW + later}
        store.write_now(lambda book: book.letters.plan(str(to), LetterKind.REMINDER, NOW, **how))

    assert due() == set()
    plan_to(LAN, timedelta())
    plan_to(Address("telegram", "2", "12"), timedelta(days=1))
    assert due() == {("telegram", "1")}
    (one,) = claim(store)
    assert due() == set()
    store.write_now(lambda book: book.letters.back_to_planned(one, "mất mạng", NOW, MACHINE + 5 * SECOND))
    assert (due(), due(MACHINE + 5 * SECOND)) == (set(), {("telegram", "1")})
    plan(store, "của Minh", join(store, "Minh", "telegram:1:12"))
    assert due() == {(None, None)}


def test_letters_of_one_chat_are_taken_one_after_the_other(store: Store) -> None:
    """Lan's second letter waits until the first is settled, even when that has to be tried again later."""
    lan = join(store, "Lan", str(LAN))
    for number in (1, 2):
        plan(store, f"tin {number}", lan)
    (first,) = claim(store)
    assert claim(store) == []
    assert begin(store, first)
    assert claim(store) == []
    store.write_now(lambda book: book.letters.back_to_planned(first, "mất mạng", NOW, MACHINE + 5 * SECOND))
    assert claim(store) == []

    (again,) = claim(store, at=MACHINE + 5 * SECOND)
    assert again.once == "tin 1"
    assert begin(store, again)
    store.write_now(lambda book: book.letters.accepted(again, "77", NOW))
    assert [one.once for one in claim(store)] == ["tin 2"]
    assert outcomes(store, first.id) == [(1, "not_sent"), (2, "accepted")]


def test_a_chat_that_fails_does_not_keep_others_waiting(store: Store) -> None:
    """Fifty letters to Lan that can't go now stand in front; Minh's behind them is taken all the same."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    for number in range(50):
        plan(store, f"tin {number}", lan)
    plan(store, "của Minh", minh)
    (first, second) = claim(store, limit=5)
    store.write_now(lambda book: book.letters.back_to_planned(first, "bận", NOW, MACHINE + 60 * SECOND))

    assert (first.once, second.once) == ("tin 0", "của Minh")
    assert claim(store) == []


def test_a_claim_that_was_lost_sends_nothing(store: Store) -> None:
    """Whoever overslept the lease may not begin: the letter is in other hands."""
    lan = join(store, "Lan", str(LAN))
    plan(store, "tin", lan)
    (asleep,) = claim(store)
    late = MACHINE + LEASE
    store.write_now(lambda book: book.letters.recover(NOW, late))
    (awake,) = claim(store, at=late)

    assert (asleep.fence, awake.fence) == (1, 2)
    assert not begin(store, asleep, late)
    assert begin(store, awake, late)


def test_leases_run_on_machine_time(store: Store) -> None:
    """A jump of the civil clock by weeks takes nothing out of a sender's hands."""
    lan = join(store, "Lan", str(LAN))
    letter_id = plan(store, "tin", lan)
    (one,) = claim(store)
    begin(store, one)
    weeks_on = NOW + timedelta(weeks=3)
    taken = store.write_now(lambda book: book.letters.recover(weeks_on, MACHINE + LEASE - SECOND))

    assert (taken, row(store, letter_id)["state"]) == (0, "sending")
    assert store.write_now(lambda book: book.letters.recover(weeks_on, MACHINE + LEASE)) == 1


def test_a_doubtful_reminder_goes_once_more_and_then_waits(store: Store) -> None:
    """The first doubt repeats it silently; after the second nobody repeats it by himself."""
    lan = join(store, "Lan", str(LAN))
    letter_id = plan(store, "nhắc", lan)
    (one,) = claim(store)
    begin(store, one)
    store.write_now(lambda book: book.letters.recover(NOW, MACHINE, gone=["Minh"]))
    (again,) = claim(store)
    assert (again.repeats, again.silent) == (1, True)
    begin(store, again)
    store.write_now(lambda book: book.letters.doubtful(again, "hết giờ", NOW))

    assert row(store, letter_id)["state"] == "held"
    assert outcomes(store, letter_id) == [(1, "doubtful"), (2, "doubtful")]
    assert claim(store) == []


def test_a_doubtful_assignment_waits_for_the_person(store: Store) -> None:
    """What must not come twice is held; Lan's next message lets it go, marked as sent again; Minh's does not."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    plan(store, "giao việc", lan, LetterKind.ASSIGNMENT)
    (one,) = claim(store)
    begin(store, one)
    store.write_now(lambda book: book.letters.recover(NOW, MACHINE + LEASE))
    assert [held.once for held in store.read_now(lambda book: book.letters.held())] == ["giao việc"]
    assert store.write_now(lambda book: book.letters.release_held(minh)) == 0

    assert store.write_now(lambda book: book.letters.release_held(lan)) == 1
    (again,) = claim(store)
    assert (again.once, again.repeats) == ("giao việc", 1)


def test_a_late_answer_ends_the_doubt(store: Store) -> None:
    """The sender was only slow: its word counts, and the letter does not go again."""
    lan = join(store, "Lan", str(LAN))
    letter_id = plan(store, "nhắc", lan)
    (slow,) = claim(store)
    begin(store, slow)
    store.write_now(lambda book: book.letters.recover(NOW, MACHINE + LEASE))
    store.write_now(lambda book: book.letters.accepted(slow, "5", NOW))

    assert (row(store, letter_id)["state"], row(store, letter_id)["platform_id"]) == ("accepted", "5")
    assert outcomes(store, letter_id) == [(1, "accepted")]
    assert claim(store, at=MACHINE + LEASE) == []


def test_a_late_answer_beside_a_newer_attempt_is_kept_as_a_copy(store: Store) -> None:
    """Both copies stand in the ledger; the letter follows the newer attempt."""
    lan = join(store, "Lan", str(LAN))
    letter_id = plan(store, "nhắc", lan)
    (slow,) = claim(store)
    begin(store, slow)
    late = MACHINE + LEASE
    store.write_now(lambda book: book.letters.recover(NOW, late))
    (newer,) = claim(store, at=late)
    begin(store, newer, late)
    store.write_now(lambda book: book.letters.accepted(slow, "5", NOW))
    assert row(store, letter_id)["state"] == "sending"
    store.write_now(lambda book: book.letters.accepted(newer, "6", NOW))

    assert row(store, letter_id)["platform_id"] == "6"
    assert outcomes(store, letter_id) == [(1, "accepted"), (2, "accepted")]


def test_nobody_reachable_is_held_until_they_write(store: Store) -> None:
    """With every address refused the letter waits; once Lan writes from hers again it goes."""
    lan = join(store, "Lan", str(LAN))
    store.write_now(lambda book: book.people.refuse_address(LAN, "blocked", NOW))
    letter_id = plan(store, "nhắc", lan)
    assert claim(store) == []
    assert (row(store, letter_id)["state"], row(store, letter_id)["why"]) == ("held", "unreachable")

    store.write_now(lambda book: book.people.readmit_address(LAN))
    store.write_now(lambda book: book.letters.release_held(lan))
    (one,) = claim(store)
    assert (one.to, one.repeats) == (LAN, 0)


def test_a_letter_for_no_account_of_ours_is_held(store: Store) -> None:
    """Lan sits on an account that is no longer served: her letters, planned before or after, are held, and say why."""
    lan = join(store, "Lan", "viber:7:11")
    planned = plan(store, "nhắc", lan)
    to = Address("viber", "7", "11")
    pinned = store.write_now(lambda book: book.letters.plan("trả lời", LetterKind.ANSWER, NOW, person_id=lan, to=to))
    assert pinned is not None
    assert claim(store) == []
    store.write_now(lambda book: book.letters.readdress_unserved(NOW, SERVED))

    for letter_id in (planned, pinned):
        assert (row(store, letter_id)["state"], row(store, letter_id)["why"]) == (
            "held",
            "no account of ours reaches them",
        )


def test_a_house_that_serves_nobody_yet_holds_nothing(store: Store) -> None:
    """No bot is configured: Lan's letter stays planned, and looking for what was left behind is no error."""
    planned = plan(store, "nhắc", join(store, "Lan", str(LAN)))
    store.write_now(lambda book: book.letters.readdress_unserved(NOW, ()))

    assert row(store, planned)["state"] == "planned"


def test_a_served_channel_is_preferred(store: Store) -> None:
    """Lan's first address belongs to a bot that is not configured here: the letter takes her second."""
    lan = join(store, "Lan", "telegram:5:11", str(LAN))
    plan(store, "nhắc", lan)

    assert [one.to for one in claim(store)] == [LAN]


def test_whoever_left_is_written_to_no_more(store: Store) -> None:
    """A reminder planned before Lan withdrew is cancelled at the claim."""
    lan = join(store, "Lan", str(LAN))
    letter_id = plan(store, "nhắc", lan)
    store.write_now(lambda book: book.people.erase(lan, NOW))

    assert claim(store) == []
    assert (row(store, letter_id)["state"], row(store, letter_id)["why"]) == ("cancelled", "left")


def test_a_chat_that_moved_is_followed(store: Store) -> None:
    """The new id serves this letter, the next ones and what comes in."""
    lan = join(store, "Lan", str(LAN))
    plan(store, "nhắc", lan)
    (one,) = claim(store)
    begin(store, one)
    store.write_now(lambda book: book.letters.moved(one, "-10011", NOW))

    (again,) = claim(store)
    assert again.to == Address("telegram", "1", "-10011")
    assert store.read_now(lambda book: book.people.by_address(again.to)) is not None


def test_the_next_address_takes_over(store: Store) -> None:
    """Telegram says Lan blocked the bot: the same letter is planned for her Zalo, Telegram is used no more."""
    lan = join(store, "Lan", str(LAN), "zalo:9:3f")
    letter_id = plan(store, "nhắc", lan)
    (one,) = claim(store)
    begin(store, one)
    other = store.write_now(lambda book: book.letters.refused(one, "blocked", NOW, SERVED))

    assert other == Address("zalo", "9", "3f")
    assert (row(store, letter_id)["state"], row(store, letter_id)["channel"]) == ("planned", "zalo")
    person = store.read_now(lambda book: book.people.person(lan))
    assert person is not None
    assert person.addresses == (other,)


def test_an_account_that_rests_for_quota_still_answers(store: Store) -> None:
    """With answers only, the reminder stays planned."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    plan(store, "nhắc", lan)
    plan(store, "trả lời", minh, LetterKind.ANSWER)

    assert [one.once for one in claim(store, answers_only=True)] == ["trả lời"]


def test_a_chat_rests_between_two_letters(store: Store) -> None:
    """After one letter the next one to Lan waits for her chat's turn; Minh's does not."""
    lan, minh = join(store, "Lan", str(LAN)), join(store, "Minh", "telegram:1:12")
    plan(store, "nhắc", lan)
    plan(store, "của Minh", minh)
    store.write_now(lambda book: book.letters.pace.take_turns([(LAN, 1.0)], Gait(every=0.1), MACHINE))

    assert [one.once for one in claim(store)] == ["của Minh"]
    assert [one.once for one in claim(store, at=MACHINE + SECOND)] == ["nhắc"]


def test_two_senders_never_hold_the_same_letter_or_chat(store: Store) -> None:
    """Four threads on two stores take 60 letters of 20 chats: each once, never two of one chat at a time."""
    people = [join(store, f"Lan {n}", f"telegram:1:{n}", role=Role.DEPUTY) for n in range(20)]
    for number in range(60):
        plan(store, f"tin {number}", people[number * 7 % 20])
    other = Store(store.url, store.province_id, threads=4)
    held: list[tuple[str, int]] = []

    def take(where: Store) -> list[int]:
        mine = []
        while batch := claim(where, limit=7):
            for one in batch:
                held.append(("takes", one.person_id or 0))
                assert begin(where, one)
                mine.append(one.id)
                held.append(("lets go", one.person_id or 0))
                where.write_now(lambda book, one=one: book.letters.accepted(one, f"p{one.id}", NOW))  # type: ignore[misc]
        return mine

    with ThreadPoolExecutor(4) as senders:
        taken = [letter_id for ids in senders.map(take, [store, other, store, other]) for letter_id in ids]
    taken += take(store)
    other.close()

    assert len(taken) == len(set(taken)) == 60
    in_hand: set[int] = set()
    for what, person in held:
        assert (person in in_hand) == (what == "lets go")
        in_hand ^= {person}

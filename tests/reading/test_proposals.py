"""What people chose becomes lines for the examples: which are proposed, which wait for a judgement, which are not."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from bot.reading.examples import Context, Example, examples, same
from bot.reading.meaning import Given, Item, Kind, OpenTask
from bot.reading.proposals import Proposals, Refusal, proposals, written
from bot.reading.settled import Outcome, Settled

PLAN = OpenTask(1, "Kế hoạch thực hiện Nghị quyết 57", "57-NQ/TW", date(2025, 9, 20))
BOARD = OpenTask(2, "Thành lập Ban Chỉ đạo | Tổ giúp việc", None, date(2025, 9, 25))
DAY = date(2025, 9, 15)


def settled(
    text: str,
    *chosen: Item,
    understood: Sequence[Item] = (Item(None, Kind.UNCLEAR),),
    tasks: tuple[OpenTask, ...] = (PLAN, BOARD),
    outcome: Outcome = Outcome.CHOSEN,
) -> Settled:
    """Lan wrote this and chose that."""
    return Settled(Given(text, DAY, tasks), "vi", tuple(understood), outcome, chosen)


def proposed(*all_settled: Settled, standing: Sequence[Example] = ()) -> Proposals:
    return proposals(all_settled, {"vi": standing}, "Lan chọn")


@pytest.mark.parametrize(
    ("text", "chosen", "tasks"),
    [
        ("1 tàm tạm xin lùi tới 12/9", Item(1, Kind.EXTENSION, due=date(2025, 9, 12)), (PLAN, BOARD)),
        ("1 tàm tạm xin lùi tới 20/9", Item(1, Kind.EXTENSION, due=date(2025, 9, 20)), (PLAN, BOARD)),
        (
            "1 tàm tạm xin lùi thêm 3 ngày",
            Item(1, Kind.EXTENSION, due=date(2025, 9, 18)),
            (replace(PLAN, due=None), BOARD),
        ),
        ("1 tàm tạm 45/KH-UBND và 46/QĐ-UBND", Item(1, Kind.DONE, document="45/KH-UBND"), (PLAN, BOARD)),
    ],
    ids=["past", "not later", "counted from no deadline", "two papers"],
)
def test_what_has_to_be_asked_about_is_proposed_behind_the_mark(
    text: str, chosen: Item, tasks: tuple[OpenTask, ...]
) -> None:
    """However well it was understood: as a sure example it would teach the reader not to ask."""
    [line] = list(written(proposed(settled(text, chosen, understood=[chosen], tasks=tasks)).found, "vi"))[-1:]
    assert line.startswith(f"# {text} -> ")
    assert line.endswith(" ?")


@pytest.mark.parametrize(
    ("text", "chosen", "tasks"),
    [
        ("1 tàm tạm tới 22/9", Item(1, Kind.EXTENSION, due=date(2025, 9, 22)), (PLAN, BOARD)),
        ("1 tàm tạm 3 ngày", Item(1, Kind.EXTENSION, due=date(2025, 9, 23)), (PLAN, BOARD)),
        (
            "1 tàm tạm tới 22/9",
            Item(1, Kind.EXTENSION, due=date(2025, 9, 22)),
            (replace(PLAN, due=None), BOARD),
        ),
        ("1 tàm tạm 45/KH-UBND theo 46/QĐ-UBND của tỉnh", Item(1, Kind.DONE, document="45/KH-UBND"), (PLAN, BOARD)),
    ],
    ids=["later", "counted from the deadline", "a day without a deadline", "one paper, one cited"],
)
def test_what_follows_from_the_words_is_proposed_as_it_stands(
    text: str, chosen: Item, tasks: tuple[OpenTask, ...]
) -> None:
    """A later day, and one paper, need no question."""
    [line] = list(written(proposed(settled(text, chosen, understood=[chosen], tasks=tasks)).found, "vi"))[-1:]
    assert line.startswith(f"{text} -> ")


def test_what_is_proposed_stands_in_the_file_as_chosen() -> None:
    """Put under what is there, the lines are examples of the same words, list and meaning; those behind # are none."""
    sure = settled("2 cũng gọi là 60", Item(2, Kind.PROGRESS, 60), understood=[Item(2, Kind.PROGRESS, 60)])
    later = replace(sure, given=replace(sure.given, text="1 tàm tạm\nhết tuần", today=date(2025, 9, 16)))
    guessed = settled("2 cũng tạm", Item(2, Kind.DONE))
    lines = list(written(proposed(sure, guessed, later).found, "vi"))
    before = ["today 2025-09-01", "[một việc]", "reply to 7", "task 7 | Báo cáo | - | -", "xong -> done"]
    _, *found = examples([*before, *lines])
    assert [(one.text, one.certain, one.context.tasks, one.context.reply_to) for one in found] == [
        (one.given.text, True, (PLAN, BOARD), None) for one in (sure, later)
    ]
    assert [one.context.today for one in found] == [DAY, date(2025, 9, 16)]
    assert all(same(one.items, sure.chosen) for one in found)
    assert [line for line in lines if line.startswith("#")] == ["# 2 cũng tạm -> done task=2"]


def test_a_line_behind_the_mark_is_an_example_without_it() -> None:
    """The office takes the # away where the words themselves say it: the line then means what was chosen."""
    made = proposed(settled("2 cũng tạm # nhé", Item(2, Kind.DONE)))
    lines = [line.removeprefix("# ") for line in written(made.found, "vi")]
    [one] = examples(lines)
    assert (one.text, one.items, one.certain) == ("2 cũng tạm # nhé", (Item(2, Kind.DONE),), True)


def test_what_the_reader_says_by_now_is_passed_over() -> None:
    """Read exactly and surely as chosen it needs no example; read surely as something else it is the worst miss."""
    right = settled("2 được 60%", Item(2, Kind.PROGRESS, 60))
    wrong = settled("2 được 60%", Item(2, Kind.DONE))
    assert (proposed(right).read, proposed(right).found) == (1, [])
    [one] = proposed(wrong).found
    assert one.line == "2 được 60% -> done task=2"


def test_what_the_office_has_judged_is_not_proposed_again() -> None:
    """A text among the examples, in whatever case and spacing and whatever they say of it, is left alone."""
    standing = Example("Việc 2  CŨNG TẠM", (Item(2, Kind.UNCLEAR),), False, Context(DAY), 1)
    made = proposed(settled("việc 2 cũng tạm", Item(2, Kind.DONE)), standing=[standing])
    assert (made.known, made.found, made.refused) == (1, [], [])


def test_the_same_words_are_proposed_once() -> None:
    """Ten people write "tàm tạm" and mean the same: one line, in the list of the first."""
    texts = ("1 tàm tạm", "1 Tàm  tạm", "1 tàm tạm")
    made = proposed(*(settled(text, Item(1, Kind.PROGRESS)) for text in texts))
    assert [one.line for one in made.found] == ["1 tàm tạm -> progress task=1"]


def test_words_that_people_mean_differently_stay_a_question() -> None:
    """Lan meant done, Minh half: no example can say both, and a wrong one would record without asking."""
    made = proposed(settled("1 tàm tạm", Item(1, Kind.DONE)), settled("1 tàm tạm", Item(1, Kind.PROGRESS)))
    assert (made.found, made.refused) == ([], [("1 tàm tạm", Refusal.CONTRADICTED)])


@pytest.mark.parametrize("outcome", [one for one in Outcome if one is not Outcome.CHOSEN])
def test_what_was_not_wholly_chosen_teaches_nothing(outcome: Outcome) -> None:
    """Half an answer, one taken back, none at all."""
    made = proposed(settled("1 tàm tạm", Item(1, Kind.DONE), outcome=outcome))
    assert (made.unsettled, made.found, made.refused) == (1, [], [])


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (settled("1 tàm tạm", Item(1, Kind.DONE), tasks=(PLAN, replace(PLAN, id=2))), Refusal.LIKE_TITLES),
        (settled("# 1 tàm tạm", Item(1, Kind.DONE)), Refusal.UNWRITABLE),
        (settled("1 tàm tạm", Item(1, Kind.DONE), tasks=(replace(PLAN, title="Kế hoạch\n57"),)), Refusal.UNWRITABLE),
        (replace(settled("tant bien que mal", Item(1, Kind.DONE)), lang="fr"), Refusal.NO_LANGUAGE),
    ],
)
def test_what_cannot_be_written_is_refused_with_the_reason(one: Settled, why: Refusal) -> None:
    """Nothing is bent to fit the file: the office hears which words, and why."""
    made = proposed(one)
    assert (made.found, made.refused) == ([], [(one.given.text, why)])

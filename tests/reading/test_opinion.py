"""The second opinion: what it is learnt from, what it may change of a verdict, and what it never does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading import OpenTask, read
from bot.reading.accuracy import own_examples
from bot.reading.blocks import block
from bot.reading.examples import examples
from bot.reading.language import told_apart
from bot.reading.learning import KINDS, digest, learnt, rows
from bot.reading.meaning import Kind
from bot.reading.opinion import Opinion, clues, learnt_from, opinion, weighed
from bot.reading.reader import prepared
from bot.reading.tokens import tokens
from bot.reading.verdict import Verdict, verdict

TODAY = date(2025, 9, 15)
TASK = OpenTask(41, "Kế hoạch thực hiện Nghị quyết 57", "57-NQ/TW", date(2025, 9, 20))
LESSONS = ["[Lan]", "task 1 | Kế hoạch | - | -", "xong roi -> done", "dang lam -> progress", "chua xong -> progress"]
chances = st.lists(st.floats(0.01, 1), min_size=len(KINDS), max_size=len(KINDS)).map(
    lambda parts: {kind: part / sum(parts) for kind, part in zip(KINDS, parts, strict=True)}
)


def part_of(text: str):  # type: ignore[no-untyped-def]  # a Block; its fields are the reader's own
    """The one block that a plain sentence makes."""
    raw = tokens(text)
    return block(prepared(raw, told_apart(text, raw), TODAY, [TASK]))


def likely(text: str) -> dict[Kind, float]:
    """What the opinion makes of a sentence."""
    return opinion().of(clues(part_of(text), replied=False, drafting=False))


def test_it_is_learnt_from_the_examples_as_they_are() -> None:
    """Whoever adds an example learns the weights anew: `make learn`."""
    found = [example for of_language in own_examples().values() for example in of_language]
    assert learnt_from() == digest(found), "run `make learn` and keep bot/reading/weights.json with the examples"


def test_the_same_examples_teach_the_same() -> None:
    """Learning twice gives the same weights to the last digit, and they tell the examples apart."""
    given_rows = list(rows(examples(LESSONS * 3)))
    once, again = learnt(list(given_rows)), learnt(list(given_rows))
    assert once == again
    own = Opinion({clue: tuple(parts) for clue, parts in once.items()}, KINDS)
    for found, kind in given_rows:
        told = own.of(found)
        assert max(told, key=lambda one: told[one]) is kind


def test_an_uncertain_example_teaches_its_kind_too() -> None:
    """What is asked for its task or its day is still a report of its kind."""
    ((_, kind),) = rows(examples(["[hai việc]", "task 1 | A | - | -", "task 2 | B | - | -", "xong -> done task=- ?"]))
    assert kind is Kind.DONE


def test_the_kinds_of_several_tasks_are_learnt_each_with_its_words() -> None:
    """'1 xong, 2 chưa làm' teaches done by one part and not started by the other."""
    lines = ["[hai việc]", "task 7 | A | - | -", "task 9 | B | - | -"]
    found = rows(examples([*lines, "1 xong, 2 chưa làm -> done task=7 & not_started task=9"]))
    assert sorted(kind for _, kind in found) == [Kind.DONE, Kind.NOT_STARTED]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("xong rồi anh", Kind.DONE),
        ("đang làm khoảng 60%", Kind.PROGRESS),
        ("chưa làm gì hết", Kind.NOT_STARTED),
        ("vướng kinh phí", Kind.BLOCKED),
        ("xin lùi đến 25/9", Kind.EXTENSION),
        ("dạ rõ anh", Kind.ACK),
        ("nộp ở đâu ạ", Kind.QUESTION),
        ("cảm ơn anh nhiều", Kind.OTHER),
        ("chắc xong rồi", Kind.UNCLEAR),
    ],
)
def test_plain_sentences_are_told(text: str, kind: Kind) -> None:
    """Each kind's plainest words leave it in no doubt; the chances add up to one."""
    told = likely(text)
    assert max(told, key=lambda one: told[one]) is kind
    assert sum(told.values()) == pytest.approx(1)


def test_it_says_why() -> None:
    """The clues that spoke most for a kind can be shown, the strongest first."""
    told = opinion().because(clues(part_of("vướng kinh phí"), replied=False, drafting=False), Kind.BLOCKED)
    assert any("vuong" in clue or "obstacle" in clue for clue, _ in told)
    assert [weight for _, weight in told] == sorted((weight for _, weight in told), reverse=True)


def test_a_question_about_extensions_is_no_request() -> None:
    """'Gia hạn thì làm đơn hay nhắn đây?' holds the words of a request; it is not recorded as one."""
    reading = read("Gia hạn thì làm đơn hay nhắn đây luôn vậy anh?", TODAY, [TASK])
    assert not (reading.certain and reading.items[0].kind is Kind.EXTENSION)


def test_an_unlikely_kind_is_asked_about() -> None:
    """What the constructions are sure of is asked where the words speak against it, and for nothing else as surely."""
    told = Verdict(Kind.DONE, certain=True)
    against = dict.fromkeys(KINDS, 0.02) | {Kind.PROGRESS: 0.8}
    assert not weighed(told, part_of("thông qua xong là ban hành liền"), against).certain


def test_a_likely_kind_is_not_asked_about() -> None:
    """Where words of weight were left unexplained, a kind that all clues agree on needs no question."""
    told = Verdict(Kind.BLOCKED, certain=False)
    agreeing = dict.fromkeys(KINDS, 0.001) | {Kind.BLOCKED: 0.99}
    assert weighed(told, part_of("vướng khoản in ấn chưa ai chi"), agreeing).certain


def test_a_question_never_passes_for_a_receipt() -> None:
    """A question goes to the office: where the words look more like a receipt, it is asked about, not dropped."""
    like_a_receipt = dict.fromkeys(KINDS, 0.01) | {Kind.ACK: 0.9}
    found = weighed(Verdict(Kind.QUESTION), part_of("gửi ở đâu"), like_a_receipt)
    assert (found.kind, found.certain) != (Kind.ACK, True)


def test_a_figure_alone_needs_no_opinion() -> None:
    """'100%' is done by the contract, however seldom people write so."""
    against = dict.fromkeys(KINDS, 0.01) | {Kind.PROGRESS: 0.9}
    assert weighed(Verdict(Kind.DONE, 100), part_of("100%"), against).certain


@given(chances, st.sampled_from([kind for kind in KINDS if kind is not Kind.DONE]), st.booleans())
def test_no_opinion_finishes_a_task(chance: dict[Kind, float], kind: Kind, certain: bool) -> None:
    """However the chances stand, nothing becomes done that no construction calls done."""
    told = Verdict(kind, certain=certain, spoken_for=frozenset({kind}))
    assert weighed(told, part_of("chờ chủ tịch ký"), chance).kind is not Kind.DONE


@given(chances, st.sampled_from(KINDS), st.booleans(), st.booleans())
def test_it_touches_nothing_but_kind_and_certainty(
    chance: dict[Kind, float], kind: Kind, certain: bool, clear: bool
) -> None:
    """Percent, document and whether they are clear stay as they were read; what is unclear is never certain."""
    told = Verdict(kind, 60, "45/KH-UBND", certain, clear)
    found = weighed(told, part_of("đang làm 60%, 45/KH-UBND"), chance)
    assert replace(found, kind=kind, certain=certain) == told
    if found.kind is Kind.UNCLEAR and kind is not Kind.UNCLEAR:
        assert not found.certain


def test_the_title_tells_whether_drafting_was_the_duty() -> None:
    """'Đã trình UBND tỉnh' is done where the task was to draft, and only under way where it was to issue."""
    text = "đã trình UBND tỉnh"
    drafting = verdict(part_of(text), replied=False, duty_is_drafting=True)
    issuing = verdict(part_of(text), replied=False, duty_is_drafting=False)
    assert (drafting.kind, issuing.kind is Kind.DONE) == (Kind.DONE, False)


@given(chances)
def test_an_obstacle_is_never_quietly_finished(chance: dict[Kind, float]) -> None:
    """What the words call blocked, or a request, no likelihood turns into a completion without a question."""
    for kind in (Kind.BLOCKED, Kind.EXTENSION):
        told = Verdict(kind, spoken_for=frozenset({kind, Kind.DONE}))
        found = weighed(told, part_of("đã gửi tỉnh rồi, giờ chờ Sở thẩm định"), chance)
        assert found.kind is not Kind.DONE or not found.certain


def test_a_condition_is_never_settled_by_likelihood() -> None:
    """'Nếu kịp thì mai xong' promises nothing, however many promises were written alike."""
    for_sure = dict.fromkeys(KINDS, 0.0) | {Kind.PROGRESS: 1.0}
    told = Verdict(Kind.PROGRESS, certain=False, spoken_for=frozenset({Kind.PROGRESS}))
    assert not weighed(told, part_of("nếu kịp thì mai xong"), for_sure).certain


def test_handing_in_the_draft_stays_done() -> None:
    """Where drafting was the duty, that body's waiting for a signature adds nothing, whatever is likely."""
    block = part_of("đã trình UBND tỉnh, giờ chờ phó chủ tịch ký")
    told = verdict(block, replied=False, duty_is_drafting=True)
    likely = dict.fromkeys(KINDS, 0.0) | {Kind.PROGRESS: 1.0}
    assert weighed(told, block, likely).kind is Kind.DONE

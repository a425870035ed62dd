"""Examples written for `locales/<lang>/examples.txt`."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reading.example_lines import UnwritableError, context_lines, example_line
from bot.reading.examples import Context, examples, same
from bot.reading.meaning import Item, Kind, OpenTask

_DAYS = st.dates(date(2025, 1, 1), date(2026, 12, 31))
_NUMBERS = st.integers(1, 99)
_WORDS = st.text(st.sampled_from("xong việc chưa 12%|->?#[]\\n\n&="), min_size=1, max_size=24)
_TASKS = st.builds(OpenTask, _NUMBERS, _WORDS, st.none() | st.just("NQ57"), st.none() | _DAYS)
_ITEMS = st.builds(
    Item,
    st.none() | _NUMBERS,
    st.sampled_from(Kind),
    st.none() | st.integers(0, 100),
    st.none() | _DAYS,
    st.none() | st.sampled_from(["45/KH-UBND", "KH 45", "12?"]),
)
_CONTEXTS = st.builds(Context, _DAYS, st.just("Lan hỏi"), st.none() | _NUMBERS, st.lists(_TASKS, max_size=2).map(tuple))


@given(_WORDS, st.lists(_ITEMS, min_size=1, max_size=3), _CONTEXTS, st.booleans())
def test_what_is_written_is_read_back(text: str, items: list[Item], context: Context, certain: bool) -> None:
    """An example put into the file means there what it meant before, or is refused."""
    try:
        line = example_line(text, items, context, certain=certain)
    except UnwritableError:
        return
    (back,) = examples("\n".join([*context_lines(context), line]).split("\n"))
    assert (back.text, back.certain, back.context) == (text, certain, context)
    assert same(back.items, items)


def test_a_plain_choice_is_written_short() -> None:
    """What the office reads over names a task only where the context leaves it open."""
    one = Context(date(2025, 9, 15), "một việc", None, (OpenTask(1, "Kế hoạch", "NQ57", date(2025, 9, 25)),))
    meant = [Item(1, Kind.PROGRESS, 60), Item(2, Kind.EXTENSION, due=date(2025, 9, 30))]
    line = example_line("chắc 60%\nviệc 2 xin lùi", meant, one)
    assert line == r"chắc 60%\nviệc 2 xin lùi -> progress 60% & extension due=2025-09-30 task=2"
    assert list(context_lines(one)) == ["[một việc]", "today 2025-09-15", "task 1 | Kế hoạch | NQ57 | 2025-09-25"]


@pytest.mark.parametrize("text", ["", " xong", "# xong", r"xong \n rồi"])
def test_a_text_the_file_cannot_hold_is_refused(text: str) -> None:
    """A text that the file would read as something else is refused, not changed."""
    with pytest.raises(UnwritableError):
        example_line(text, [Item(1, Kind.DONE)], Context(date(2025, 9, 15)))

"""Long texts are divided for the channel, and nothing of them is lost on the way."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from bot.post_parts import parts, units

WORDS = st.text(st.sampled_from("xã Mỹ Hòa Hưng🌾\n 12%,"), max_size=300)


def utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(WORDS | st.text(max_size=300), st.integers(2, 60))
@example("🌾🌾🌾", 3)
@example("\n\n\n\n\n", 2)
def test_parts_join_to_the_whole_and_fit(text: str, limit: int) -> None:
    """Whatever the text: joined the parts are the text, each fits as platforms count, no sign is cut in two."""
    found = parts(text, limit)

    assert "".join(found) == text
    assert all(utf16(part) <= limit for part in found)
    assert all(units(part) == utf16(part) for part in found)
    assert len(found) == 1 or all(found)


@given(st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40), max_size=40))
def test_lines_that_fit_stay_whole(lines: list[str]) -> None:
    """A list of communes is divided between two of them, never inside one."""
    text = "\n".join(line.strip() or "xã" for line in lines)
    found = parts(text, 100)

    assert [line for part in found for line in part.rstrip("\n").split("\n")] == text.split("\n")


def test_a_line_too_long_is_divided_at_a_space() -> None:
    """A paragraph longer than a message ends a part at a word's end."""
    assert parts("Rà soát hộ nghèo trên địa bàn", 12) == ("Rà soát hộ ", "nghèo trên ", "địa bàn")


def test_a_short_text_is_one_part() -> None:
    """What fits goes as it is, the empty text too."""
    assert (parts("", 10), parts("xong", 4)) == (("",), ("xong",))

"""Names of units: kinds, the Vietnamese alphabet, and long lists that are never cut."""

from __future__ import annotations

import random
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.reports.names import NameKind, by_kind, in_lines, kind_of, order, short_name
from tests.reports.an_giang import COMMUNES, OFFICES


def test_the_province_has_its_kinds() -> None:
    """85 communes, 14 wards, 3 special zones; everything else is an office."""
    kinds = by_kind([*COMMUNES, *OFFICES.values()])
    assert {kind: len(names) for kind, names in kinds.items()} == {
        NameKind.OFFICE: 17,
        NameKind.COMMUNE: 85,
        NameKind.WARD: 14,
        NameKind.ZONE: 3,
    }


def test_a_name_in_parts_is_the_same_name() -> None:
    """Decomposed letters, as some phones send them, change neither kind nor short name."""
    typed = unicodedata.normalize("NFD", "Phường Rạch Giá")
    assert kind_of(typed) is NameKind.WARD
    assert short_name(typed) == "Rạch Giá"
    assert short_name("Sở Y tế") == "Sở Y tế"


def test_names_stand_in_the_vietnamese_alphabet() -> None:
    """D before Đ, O before Ô, and a tone decides only between equal letters."""
    expected = ["An Phú", "Bình An", "Bình Hòa", "Cô Tô", "Định Mỹ", "Hòa Điền", "Hòn Đất", "Óc Eo", "Ô Lâm", "Tô Châu"]
    shuffled = random.Random(7).sample(expected, len(expected))
    assert sorted(shuffled, key=order) == expected
    assert sorted(["Đông", "Dung", "Dũng"], key=order) == ["Dung", "Dũng", "Đông"]


@given(st.lists(st.text(st.characters(exclude_characters=", ;\n", min_codepoint=33), min_size=1, max_size=60)))
def test_every_name_is_on_a_line(names: list[str]) -> None:
    """Read back, the lines are all the names in their order; a line is broken only between names."""
    rows = in_lines(names)
    assert " ".join(rows).split(", ") == (names or [""])
    assert all(len(row) <= 201 for row in rows)


def test_a_comma_in_a_name_makes_semicolons_between_names() -> None:
    """ "Báo và Phát thanh, Truyền hình An Giang" is one body, and stays one to the reader."""
    assert in_lines(["Báo và Phát thanh, Truyền hình", "Sở Y tế"]) == ("Báo và Phát thanh, Truyền hình; Sở Y tế",)

"""Joining codes: which signs they hold, and how they are found again however they are typed."""

from __future__ import annotations

import math
import random
from random import Random

import pytest

from bot.joining_codes import CODE_SIGNS, SIGNS, draw_code, find_code, plain_code

CODE = "DK 234 5678 9BCF"


# --- the signs


def test_a_code_holds_fifty_bits_that_no_key_changes() -> None:
    """Eleven of 24 signs that neither Telex nor VNI takes for a mark's key, nor anybody for one another."""
    assert (len(SIGNS), len(set(SIGNS)), CODE_SIGNS) == (24, 24, 11)
    assert math.log2(len(SIGNS)) * CODE_SIGNS > 50
    assert not set(SIGNS) & set("AEIOUYDWJZ01")


@pytest.mark.parametrize(
    "typed",
    [
        "DK 234 5678 9BCF",
        "dk23456789bcf",
        "Dk 234-5678-9bcf",
        "DK.234.5678.9BCF",
        "  dk 2 3 4 5 6 7 8 9 b c f  ",
        "/start DK23456789BCF",
        "mã của em là DK 234 5678 9BCF ạ",
        "DK 234 5678\n9BCF",
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    """Case, spaces, dots and the words around it change nothing."""
    code = find_code(typed)
    assert code is not None
    assert plain_code(code) == "DK23456789BCF"


@pytest.mark.parametrize(
    "typed", ["", "DK", "1 xong", "đăng ký xã Bình Hòa", "DKX", "Dự kiến 20/9 xong", "ok 2345678", "DK BÌNH HÒA"]
)
def test_ordinary_words_are_no_code(typed: str) -> None:
    """What only begins alike is not counted as a try."""
    assert find_code(typed) is None


@pytest.mark.parametrize("typed", ["DK 234 5678 9BC", "DK 234 5678 9BCFG", "DK 234 5678 9BCO", "DK 000 0000 0000"])
def test_a_code_that_is_not_one(typed: str) -> None:
    """Too short, too long, or with a sign that no code holds: there is nothing to look for in the book."""
    assert plain_code(typed) is None


def test_drawn_codes_differ() -> None:
    """A thousand of them are a thousand, and each is read as it was printed."""
    dice = random.Random(11)
    drawn = {draw_code(dice.randrange) for _ in range(1000)}

    assert len(drawn) == 1000
    assert all(plain_code(find_code(code) or "") for code in drawn)


def test_a_drawn_code_is_always_found_again() -> None:
    """Even where the dice would give letters alone, which read like words."""
    dice = Random(20250911)
    codes = [draw_code(dice.randrange) for _ in range(2000)]

    assert [code for code in codes if find_code(f" {code.lower()} ") is None] == []

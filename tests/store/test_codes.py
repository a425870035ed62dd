"""A joining code as it is drawn can always be found again when a person types it."""

from __future__ import annotations

from random import Random

from bot.store.joining import draw_code, find_code


def test_a_drawn_code_is_always_found_again() -> None:
    """Even where the dice would give letters alone, which read like words."""
    dice = Random(20250911)
    codes = [draw_code(dice.randrange) for _ in range(2000)]

    assert [code for code in codes if find_code(f" {code.lower()} ") is None] == []

"""Units by the names people type: each of An Giang's found exactly, none taken for its neighbour."""

from __future__ import annotations

import unicodedata
from itertools import combinations

import pytest

from bot.command_words import fold
from bot.contacts import Unit
from bot.directives.sample import sample_units
from bot.unit_names import find_unit, whole_unit

UNITS = [
    Unit(number, row.code, row.name, row.type, row.kind, tuple(row.marks))
    for number, row in enumerate(sample_units(), 1)
]
COMMUNES = [unit for unit in UNITS if unit.type in ("xã", "phường", "đặc khu")]
BY_NAME = {unit.name: unit for unit in UNITS}
each = pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.code)
each_commune = pytest.mark.parametrize("unit", COMMUNES, ids=lambda unit: unit.code)


def bare(unit: Unit) -> str:
    """The name without the word for what it is."""
    return unit.name[len(unit.type) :].strip() if unit.name.lower().startswith(unit.type) else unit.name


def one_letter_apart(one: str, other: str) -> bool:
    """By the book: a letter changed, added or left out."""
    if len(one) == len(other):
        return sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


PAIRS = [(a, b) for a, b in combinations(COMMUNES, 2) if one_letter_apart(fold(bare(a)), fold(bare(b)))]


@each
def test_a_unit_is_found_by_its_name(unit: Unit) -> None:
    """With marks, without, in capitals, decomposed, by its code: always this one, with nothing left over."""
    for typed in (
        unit.name,
        fold(unit.name),
        unit.name.upper(),
        unicodedata.normalize("NFD", unit.name),
        unit.code,
        unit.code.lower(),
    ):
        found = whole_unit(typed, UNITS)
        assert (found.unit, found.near) == (unit, ()), typed


@each_commune
def test_a_commune_is_found_without_its_kind(unit: Unit) -> None:
    """Nobody types "xã" every time; the office puts "UBND" before it."""
    for typed in (
        bare(unit),
        fold(bare(unit)),
        f"UBND {unit.name}",
        f"Ủy ban nhân dân {unit.name}",
        f"ubnd {bare(unit)}",
    ):
        assert whole_unit(typed, UNITS).unit == unit, typed


@pytest.mark.parametrize(
    ("old", "new"), [("òa", "oà"), ("óa", "oá"), ("ọa", "oạ"), ("ủy", "uỷ"), ("úy", "uý"), ("ũy", "uỹ")]
)
def test_both_ways_to_place_the_tone(old: str, new: str) -> None:
    """Hòa and Hoà are one name, wherever the keyboard puts the mark."""
    for unit in COMMUNES:
        assert whole_unit(unit.name.replace(old, new), UNITS).unit == unit


@each_commune
def test_what_follows_the_name_is_left(unit: Unit) -> None:
    """ "Bình Hòa việc 2 xong": the unit, then the rest as it was typed."""
    found = find_unit(f"{bare(unit)}: việc 2 Xong", UNITS)

    assert (found.unit, found.rest) == (unit, "việc 2 Xong")


def test_nested_names_are_told_apart() -> None:
    """Hòa Hưng, Mỹ Hòa Hưng and Vĩnh Hòa Hưng are three communes."""
    for name in ("Hòa Hưng", "Mỹ Hòa Hưng", "Vĩnh Hòa Hưng"):
        found = find_unit(f"{name} 3 xong", UNITS)
        assert found.unit == BY_NAME[f"Xã {name}"]
        assert found.rest == "3 xong"


def test_there_are_pairs_to_confuse() -> None:
    """Names of An Giang's communes that one letter sets apart: enough of them to be careful."""
    assert len(PAIRS) >= 5


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{fold(pair[0].name)}-{fold(pair[1].name)}")
def test_one_letter_does_not_make_it_the_neighbour(pair: tuple[Unit, Unit]) -> None:
    """Each name of such a pair is itself alone."""
    for unit in pair:
        assert whole_unit(fold(bare(unit)), UNITS).unit == unit


@each_commune
def test_a_letter_too_many_is_only_asked_about(unit: Unit) -> None:
    """A slip of the finger never resolves by itself: this one is among those that are offered."""
    slip = bare(unit) + "q"
    found = whole_unit(slip, UNITS)

    assert found.unit is None
    assert unit in found.near or len(fold(bare(unit))) < 4


@pytest.mark.parametrize("typed", ["", " ", "xã", "ubnd", "Cần Thơ", "x", "???", "1 xong", "Hòa", "tất cả các xã"])
def test_no_unit_at_all(typed: str) -> None:
    """What names nobody finds nobody and offers nobody."""
    found = whole_unit(typed, UNITS)

    assert (found.unit, found.near) == (None, ())


def test_departments_by_what_people_call_them() -> None:
    """The everyday short names are exact ones."""
    for short, code in {"sở TC": "STC", "Sở KHCN": "SKHCN", "STC": "STC"}.items():
        found = whole_unit(short, UNITS)
        assert found.unit is not None
        assert found.unit.code == code


def test_leftovers_make_it_no_whole_name() -> None:
    """ "Bình Hòa gì đó" is not the unit Bình Hòa where a whole name is wanted."""
    assert whole_unit("Bình Hòa gì đó", UNITS).unit is None
    assert whole_unit("Bình Hòa?", UNITS).unit == BY_NAME["Xã Bình Hòa"]

"""Whom a cell of a task list means: exactly whom it names, and never a near miss."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contacts import UnitKind
from bot.directives.addressees import Addressees
from bot.directives.sample import sample_units
from bot.messages import Text
from bot.reading.letters import bare

SAMPLE = sample_units()


@dataclass(frozen=True)
class Unit:
    """A unit as a list has it."""

    code: str
    name: str
    kind: UnitKind = UnitKind.COMMUNE
    marks: tuple[str, ...] = ()


def meant(units: tuple[Unit, ...], cell: str) -> tuple[tuple[str, ...], list[str]]:
    """The codes a cell names, and the words nobody answers to."""
    problems: list[Text] = []
    codes = Addressees(units).meant(cell, problems)
    return codes, [str(problem.params["unit"]) for problem in problems]


TWINS = (Unit("1", "Xã Tân Hội"), Unit("2", "Xã Tân Hòi"), Unit("3", "Xã Vĩnh Hòa"))


@pytest.mark.parametrize(
    ("cell", "codes", "unknown"),
    [
        ("Xã Tân Hội", ("1",), []),
        ("xã tân hòi", ("2",), []),
        ("XÃ TÂN HỘI; Xã Tân Hòi", ("1", "2"), []),
        ("Xa Tan Hoi", (), ["Xa Tan Hoi"]),
        ("xa vinh hoa", ("3",), []),
        ("Xã Vĩnh Hoà", ("3",), []),
        ("Xã Vĩnh Hòa Hưng", (), ["Xã Vĩnh Hòa Hưng"]),
        ("Vĩnh Hòa", (), ["Vĩnh Hòa"]),
        ("Xã Vĩnh Hào", (), ["Xã Vĩnh Hào"]),
    ],
)
def test_of_two_that_differ_by_a_mark_neither_is_guessed(cell: str, codes: tuple[str, ...], unknown: list[str]) -> None:
    """With its marks each is meant; without them the office is asked; a similar name is nobody's."""
    assert meant(TWINS, cell) == (codes, unknown)


@given(st.sampled_from(SAMPLE), st.sampled_from([str, str.upper, str.lower, str.title]))
def test_every_unit_answers_to_its_whole_name(unit: Unit, typed: object) -> None:
    """In any capitals, each of the 120 is found by name and by code, and it alone."""
    problems: list[Text] = []
    book = Addressees(SAMPLE)
    assert callable(typed)

    assert book.meant(typed(unit.name), problems) == (unit.code,)
    assert book.meant(f"  {unit.code} ", problems) == (unit.code,)
    assert problems == []


@given(st.sampled_from(SAMPLE), st.integers(0, 60), st.sampled_from("xqzw"))
def test_one_wrong_letter_is_nobody_or_asked(unit: Unit, place: int, letter: str) -> None:
    """A letter more in a name never sends a task to another unit."""
    typed = unit.name[: place % len(unit.name) + 1] + letter + unit.name[place % len(unit.name) + 1 :]
    problems: list[Text] = []

    assert Addressees(SAMPLE).meant(typed, problems) == ()
    assert len(problems) == 1


@given(st.sampled_from(SAMPLE))
def test_without_marks_it_is_that_unit_or_asked(unit: Unit) -> None:
    """Typed without marks: the unit itself, or, where two are then alike, nobody; never the other one."""
    problems: list[Text] = []
    codes = Addressees(SAMPLE).meant(bare(unit.name), problems)

    assert codes == (unit.code,) or (codes == () and len(problems) == 1)


@pytest.mark.parametrize(
    ("cell", "codes", "unknown"),
    [
        ("Sở A, B và C", ("S1",), []),
        ("Sở A, B và C, Sở D", (), ["Sở A, B và C, Sở D"]),
        ("S1, S2", ("S1", "S2"), []),
        ("Sở D, Sở E", (), ["Sở D, Sở E"]),
        ("S2; Sở A, B và C", ("S2", "S1"), []),
        ("S2\nS1\n", ("S2", "S1"), []),
        ("S2; S2; sở d", ("S2",), []),
        (";;\n ; ", (), []),
        ("", (), []),
        ("S2; Sở Lạ; Sở Khác", ("S2",), ["Sở Lạ", "Sở Khác"]),
    ],
)
def test_a_comma_may_stand_in_a_name(cell: str, codes: tuple[str, ...], unknown: list[str]) -> None:
    """A whole name goes before its pieces; one unknown piece leaves its part untaken, and every such part is told."""
    units = (Unit("S1", "Sở A, B và C", UnitKind.DEPARTMENT), Unit("S2", "Sở D", UnitKind.DEPARTMENT))

    assert meant(units, cell) == (codes, unknown)


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("mark:bcd-57", ("1", "3")),
        ("Dấu: BCD 57", ("1", "3")),
        ("mark:bcd", ()),
        ("mark:", ()),
        ("dấu: ven biển; 1", ("2", "1")),
    ],
)
def test_a_mark_means_whoever_bears_it(cell: str, codes: tuple[str, ...]) -> None:
    """The remark in brackets is no part of it; a mark nobody bears is asked about, and is no empty group."""
    units = (Unit("1", "Xã A", marks=("bcd-57 (giả định)",)), Unit("2", "Xã B", marks=("ven biển",)),
             Unit("3", "Xã C", marks=("bcd-57", "ven sông")))  # fmt: skip
    found, unknown = meant(units, cell)

    assert found == codes
    assert bool(unknown) is not bool(codes)


def test_a_long_wrong_cell_is_quoted_short() -> None:
    """A paragraph in the wrong column is told by its beginning."""
    (quoted,) = meant(TWINS, "Giao các đơn vị " * 50)[1]

    assert len(quoted) == 80

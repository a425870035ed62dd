"""The sample province is exactly the case of 11/9/2025."""

from __future__ import annotations

from collections import Counter
from datetime import date

from bot.contacts import UnitKind
from bot.directives.sample import sample_province, sample_tasks, sample_units
from bot.tasks import Due

ASSIGNED = {"T02": 119, "T04": 55, "T05": 17, "T06": 17, "T13": 17, "T14": 0}


def test_the_province_has_120_units() -> None:
    """14 departments, 3 sectors, one party body and 102 communes; the province itself is none of them."""
    kinds = Counter(unit.kind for unit in sample_units())

    assert kinds == {UnitKind.DEPARTMENT: 14, UnitKind.SECTOR: 3, UnitKind.PARTY: 1, UnitKind.COMMUNE: 102}
    assert kinds.total() == 120
    assert sample_province().name == "Tỉnh An Giang"


def test_the_notice_makes_237_assignments() -> None:
    """Every task goes to one unit but the six that fan out or name nobody."""
    tasks = sample_tasks()

    assert [task.code for task in tasks] == [f"T{number:02d}" for number in range(1, 19)]
    assert {task.code: len(task.units) for task in tasks} == {task.code: ASSIGNED.get(task.code, 1) for task in tasks}
    assert sum(len(task.units) for task in tasks) == 237


def test_a_party_body_is_only_in_what_names_it() -> None:
    """Everybody means departments, sectors and communes."""
    named = {task.code for task in sample_tasks() if "VPTU" in task.units + task.co_units}

    assert named == {"T07"}


def test_47_communes_are_assumed_to_have_their_committee() -> None:
    """The rule can be seen in the list: the lowest codes, labelled as an assumption."""
    communes = sorted((unit for unit in sample_units() if unit.kind is UnitKind.COMMUNE), key=lambda unit: unit.code)

    assert [unit.code for unit in communes if unit.marks] == [unit.code for unit in communes[:47]]
    assert {mark for unit in communes for mark in unit.marks} == {"bcd-57 (giả định)"}
    (committee,) = (task for task in sample_tasks() if task.code == "T04")
    assert set(committee.units) == {unit.code for unit in communes[47:]}
    assert "giả định" in (committee.remark or "")


def test_three_tasks_have_a_deadline() -> None:
    """The article dates T02, T03 and T04; the others stay without, and none is invented."""
    assert {task.code: task.due for task in sample_tasks() if task.due} == {
        "T02": Due(date(2025, 9, 20)),
        "T03": Due(date(2025, 9, 25)),
        "T04": Due(date(2025, 9, 20)),
    }


def test_the_office_follows_everything_up() -> None:
    """One directive, issued the day after the meeting, followed up by the office; only T14 is a draft."""
    tasks = sample_tasks()

    assert {(task.follow_up, task.issued_on, task.number) for task in tasks} == {("VPUBND", date(2025, 9, 12), None)}
    assert len({task.document for task in tasks}) == 1
    assert [task.code for task in tasks if task.draft] == ["T14"]


def test_a_view_by_resolution_counts_what_serves_it() -> None:
    """Resolution 71 stands in one task; T02 serves four."""
    tasks = {task.code: task for task in sample_tasks()}

    assert [code for code, task in tasks.items() if "71-NQ/TW" in task.resolutions] == ["T03"]
    assert tasks["T02"].resolutions == ("57-NQ/TW", "59-NQ/TW", "66-NQ/TW", "68-NQ/TW")

"""The long forms in small, where that is cheap, and how they judge. The bars themselves: `make faults`."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

import pytest

from tests.faults.__main__ import FORMS
from tests.faults.delivered_again import delivered
from tests.faults.run import open_run
from tests.faults.ten_years import calendars
from tests.faults.verdict import Verdict

FOLDER = Path(__file__).parent


def test_every_day_of_ten_years_is_worked_or_not_as_decreed(tmp_path: Path) -> None:
    """The calendar agrees with a table typed by hand, and with the moon on the feasts of years to come."""
    assert calendars(tmp_path, Namespace()).wrong == []


def test_an_afternoon_delivered_thrice_ends_as_if_delivered_once(tmp_path: Path) -> None:
    """State, history, requests, questions and answers are the same."""
    assert delivered(tmp_path, Namespace(seed=1, seeds=1)).wrong == []


async def test_a_name_in_the_log_is_found(tmp_path: Path) -> None:
    """A token, a name, a number, somebody's words: each line that tells one is shown; others are not."""
    told = ["polling 123456:TEST failed", "Lan 7 reported", "call 0912000007", "said: đang làm 7%", "letter 7 is late"]
    async with open_run(tmp_path, 1) as run:
        run.log.write_text("\n".join(told))
        assert run.leaks() == told[:4]


@pytest.mark.parametrize(("found", "word"), [(0, "PASS"), (1, "FAIL")])
def test_a_missed_bar_fails(found: int, word: str) -> None:
    """One figure over its bar, and the form has failed, whatever the others say."""
    verdict = Verdict("R0", "a form")
    verdict.at_least("letters", 5, 1)
    verdict.exactly("lost", found, 0)
    assert verdict.text(1).splitlines()[-1] == f"R0  {word}"
    assert verdict.holds is (found == 0)


def test_every_form_runs_with_the_others() -> None:
    """`make faults` forgets none: each module with a command line stands in the list."""
    modules = [path for path in FOLDER.glob("*.py") if not path.stem.startswith(("test_", "__"))]
    with_a_line = {path.stem for path in modules if '__name__ == "__main__"' in path.read_text("utf-8")}
    assert {form.split()[0] for form in FORMS} == with_a_line

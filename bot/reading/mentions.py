"""A place in a reply that names a task, or several; which words do so is found elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.reading.units import Unit


@dataclass(frozen=True, slots=True)
class Mention:
    """The tasks a word may name; `together` where it names all of them, else it names one of them."""

    tasks: tuple[int, ...]
    together: bool = False
    fits: bool = True
    weak: bool = False  # words that stand in many a title
    default: bool = False  # "việc này": the task answered, or the only one
    others: bool = False  # "mấy việc kia": those that are not named elsewhere
    count: int | None = None  # how many the words say there are
    things: bool = False  # "4 cái còn lại": perhaps no tasks at all
    doubtful: bool = False  # "1 được 60%, còn lại đang làm": perhaps the rest of the task named before
    name: str = ""  # the resolution's number, where that names it


def mention_unit(mention: Mention, row: Sequence[Unit], at: int, after: int) -> Unit:
    text = " ".join(unit.text for unit in row[at:after])
    return Unit(("mention",), mention, text, row[at].start, row[after - 1].end)

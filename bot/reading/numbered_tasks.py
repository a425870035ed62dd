"""Tasks by number: their places in the list, their resolutions."""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.reading.meaning import OpenTask
from bot.reading.mentions import Mention


def resolutions_of(task: OpenTask) -> frozenset[int]:
    return _numbers(task.resolution) if task.resolution else frozenset()


@lru_cache(maxsize=1024)
def _numbers(resolution: str) -> frozenset[int]:
    cited = re.findall(r"(?<![\d/])0*(\d{1,4})\s*[-/]", resolution + " ")
    alone = re.findall(r"^\s*0*(\d{1,4})\s*$", resolution)
    return frozenset(map(int, cited + alone))


def at_place(number: int, tasks: Sequence[OpenTask]) -> Mention:
    """'việc 2': its place in the list; where there is no such place, perhaps a resolution's number."""
    if 1 <= number <= len(tasks):
        return Mention((tasks[number - 1].id,))
    return of_resolution(number, tasks)


def of_resolution(number: int, tasks: Sequence[OpenTask]) -> Mention:
    found = tuple(task.id for task in tasks if number in resolutions_of(task))
    return Mention(found, fits=bool(found), name=str(number))


def by_number(number: int, tasks: Sequence[OpenTask]) -> Mention:
    by_resolution = of_resolution(number, tasks)
    if not 1 <= number <= len(tasks):
        return by_resolution
    place = Mention((tasks[number - 1].id,))
    if by_resolution.fits and by_resolution.tasks != place.tasks:
        return Mention((), fits=False)
    return place

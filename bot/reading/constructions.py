"""The table of constructions as it is written in constructions.txt; what is done with it is the grammar's business."""

from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Constructions:
    neutral: frozenset[str]
    classes: dict[str, tuple[str, ...]]
    rows: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)  # a statement, and the words of one row

    def tags(self, word: str) -> list[str]:
        """The meanings that one word of a row stands for."""
        return [tag for part in word.split("/") for tag in self.classes.get(part, (part,))]


@lru_cache(maxsize=1)
def constructions() -> Constructions:
    neutral: list[str] = []
    classes: dict[str, tuple[str, ...]] = {}
    rows: list[tuple[str, tuple[str, ...]]] = []
    says = ""
    for line in files("bot.reading").joinpath("constructions.txt").read_text(encoding="utf-8").split("\n"):
        head, _, rest = line.partition(": ")
        if line.startswith("["):
            says = line.strip("[] ")
        elif head == "neutral":
            neutral += rest.split()
        elif head.startswith("class "):
            classes[head.removeprefix("class ")] = tuple(rest.split())
        elif line and not line.startswith("#"):
            rows.append((says, tuple(line.split())))
    return Constructions(frozenset(neutral), classes, rows)

"""What the words of a task's title are good for, from locales/vi/titles.toml: titles are always in Vietnamese."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bot.reading.letters import bare


@dataclass(frozen=True, slots=True)
class TitleWords:
    """All without marks, as titles are compared."""

    generic: frozenset[str]  # stand in too many titles to name one against the task whose reminder was answered
    empty: frozenset[str]  # name nothing alone: every title is about a task and its results
    drafting: tuple[str, ...]  # say that drafting for a higher body is the whole duty
    papers: dict[str, str]  # what a title calls the paper that a sign is short for


@lru_cache(maxsize=1)
def title_words() -> TitleWords:
    data = tomllib.loads(files("locales").joinpath("vi", "titles.toml").read_text(encoding="utf-8"))
    plain = {name: tuple(map(bare, data[name])) for name in ("generic", "empty", "drafting")}
    papers = {sign: bare(word) for sign, word in data["papers"].items()}
    return TitleWords(frozenset(plain["generic"]), frozenset(plain["empty"]), plain["drafting"], papers)

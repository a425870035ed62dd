"""How well examples are read, by language, kind and form of writing: `python -m bot.reading.accuracy [FILES]`."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

from bot.reading.examples import Example, examples, from_file, same
from bot.reading.lexicon import languages
from bot.reading.meaning import Reading
from bot.reading.tokens import is_marked

OUTCOMES = ("exact", "asked", "wrong")


def outcome(example: Example, reading: Reading) -> str:
    """exact: as an officer would wish; asked: a needless question; wrong: recorded without asking, and not so meant."""
    if not example.certain:
        return "wrong" if reading.certain else "exact"
    if not reading.certain:
        return "asked"
    return "exact" if same(reading.items, example.items) else "wrong"


def counted(found: Iterable[Example]) -> dict[str, Counter[str]]:
    table: dict[str, Counter[str]] = {}
    for example in found:
        reading = example.reading()
        told = outcome(example, reading)
        for row in ("all", f"language {reading.lang}", f"form {_form(example.text)}", *_kinds(example)):
            table.setdefault(row, Counter())[told] += 1
    return table


def _kinds(example: Example) -> set[str]:
    if not example.certain:
        return {"kind (to be asked)"}
    return {f"kind {item.kind}" for item in example.items}


def _form(text: str) -> str:
    if text.isascii():
        return "without diacritics"
    return "with diacritics" if any(is_marked(word) for word in text.lower().split()) else "another script or emoji"


def own_examples() -> dict[str, list[Example]]:
    """The examples that come with each language."""
    found = {}
    for lang in languages():
        place = files("locales").joinpath(lang, "examples.txt")
        if place.is_file():
            found[lang] = list(examples(place.read_text(encoding="utf-8").split("\n")))
    return found


def report(table: dict[str, Counter[str]]) -> str:
    width = max(map(len, table), default=3)
    lines = [f"{'':{width}}  {'exact':>6} {'asked':>6} {'wrong':>6}"]
    lines += [f"{row:{width}}  " + " ".join(f"{table[row][told]:6d}" for told in OUTCOMES) for row in sorted(table)]
    return "\n".join(lines)


def main(names: Sequence[str]) -> None:
    found = [example for name in names for example in from_file(Path(name))]
    if not names:
        found = [example for of_language in own_examples().values() for example in of_language]
    sys.stdout.write(report(counted(found)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])

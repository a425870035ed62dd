"""Learns the weights of the second opinion from the examples: `make learn`, about a minute."""

import hashlib
import json
import math
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bot.reading.accuracy import own_examples
from bot.reading.blocks import Block, blocks
from bot.reading.clean import own_words
from bot.reading.examples import Example
from bot.reading.language import told_apart
from bot.reading.meaning import Kind
from bot.reading.opinion import WEIGHTS, clues
from bot.reading.reader import is_drafting, owned, prepared
from bot.reading.tokens import tokens

KINDS = tuple(Kind)
#: What stood in fewer examples than this tells more of its writer than of the language.
_SELDOM = 2
_ROUNDS = 14
_ORDERS = (57, 59, 66, 68, 71)
_STEP = 0.35
_FADE = 0.97
#: Weights below this move nothing; hundredths.
_SLIGHT = 4
Row = tuple[tuple[str, ...], Kind]


def digest(found: Iterable[Example]) -> str:
    """Changes with every example, so that stale weights are seen."""
    whole = hashlib.sha256()
    for example in found:
        whole.update(repr((example.text, example.items, example.certain)).encode())
    return whole.hexdigest()[:16]


def rows(found: Iterable[Example]) -> Iterator[Row]:
    """What is to be learnt: each block of an example with its kind, where that is told without doubt."""
    for example in found:
        kinds = {item.kind for item in example.items}
        parts = _parts(example)
        by_task = {item.task: item.kind for item in example.items}
        for ids, part in parts:
            told = kinds if len(parts) == 1 else {by_task.get(task) for task in ids}
            kind, *others = told
            if kind is not None and not others:
                yield _clues(example, ids[0], part), kind


def _clues(example: Example, task_id: int | None, part: Block) -> tuple[str, ...]:
    task = next((task for task in example.context.tasks if task.id == task_id), None)
    return clues(part, replied=example.context.reply_to is not None, drafting=is_drafting(task))


def _parts(example: Example) -> list[tuple[tuple[int | None, ...], Block]]:
    words, _ = own_words(example.text)
    raw = tokens(words)
    context = example.context
    row = prepared(raw, told_apart(words, raw), context.today, context.tasks)
    return [(ids, part) for ids, part, _ in owned(blocks(row), context.tasks, context.reply_to)]


def learnt(given: Sequence[Row]) -> dict[str, list[float]]:
    """Weights by which the clues of these rows tell their kinds; the same rows give the same weights.

    The order of lessons leaves its traces: several orders are learnt, and their mean taken.
    """
    seen = Counter(clue for found, _ in given for clue in found)
    kept = [([clue for clue in found if seen[clue] >= _SELDOM], KINDS.index(kind)) for found, kind in given]
    orders = [_in_order(kept, random.Random(seed)) for seed in _ORDERS]  # noqa: S311  (an order of lessons, no secret)
    return {
        clue: [sum(parts) / len(orders) for parts in zip(*(weights[clue] for weights in orders), strict=True)]
        for clue in orders[0]
    }


def _in_order(lessons: Sequence[tuple[Sequence[str], int]], dice: random.Random) -> dict[str, list[float]]:
    kept = list(lessons)
    weights = {clue: [0.0] * len(KINDS) for found, _ in kept for clue in found}
    grown = {clue: [1e-6] * len(KINDS) for clue in weights}
    for _ in range(_ROUNDS):
        dice.shuffle(kept)
        for found, place in kept:
            _learn(found, place, weights, grown)
        for clue, parts in weights.items():
            weights[clue] = [part * _FADE for part in parts]
    return weights


def _learn(found: Sequence[str], place: int, weights: dict[str, list[float]], grown: dict[str, list[float]]) -> None:
    """One step towards the kind that this example has, the smaller the better it is told already."""
    scores = [sum(column) for column in zip(*(weights[clue] for clue in found), strict=True)] or [0.0] * len(KINDS)
    most = max(scores)
    odds = [math.exp(score - most) for score in scores]
    total = sum(odds)
    off = [(part / total) - (at == place) for at, part in enumerate(odds)]
    for clue in found:
        mine, squares = weights[clue], grown[clue]
        for at, miss in enumerate(off):
            if abs(miss) > 0.001:
                squares[at] += miss * miss
                mine[at] -= _STEP * miss / math.sqrt(squares[at]) / 10


def _line(clue: str, parts: Sequence[int]) -> str:
    return f"{json.dumps(clue, ensure_ascii=False)}:{json.dumps(parts, separators=(',', ':'))}"


def main() -> None:
    found = [example for of_language in own_examples().values() for example in of_language]
    weights = learnt(list(rows(found)))
    whole = {clue: [round(part * 100) for part in parts] for clue, parts in sorted(weights.items())}
    kept = {clue: parts for clue, parts in whole.items() if max(map(abs, parts)) >= _SLIGHT}
    lines = ",\n".join(_line(clue, parts) for clue, parts in kept.items())
    head = f'{{"examples":"{digest(found)}",\n"kinds":{json.dumps([kind.value for kind in KINDS])},\n"clues":{{\n'
    Path(__file__).with_name(WEIGHTS).write_text(f"{head}{lines}\n}}}}\n", encoding="utf-8")
    sys.stdout.write(f"{len(found)} examples, {len(kept)} clues\n")


if __name__ == "__main__":
    main()

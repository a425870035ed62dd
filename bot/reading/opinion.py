"""A second opinion on what a block says, by weights learnt from the examples: it raises doubts, settles them, and may
name another kind that some of the words speak for; slots and tasks are none of its business."""

import json
import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from bot.reading.blocks import Block
from bot.reading.letters import bare
from bot.reading.meaning import TALK, Kind
from bot.reading.units import TURNS, Unit
from bot.reading.verdict import Verdict

#: The learnt weights: a line for each clue, hundredths, one for each kind. Made by `python -m bot.reading.learning`.
WEIGHTS = "weights.json"
_OFFERS = (Kind.QUESTION, Kind.EXTENSION)
_COURTESIES = {Kind.ACK, Kind.OTHER}
#: What records no completion and hides no obstacle may be called another name sooner.
_LIGHTLY_TURNED = 0.85
#: What brings the office into it, only where it is surer than that.
_TURNED = {Kind.BLOCKED: 0.9, Kind.EXTENSION: 0.95}
#: A condition on what is claimed or promised, whose doubt no likelihood settles: "nếu kịp thì mai xong".
_CLAIMED = frozenset({Kind.DONE, Kind.PROGRESS})
#: What the office acts upon is turned into something else only where that is as good as sure.
_SURER = 0.98
_WEIGHTY = frozenset({Kind.BLOCKED, Kind.EXTENSION})
_EDGE = ("^", "$")
#: A kind less likely than this is asked about, whatever the constructions say.
_DOUBTED_ELSE = 0.55
#: An obstacle told in passing ("mạng chập chờn, em gửi lần 3 mới đi") is no state unless more speaks for it.
_DOUBTED = {Kind.BLOCKED: 0.75}
#: Talk records nothing: it is doubted only where the words speak plainly of something else.
_DOUBTED_TALK = 0.2
#: Where the constructions leave a doubt about a kind this likely, there is none.
_SURE = 0.95
#: What is asked about is called by another name where that one is so likely.
_BETTER = 0.8
#: what stands for itself by its meaning alone, whatever digits or letters it is written with
_SLOTS = frozenset(
    {"number", "amount", "mention", "document", "day_ahead", "day_past", "day_today", "span", "sign", "pair"}
    | {"full_date", "clock", "name", "percent"}
)
#: beside a bare "rồi"
_POLITE = ("courtesy", "person", "yes", "hail", "sign_of_mood", "mention", "stop", "pause", "line", "name", "opening")
_ASKING = frozenset({"question", "offered"})
_STATING = frozenset({"open", "done", "sent_out", "none", "part_done", "step_done", "inside", "unsent"})
#: Each so many units the length counts as another.
_STRETCH = 3


def clues(block: Block, *, replied: bool, drafting: bool) -> tuple[str, ...]:
    """What the opinion goes by: the words and the meanings of the block, alone and side by side, and what it states."""
    tags = [_EDGE[0], *[unit.tag for unit in block.units], _EDGE[1]]
    words = [_EDGE[0], *[_word(unit) for unit in block.units], _EDGE[1]]
    single = " ".join(words).split()
    found = [f"{len(block.units) // _STRETCH} long"]
    found += [f"<{tag}>" for tag in tags]
    found += [f"<{one} {two}>" for one, two in pairwise(tags)]
    found += [f"<{one} {two} {three}>" for one, two, three in zip(tags, tags[1:], tags[2:], strict=False)]
    for row in (words,) if single == words else (words, single):
        found += row
        found += [f"{one} {two}" for one, two in pairwise(row)]
    found += [f"says {statement.says}" for statement in block.said]
    if replied:
        found.append("replied")
    if drafting:
        found.append("drafting")
    return tuple(dict.fromkeys(found))


def _word(unit: Unit) -> str:
    if unit.tag == "amount":
        return f"#{_magnitude(unit.value)}"
    return f"#{unit.tag}" if unit.tag in _SLOTS else unit.spelled or bare(unit.text.lower())


def _magnitude(value: object) -> str:
    if not isinstance(value, int):
        return "unstated"
    return "all" if value == 100 else "nothing" if value == 0 else "too much" if value > 100 else "part"


@dataclass(frozen=True, slots=True)
class Opinion:
    """How likely each kind is, by these weights, of which so many parts make a whole."""

    weights: Mapping[str, Sequence[float]]
    kinds: tuple[Kind, ...]
    parts: int = 1

    def of(self, found: Iterable[str]) -> dict[Kind, float]:
        """Each kind's probability, adding up to one."""
        told = [weight for weight in map(self.weights.get, found) if weight is not None]
        scores = [sum(column) / self.parts for column in zip(*told, strict=True)] or [0.0] * len(self.kinds)
        most = max(scores)
        grown = [math.exp(score - most) for score in scores]
        total = sum(grown)
        return {kind: part / total for kind, part in zip(self.kinds, grown, strict=True)}

    def because(self, found: Iterable[str], kind: Kind, most: int = 5) -> list[tuple[str, float]]:
        """The clues that speak most for a kind, and by how much: why the opinion is what it is."""
        place = self.kinds.index(kind)
        told = [(clue, self.weights[clue][place] / self.parts) for clue in found if clue in self.weights]
        return sorted(told, key=lambda one: -one[1])[:most]


def weighed(told: Verdict, block: Block, likely: Mapping[Kind, float]) -> Verdict:
    """The verdict, its doubts raised or settled by how likely each kind is."""
    best = max(likely, key=likely.__getitem__)
    if told.by_duty and best is not told.kind:
        return told
    hedged = best in _CLAIMED and block.has("condition")
    turned = told.kind in _WEIGHTY and best is not told.kind
    sure = likely[best] >= (_SURER if turned else _SURE) and best is not Kind.UNCLEAR and not hedged
    sure = sure and not (best is Kind.DONE and (turned or (told.certain and told.kind is not best)))
    enough = _DOUBTED_TALK if told.kind in TALK else _DOUBTED.get(told.kind, _DOUBTED_ELSE)
    if told.certain and (
        (best is Kind.QUESTION and _stated_apart(told, block))
        or _by_figure_alone(block)
        or _by_rule(told, block)
        or _chance(told.kind, block, likely) >= enough
    ):
        return told
    if told.certain and {told.kind, best} == _COURTESIES:
        return replace(told, kind=best)  # thanks or a receipt: nothing comes of either, as it would of a question
    if best is told.kind:
        return replace(told, certain=sure)
    if likely[best] < _BETTER or (best is Kind.DONE and best not in told.spoken_for):
        return replace(told, certain=False)
    dropped = told.kind is Kind.QUESTION and best in _COURTESIES  # a question goes to the office, a receipt nowhere
    light = told.kind not in _WEIGHTY and best is not Kind.DONE and not dropped and not hedged
    light = light and (best not in TALK or told.kind in TALK or not told.certain)
    light = light and likely[best] >= _TURNED.get(best, _LIGHTLY_TURNED)
    return replace(told, kind=best, certain=light or (sure and best in told.spoken_for))


def _stated_apart(told: Verdict, block: Block) -> bool:
    """'em đang làm. Cho em hỏi nộp file nào?': the status stands in a sentence of its own, and wins."""
    if told.kind not in {Kind.PROGRESS, Kind.DONE, Kind.NOT_STARTED}:
        return False
    asking, stating = set[int](), set[int]()
    clause = 0
    places = []
    for unit in block.units:
        clause += unit.tag in TURNS
        places.append(clause)
        if unit.tag == "ask_mark":
            asking.add(clause - 1)
    for said in block.said:
        (asking if said.says in _ASKING else stating if said.says in _STATING else set()).add(places[said.first])
    return bool(asking) and bool(stating - asking)


def _by_figure_alone(block: Block) -> bool:
    """'tiến độ 0%': nothing is said beside the figure."""
    return block.measures and block.says <= {"ack"}


def _by_rule(told: Verdict, block: Block) -> bool:
    """'rồi' in answer to a reminder: so short that it is like much else, and yet the contract says what it means."""
    rule = told.kind is Kind.DONE and block.says == {"already"}
    return rule and all(unit.of("already", *_POLITE) for unit in block.units)


def _chance(kind: Kind, block: Block, likely: Mapping[Kind, float]) -> float:
    """Whether a day offered is later than the deadline, and so a request, no words tell."""
    if kind in _OFFERS and block.has("day_ahead", "day_today", "span"):
        return sum(likely[one] for one in _OFFERS)
    return likely[kind]


@lru_cache(maxsize=1)
def opinion() -> Opinion:
    """The opinion that comes with the program."""
    learnt = _kept()
    weights = {clue: array("h", parts) for clue, parts in learnt["clues"].items()}  # a quarter of the room of floats
    return Opinion(weights, tuple(Kind(kind) for kind in learnt["kinds"]), parts=100)


def learnt_from() -> str:
    """The digest of the examples from which the weights were learnt."""
    return str(_kept()["examples"])


def _kept() -> Any:
    return json.loads(files("bot.reading").joinpath(WEIGHTS).read_text(encoding="utf-8"))

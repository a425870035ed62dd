"""A reply cut into blocks: the stretch of units that speaks of one task, or of several named together."""

from collections.abc import Sequence, Set
from dataclasses import dataclass, field
from itertools import pairwise

from bot.reading.grammar import Statement, statements
from bot.reading.mentions import Mention
from bot.reading.units import ENDS, Unit, tags_of

_TALK = frozenset({"question", "ack", "social", "already"})
_BESIDE_A_NAME = frozenset(
    {
        "mention",
        "pause",
        "stop",
        "line",
        "colon",
        "dash",
        "and",
        "courtesy",
        "person",
        "hail",
        "yes",
        "opening",
        "then",
        "noun",
        "unit_noun",
        "about",
        "of_word",
        "now",
        "bracket",
        "every",
        "ack",
    }
)


@dataclass(frozen=True, slots=True)
class Block:
    mentions: tuple[Mention, ...]
    units: tuple[Unit, ...]
    said: tuple[Statement, ...]
    tags: Set[str] = field(init=False, repr=False, compare=False)  # all that its units may be
    says: Set[str] = field(init=False, repr=False, compare=False)  # all that is said of its task

    def __post_init__(self) -> None:
        object.__setattr__(self, "tags", tags_of(self.units))
        object.__setattr__(self, "says", {statement.says for statement in self.said})

    def has(self, *tags: str) -> bool:
        """Whether some unit of it may be any of these."""
        return not self.tags.isdisjoint(tags)

    @property
    def speaks(self) -> bool:
        return not self.says <= _TALK or self.measures

    @property
    def only_names(self) -> bool:
        """Whether it names a task and leaves what is said of it to what follows."""
        if not self.mentions:
            return False
        return all(unit.tag in _BESIDE_A_NAME for unit in self.units) and not self.nods

    @property
    def nods(self) -> bool:
        """'1 ok 2 ok 3 not yet': what is said of the first is no state, nor that of the last."""
        if "ack" not in self.tags:
            return False
        named = next((at for at, unit in enumerate(self.units) if unit.tag == "mention"), len(self.units))
        return any(unit.tag == "ack" for unit in self.units[named:])

    @property
    def measures(self) -> bool:
        return "amount" in self.tags and any(unit.tag == "amount" for unit in self.units)


def blocks(row: Sequence[Unit]) -> list[Block]:
    clauses = [block for clause in _clauses(row) for block in _by_mention(clause)]
    return _gathered(clauses)


def block(units: Sequence[Unit]) -> Block:
    mentions = tuple([unit.value for unit in units if isinstance(unit.value, Mention)])
    return Block(mentions, tuple(units), tuple(statements(units)))


def _clauses(row: Sequence[Unit]) -> list[list[Unit]]:
    """Cut after each pause, but not inside a list of tasks ('57, 59 xong') nor between a name and its colon."""
    clauses: list[list[Unit]] = [[]]
    for at, unit in enumerate(row):
        clauses[-1].append(unit)
        if unit.tag in ENDS and not (_inside_list(row, at) and not _both_told(clauses[-1], row, at + 1)):
            clauses.append([])
    return [clause for clause in clauses if clause]


def _inside_list(row: Sequence[Unit], at: int) -> bool:
    return 0 < at < len(row) - 1 and row[at - 1].tag == "mention" and row[at + 1].tag == "mention"


def _both_told(before: Sequence[Unit], row: Sequence[Unit], at: int) -> bool:
    """'xong việc 1, việc 2 đang làm': a state stands before the one and after the other, so they are no list."""
    after = at + 1
    while after < len(row) and row[after].tag not in ENDS:
        after += 1
    return block(row[at:after]).speaks and block(before).speaks


def _by_mention(clause: list[Unit]) -> list[Block]:
    """'1 xong 2 mới 60%' speaks of two tasks without a pause: cut where the next one is named."""
    starts = [at for at, unit in enumerate(clause) if unit.tag == "mention" and not _continues(clause, at)]
    if len(starts) < 2:
        return [block(clause)]
    parts: list[Block] = []
    leading = block(clause[: starts[0]])
    trailing = block(clause[starts[-1] + 1 :])
    dated = not trailing.said and any(unit.of("day_ahead", "day_today", "span") for unit in trailing.units)
    if leading.speaks and not dated:  # "xong việc 1 chưa xong việc 2", but not "xin lùi 57 tới 25/9 còn 59 tới 30/9"
        ends = [_end_of_list(clause, start) for start in starts]
        cuts = [0, *ends[:-1], len(clause)]
    else:
        cuts = [0, *starts[1:], len(clause)]
    for first, after in pairwise(cuts):
        parts.append(block(clause[first:after]))
    return parts


def _continues(clause: Sequence[Unit], at: int) -> bool:
    place = at - 1
    while place >= 0 and clause[place].tag in {"pause", "and"}:
        place -= 1
    return place >= 0 and clause[place].tag == "mention"


def _end_of_list(clause: Sequence[Unit], start: int) -> int:
    after = start + 1
    while after < len(clause) and (clause[after].tag == "mention" or _continues(clause, after + 1)):
        after += 1
    return after


def _gathered(parts: Sequence[Block]) -> list[Block]:
    """Clauses that name nothing belong to the task named last; a name alone waits for what is said next."""
    groups: list[list[Block]] = []
    for part in parts:
        if groups and _belongs(part, groups[-1]):
            groups[-1].append(part)
        else:
            groups.append([part])
    return [group[0] if len(group) == 1 else joined(group) for group in groups]


def joined(parts: Sequence[Block]) -> Block:
    return block([unit for part in parts for unit in part.units])


def _belongs(part: Block, group: Sequence[Block]) -> bool:
    if not part.mentions:
        return True
    named = [mention for before in group for mention in before.mentions]
    if not named and not any(before.speaks for before in group):
        return True
    if all(before.only_names for before in group):
        return True
    return not part.speaks and (not named or list(part.mentions) == named)

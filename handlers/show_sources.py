"""The messages behind a figure: as typed, by whom, when and on which channel."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from bot.case import Case
from bot.contacts import Action, may, may_look
from bot.effects import Effect
from bot.listing import short
from bot.messages import Text, Value, lines, text
from bot.store.sources import Source
from bot.tasks import Assignment
from handlers.meant_assignments import meant
from handlers.my_tasks import answerable
from handlers.office_decision import answered

_TELEPHONE = re.compile(r"(?<!\d)(?:\+?84|0)(?:[ .-]?\d){8,10}(?!\d)")
#: Channels whose name is no name for people.
_OURS = {"local": "source.local", "console": "source.local"}


def show_sources(case: Case, slots: Mapping[str, str]) -> Sequence[Effect]:
    """Of one number of the list, of one task in one unit, or of one task in all units."""
    what = meant(case, slots)
    seen = tuple(one for one in what.assignments if may_look(case.person, one.unit_id, one.task.follow_up_unit_id))
    whole = may(case.person, Action.SEE_PROVINCE)
    unknown = what.unknown if whole or "numbers" in slots else ()
    if not seen:
        # Whether others have such a task, or it exists at all, is not theirs to learn.
        return [answered(case, lines(*unknown) if unknown else text("source.not_yours"))]
    by_assignment: dict[int, list[Source]] = {}
    fit = tuple(_fit_to_be_seen(case, seen))
    chosen = case.book.talks.chosen(source.said_id for source in fit if source.said_id is not None and source.text)
    for source in fit:
        by_assignment.setdefault(source.assignment_id, []).append(source)
    files: dict[int, list[str]] = {}
    for file in case.book.inbox.placed([one.id for one in seen if _is_ones_own(case, one)]):
        files.setdefault(file.assignment_id or 0, []).append(file.name)
    parts: list[Value] = []
    silent: list[Assignment] = []
    for one in seen:
        if one.id in by_assignment:
            parts += _of_one(one, by_assignment[one.id], chosen, files.get(one.id, []))
        else:
            silent.append(one)
    if silent:
        parts.append(text("source.silent", units=tuple(f"{one.task.code} {one.unit_name}" for one in silent)))
    return [answered(case, lines(*parts, *unknown), [one for one in seen if answerable(case, one)])]


def _fit_to_be_seen(case: Case, seen: Sequence[Assignment]) -> Iterator[Source]:
    """The words behind these assignments. Who looks in another unit because their own follows a task up reads what is
    said of that task alone, without telephone numbers; of a message about more than that, only what was understood."""
    foreign = {one.id for one in seen if not _is_ones_own(case, one)}
    found = case.book.sources.of(one.id for one in seen)
    said = {source.said_id for source in found if source.assignment_id in foreign and source.said_id is not None}
    spoken_of = case.book.sources.spoken_of(said)
    open_to_view = {
        one.id
        for one in case.book.assignments.many({each for about in spoken_of.values() for each in about})
        if may_look(case.person, one.unit_id, one.task.follow_up_unit_id)
    }
    for source in found:
        if source.assignment_id not in foreign:
            yield source
        elif spoken_of.get(source.said_id or 0, set()) <= open_to_view:
            yield replace(source, text=_TELEPHONE.sub("…", source.text))
        else:
            yield replace(source, text="")


def _is_ones_own(case: Case, one: Assignment) -> bool:
    return may(case.person, Action.SEE_UNIT, one.unit_id)


def _of_one(
    one: Assignment, sources: Sequence[Source], chosen: Mapping[int, Sequence[str]], files: Sequence[str]
) -> Iterator[Value]:
    yield text("source.head", code=one.task.code, unit=one.unit_name, title=one.task.title)
    yield from (_line(source, chosen.get(source.said_id or 0, ())) for source in sources)
    if files:
        yield text("source.files", names=tuple(files))
    yield ""


def _line(source: Source, chosen: Sequence[str]) -> Text:
    if source.role is None:
        who = text("source.by_rule")
    else:
        name = source.name or text("source.left")
        who = text("source.by_clerk" if source.for_unit else "source.by", name=name, unit=source.unit_name)
    channel = text(_OURS.get(source.channel, "plain"), text=source.channel) if source.channel else None
    return lines(
        text(
            "source.line",
            at=source.at,
            kind=text(f"source.kind_{source.kind}"),
            who=who,
            channel=text("source.channel", channel=channel) if channel else "",
            gone=text("source.superseded") if source.superseded else "",
        ),
        text("source.words", said=source.text) if source.text else None,
        text("source.chosen", labels=tuple(short(label) for label in chosen)) if chosen else None,
    )

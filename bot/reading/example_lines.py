"""Examples written down as `examples.py` reads them: the lines of a context, then the text, an arrow, what it means."""

from collections.abc import Iterator, Sequence

from bot.reading.examples import Context, Example, default_task, examples, same
from bot.reading.meaning import Item


class UnwritableError(ValueError):
    """The file's format has no way to say this text, title or slot."""


def context_lines(context: Context) -> Iterator[str]:
    yield f"[{context.name}]"
    yield f"today {context.today.isoformat()}"
    if context.reply_to is not None:
        yield f"reply to {context.reply_to}"
    for task in context.tasks:
        due = task.due.isoformat() if task.due else "-"
        yield f"task {task.id} | {task.title} | {task.resolution or '-'} | {due}"


def example_line(text: str, items: Sequence[Item], context: Context, *, certain: bool = True) -> str:
    """One example; raises UnwritableError where it would be read back as something else."""
    meaning = " & ".join(_written(item, context) for item in items)
    line = f"{text.replace(chr(10), chr(92) + 'n')} -> {meaning}{'' if certain else ' ?'}"
    try:
        back = list(examples("\n".join([*context_lines(context), line]).split("\n")))
    except ValueError as problem:
        raise UnwritableError(line) from problem
    if len(back) != 1 or not _is(back[0], text, items, context, certain):
        raise UnwritableError(line)
    return line


def _written(item: Item, context: Context) -> str:
    slots: list[str] = [item.kind.value]
    if item.percent is not None:
        slots.append(f"{item.percent}%")
    if item.due is not None:
        slots.append(f"due={item.due.isoformat()}")
    if item.document is not None:
        slots.append(f"doc={item.document}")
    if item.task != default_task(item.kind, context):
        slots.append(f"task={'-' if item.task is None else item.task}")
    return " ".join(slots)


def _is(back: Example, text: str, items: Sequence[Item], context: Context, certain: bool) -> bool:
    whole = (back.text, back.certain, back.context) == (text, certain, context)
    return whole and same(back.items, items)

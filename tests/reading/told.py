"""A reply read in one setting or another, and what the reader made of it, written as the examples write it."""

from collections.abc import Sequence
from datetime import date

from bot.reading import Item, OpenTask, read
from bot.reading.meaning import TALK

MONDAY = date(2025, 9, 15)
ONE = (OpenTask(41, "Kế hoạch thực hiện Nghị quyết 57", "57-NQ/TW", date(2025, 9, 20)),)
THREE = (
    OpenTask(41, "Kế hoạch thực hiện Nghị quyết 57", "57-NQ/TW", date(2025, 9, 20)),
    OpenTask(17, "Kế hoạch thực hiện Nghị quyết 59", "59-NQ/TW", date(2025, 9, 20)),
    OpenTask(88, "Quyết định thành lập Ban Chỉ đạo chuyển đổi số", None, date(2025, 9, 18)),
)


def due_on(due: date | None, title: str = "Kế hoạch thực hiện Nghị quyết 57") -> tuple[OpenTask, ...]:
    """One open task with this deadline."""
    return (OpenTask(41, title, "57-NQ/TW", due),)


def told(text: str, tasks: Sequence[OpenTask] = ONE, today: date = MONDAY, reply_to: int | None = None) -> str:
    """'done task=41 & progress 60% task=17 ?': no task= where it is the one answered or the only one."""
    reading = read(text, today, tasks, reply_to)
    only = tasks[0].id if len(tasks) == 1 else None
    parts = [_written(item, only if reply_to is None else reply_to) for item in reading.items]
    return " & ".join(parts) + ("" if reading.certain else " ?")


def _written(item: Item, expected: int | None) -> str:
    words = [str(item.kind)]
    if item.percent is not None:
        words.append(f"{item.percent}%")
    if item.due:
        words.append(f"due={item.due}")
    if item.document:
        words.append(f"doc={item.document}")
    if item.kind not in TALK and (item.task is None or item.task != expected):
        words.append(f"task={item.task or '-'}")
    return " ".join(words)

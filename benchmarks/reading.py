"""How long a reply takes to read, beside dateparser's search for a date alone where that is installed."""

import sys
from collections.abc import Callable
from datetime import date
from time import perf_counter

from bot.reading import OpenTask, read
from bot.reading.accuracy import own_examples

TODAY = date(2025, 9, 15)
TASKS = [OpenTask(n, f"Kế hoạch thực hiện Nghị quyết {n}", f"{n}-NQ/TW", TODAY) for n in range(1, 20)]
LONGEST_LEGAL = 4096
HOSTILE = {
    "fractions": "1/2 ",
    "a list without end": "1,",
    "one word": "a",
    "negations": "chưa ",
    "typos": "xogn hoan thnah ",
    "raw Telex": "dduowjc roofi ",
    "tasks": "việc 1 xong, ",
    "emoji": "👍",
    "signs": "45/KH-UBND ",
    "Khmer": "កំពុងធ្វើ",
    "Russian": "не готово но делаем ",
}


def milliseconds(work: Callable[[], object], rounds: int = 3) -> float:
    """The best of a few rounds: what the machine does beside is no fault of ours."""
    found = []
    for _ in range(rounds):
        start = perf_counter()
        work()
        found.append((perf_counter() - start) * 1000)
    return min(found)


def search_dates() -> Callable[[str], object] | None:
    try:
        from dateparser.search import search_dates as search
    except ImportError:
        return None
    return lambda text: search(text, languages=["vi"])


def main() -> None:
    start = perf_counter()
    read("xong", TODAY, TASKS)
    lines = [f"first reply, words loaded: {(perf_counter() - start) * 1000:.0f} ms"]
    replies = [example for found in own_examples().values() for example in found]
    times = sorted(milliseconds(example.reading) for example in replies)
    lines.append(
        f"{len(times)} replies: median {times[len(times) // 2]:.2f} ms, p99 {times[len(times) * 99 // 100]:.2f} ms, "
        f"worst {times[-1]:.2f} ms"
    )
    peer = search_dates()
    if peer:
        others = sorted(milliseconds(lambda text=example.text: peer(text), 1) for example in replies[:200])
        lines.append(f"dateparser search_dates: median {others[len(others) // 2]:.2f} ms")
    for name, piece in HOSTILE.items():
        text = (piece * LONGEST_LEGAL)[:LONGEST_LEGAL]
        lines.append(f"{name} x {LONGEST_LEGAL}: {milliseconds(lambda text=text: read(text, TODAY, TASKS)):.2f} ms")
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()

"""The walls of the house, read with `ast`: who may import whom, the doors, the clock, sizes and names."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("bot", "handlers", "scheduler", "locales")
#: Stand beside the product, are no part of it.
BESIDE = ("tests", "benchmarks", "deploy")

LEAVES = ("bot.clock", "bot.failpoints", "bot.redaction")
NOUNS = ("bot.messages", "bot.tasks", "bot.contacts", "bot.calendar", "bot.conversation", "bot.joining_codes")
PURE = ("bot.reading", "bot.wording", "bot.command_words", "bot.phrases", "bot.unit_names", "bot.listing")
#: Of the store, handlers and the like may know the book and its frozen values (a test below looks at each name).
BOOK = ("bot.store",)
HANDLERS_MAY = (*NOUNS, *PURE, *BOOK, "bot.case", "bot.effects", "bot.desk", "bot.reports")
#: The timetable's pure part: what a change of it moves is told before it holds, and done in the same transaction.
TIMETABLE = ("scheduler.policy", "scheduler.replanning", "scheduler.timetable")
CLERK_ROOMS = ("bot.filing", "bot.effects_done", "bot.clerk", "bot.post", "bot.attachments", "bot.front_door")
CLERK_MAY = (*HANDLERS_MAY, *LEAVES, *CLERK_ROOMS, "bot.directives", "bot.channels.port")
DOORS_MAY = (*NOUNS, *LEAVES, "bot.channels.port", "bot.clerk", "bot.post", "bot.wording", "bot.settings")
EVERYTHING = ("bot", "handlers", "scheduler", "locales")

#: Each room and what it may import beside itself. A module belongs to the room with the longest matching name; rooms
#: that stand beside each other in one tuple are still apart.
ROOMS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(LEAVES, ()),
    **dict.fromkeys(NOUNS, NOUNS),
    "bot.settings": ("bot.wording",),  # it has to know which languages there are
    "bot.reading": NOUNS,
    "bot.wording": NOUNS,
    "bot.command_words": (),
    "bot.phrases": (*NOUNS, "bot.command_words"),
    "bot.unit_names": (*NOUNS, "bot.command_words", "bot.reading.letters"),
    "bot.listing": NOUNS,
    "bot.directives": (*NOUNS, "bot.reading.letters"),  # one folding of Vietnamese letters in the house
    "bot.store": (*NOUNS, *LEAVES, "bot.reading.person_names"),  # who is erased is found however typed
    "bot.reports": (*NOUNS, "bot.wording"),
    "bot.case": (*NOUNS, *BOOK, "bot.reading.meaning"),
    "bot.effects": (*NOUNS, *BOOK, "bot.reading.meaning"),
    "bot.desk": (*NOUNS, *BOOK, "bot.case", "bot.effects"),
    **dict.fromkeys(CLERK_ROOMS, CLERK_MAY),
    "bot.effects_done": (*CLERK_MAY, *TIMETABLE),
    "bot.imports": (*NOUNS, "bot.directives", "bot.store"),
    "bot.local_desk": (
        *NOUNS,
        "bot.command_words",
        "bot.store",
        "bot.channels.local",
    ),  # the local chat's questions answered
    "bot.logs": ("bot.redaction",),
    "bot.vitals": (*NOUNS, *LEAVES, *BOOK, "bot.post", "bot.channels.port"),
    "bot.menus": (*NOUNS, "bot.phrases", "bot.wording"),
    "bot.channels": DOORS_MAY,
    "bot.web": (*DOORS_MAY, "bot.channels.local"),  # the page is where the local channel's phones live
    "bot.assembly": EVERYTHING,
    "bot.demo": EVERYTHING,
    "bot.commands": EVERYTHING,
    "bot.__main__": EVERYTHING,
    "handlers": (*HANDLERS_MAY, *TIMETABLE),
    "scheduler": HANDLERS_MAY,
    "locales": (),
}
#: Rooms to which the store is only the book and what it answers with.
KNOW_THE_BOOK = ("bot.case", "bot.effects", "bot.desk", "handlers", "scheduler")
#: Rooms of several files side by side: bot/post_ready.py lives in the room bot.post.
SPREADS = ("bot.assembly", "bot.demo", "bot.clerk", "bot.post")
#: Library -> the only modules that may import it.
DOORS = {
    "telegram": r"bot\.channels\.telegram\w*",
    "aiohttp": r"bot\.channels\.telegram_wire",
    "sqlalchemy": r"bot\.store(\..+)?",
    "alembic": r"bot\.store(\..+)?",
    "babel": r"bot\.wording",
    "apscheduler": r"scheduler\.clockwork",
}
CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}
NAIVE = {"utcnow", "utcfromtimestamp"}
#: Where an aware moment may lose its zone, each with its reason.
ZONELESS = {"bot.reports.book_file": "a spreadsheet's cell knows no zone; the sheet names it"}
FORBIDDEN_NAMES = re.compile(r"(?:.*_)?(?:utils?|helpers?|common|managers?|services?|misc)")
LONGEST_FILE = 400
LONGEST_FUNCTION = 50
LONGEST_SLEEP_S = 0.05
#: Files that may be longer, each with its reason.
LONGER_FILES: dict[str, str] = {}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree(path: Path) -> ast.Module:
    """A file as Python sees it."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """All that stands in a file."""
    return tuple(ast.walk(tree(path)))


def python_files(*folders: str) -> list[Path]:
    """Every Python file under these top folders, as they stand now."""
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


PRODUCT_FILES = python_files(*PRODUCT)
ALL_FILES = python_files(*PRODUCT, *BESIDE)


def shown(path: Path) -> str:
    """A path as a reader of a failure wants it."""
    return str(path.relative_to(ROOT))


def module_of(path: Path) -> str:
    """bot/store/__init__.py -> bot.store"""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(path) for path in PRODUCT_FILES}


def inside(module: str, room: str) -> bool:
    """Whether a module lives in a room."""
    return module == room or module.startswith(f"{room}.") or (room in SPREADS and module.startswith(f"{room}_"))


def room_of(module: str) -> str | None:
    """The room with the longest name in which a module lives."""
    return max((room for room in ROOMS if inside(module, room)), key=len, default=None)


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """(line, module) of every import in a file, also the lazy ones and those for type checkers."""
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for name in node.names:
                submodule = f"{base}.{name.name}"
                yield node.lineno, submodule if submodule in MODULES else base


def functions(path: Path) -> Iterator[Function]:
    """Every function and method of a file."""
    return (node for node in nodes(path) if isinstance(node, Function))


def calls(path: Path) -> Iterator[tuple[ast.Call, str, str]]:
    """(call, object's last name, method) of every call `object.method(...)` of a file."""
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            yield node, name, node.func.attr


def tracked() -> list[Path]:
    """What belongs to the project: the files git knows, or all where this is no clone."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not re.search(r"/\.|/__pycache__/", shown(path))]


def test_every_module_has_a_room() -> None:
    """A new file is placed by naming its room and what that room may know."""
    homeless = [module for module in sorted(MODULES) if module != "bot" and room_of(module) is None]

    assert homeless == []


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_downward(room: str) -> None:
    """A room imports itself and what the table allows, nothing else of ours."""
    may = ROOMS[room]
    wrong = [
        f"{shown(path)}:{line} imports {module}"
        for path in PRODUCT_FILES
        if room_of(module_of(path)) == room
        for line, module in imports(path)
        if module.split(".")[0] in PRODUCT and module != "bot"
        if not inside(module, room) and not any(inside(module, allowed) for allowed in may)
    ]

    assert wrong == []


def values_of_the_store() -> set[str]:
    """Frozen dataclasses, enumerations and constants defined in the store."""
    found = {"Book"}
    for path in python_files("bot/store"):
        for node in tree(path).body:
            if isinstance(node, ast.ClassDef):
                about = " ".join(ast.unparse(part) for part in (*node.decorator_list, *node.bases))
                found |= {node.name} if re.search(r"frozen=True|Enum|Protocol|NamedTuple", about) else set()
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {name.id for name in targets if isinstance(name, ast.Name) and name.id.isupper()}
    return found


def test_only_the_book_and_its_values_leave_the_store() -> None:
    """Handlers, rules and what they are handed know the book, and values that hold no connection."""
    known = values_of_the_store()
    wrong = [
        f"{shown(path)}:{node.lineno} imports {name.name} of {node.module}"
        for path in PRODUCT_FILES
        if room_of(module_of(path)) in KNOW_THE_BOOK
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and inside(node.module or "", "bot.store")
        for name in node.names
        if name.name not in known
    ]

    assert wrong == []


@pytest.mark.parametrize("library", DOORS)
def test_each_library_has_one_door(library: str) -> None:
    """Telegram, SQLAlchemy with Alembic, Babel and APScheduler are each known to one room."""
    wrong = [
        f"{shown(path)}:{line} imports {module}"
        for path in PRODUCT_FILES
        for line, module in imports(path)
        if module.split(".")[0] == library and not re.fullmatch(DOORS[library], module_of(path))
    ]

    assert wrong == []


def test_only_the_clock_reads_a_clock() -> None:
    """Everywhere else the time is an argument."""
    wrong = [
        f"{shown(path)}:{call.lineno} calls {owner}.{method}"
        for path in PRODUCT_FILES
        if module_of(path) != "bot.clock"
        for call, owner, method in calls(path)
        if (owner, method) in CLOCKS
    ]
    wrong += [
        f"{shown(path)}:{node.lineno} imports time.{name.name}"
        for path in PRODUCT_FILES
        if module_of(path) != "bot.clock"
        for node in nodes(path)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for name in node.names
        if ("time", name.name) in CLOCKS
    ]

    assert wrong == []


def test_no_moment_loses_its_zone() -> None:
    """Nothing makes a naive moment, and nothing takes the zone off an aware one."""
    wrong = [
        f"{shown(path)}:{call.lineno} {owner}.{method}"
        for path in PRODUCT_FILES
        if module_of(path) not in ZONELESS
        for call, owner, method in calls(path)
        if method in NAIVE
        or (
            method == "replace"
            and any(
                word.arg == "tzinfo" and isinstance(word.value, ast.Constant) and word.value.value is None
                for word in call.keywords
            )
        )
    ]

    assert wrong == []


def test_files_are_short() -> None:
    """No Python file is longer than can be read in one sitting."""
    lengths = {shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in ALL_FILES}

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE and name not in LONGER_FILES} == {}


def test_functions_are_short() -> None:
    """No function, its docstring left out, is longer than a screen."""
    wrong = {}
    for path in ALL_FILES:
        for function in functions(path):
            lines = (function.end_lineno or 0) - function.lineno + 1
            first = function.body[0]
            if ast.get_docstring(function, clean=False) is not None:
                lines -= (first.end_lineno or 0) - first.lineno + 1
            if lines > LONGEST_FUNCTION:
                wrong[f"{shown(path)}:{function.lineno} {function.name}"] = lines

    assert wrong == {}


def test_product_code_stands_in_four_folders() -> None:
    """The customer fixed the top level; what stands beside it is no product."""
    tops = {path.relative_to(ROOT).parts[0] for path in tracked() if path.suffix == ".py"}

    assert tops <= {*PRODUCT, *BESIDE}


def test_names_say_what_is_meant() -> None:
    """No file and no folder of code is called utils, helpers, common, manager or service."""
    parts = {part for path in ALL_FILES for part in path.relative_to(ROOT).with_suffix("").parts}

    assert [part for part in sorted(parts) if FORBIDDEN_NAMES.fullmatch(part)] == []


def test_every_module_says_what_lives_there() -> None:
    """Each file begins with a sentence."""
    assert [shown(path) for path in ALL_FILES if not ast.get_docstring(tree(path))] == []


def test_every_test_says_what_holds() -> None:
    """Each test has a sentence of its own."""
    wrong = [
        f"{shown(path)}:{function.lineno} {function.name}"
        for path in python_files("tests")
        for function in functions(path)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]

    assert wrong == []


def test_no_test_waits_for_time_to_pass() -> None:
    """A short pause between two looks is all that is allowed; time is an argument."""
    wrong = [
        f"{shown(path)}:{call.lineno}"
        for path in python_files("tests")
        for call, owner, method in calls(path)
        if owner in ("time", "asyncio", "anyio") and method == "sleep"
        if call.args and isinstance(call.args[0], ast.Constant) and float(str(call.args[0].value)) > LONGEST_SLEEP_S
    ]

    assert wrong == []


def test_test_folders_are_no_packages() -> None:
    """A package tests/bot would hide the product's."""
    assert [shown(path) for path in python_files("tests") if path.name == "__init__.py"] == []


def test_nothing_of_one_machine_is_in_the_project() -> None:
    """No path of somebody's home, and no compiled catalogue."""
    homes = re.compile(rb"(?<![\w.:/])/(?:work|home|root|Users|mnt)/\w")
    wrong = []
    for path in tracked():
        found = homes.search(path.read_bytes())
        if path.suffix == ".mo" or found:
            wrong.append(f"{shown(path)}: {found[0] if found else 'compiled'!r}")

    assert wrong == []


def test_requirements_name_no_index() -> None:
    """Where packages come from is each machine's own setting; each is pinned by its hash."""
    for path in ROOT.glob("requirements*.txt"):
        pinned = path.read_text(encoding="utf-8")

        assert not re.search(r"://|--(?:extra-)?index-url|--find-links|--trusted-host", pinned)
        assert len(re.findall(r"^[\w.-]+==", pinned, re.MULTILINE)) == len(
            re.findall(r"^[\w.-]+==[^\n]*\\\n\s+--hash=sha256:", pinned, re.MULTILINE)
        )

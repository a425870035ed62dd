"""Tasks that a unit follows up, as each database finds them."""

from __future__ import annotations

from bot.store.book import Book
from bot.store.engine import Store
from tests.opened_store import give_task


def test_a_unit_finds_its_own_and_what_it_follows_once(store: Store) -> None:
    """T02 is given to Bình Hòa and the office, which follows it; T03 is the office's own, T04 nobody's it may see."""

    def give(book: Book) -> None:
        for code, units in (("T02", ("30712", "VPUBND")), ("T03", ("VPUBND",)), ("T04", ("30712",))):
            give_task(book, code, units=units)
        office = book.people.unit("VPUBND")
        assert office is not None
        assert book.following.pass_on({"T02": office.id, "T99": office.id}) == ("T02",)
        assert book.following.pass_on({"T02": office.id}) == ()

    def found(book: Book, unit: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        one = book.people.unit(unit)
        assert one is not None
        both = book.following.of([one.id]), book.following.with_own([one.id])
        of, with_own = ([(each.task.code, each.unit_code) for each in some] for some in both)
        return of, with_own

    store.write_now(give)
    everywhere = [("T02", "30712"), ("T02", "VPUBND")]
    assert store.read_now(lambda book: found(book, "VPUBND")) == (everywhere, [*everywhere, ("T03", "VPUBND")])
    assert store.read_now(lambda book: found(book, "30712")) == ([], [("T02", "30712"), ("T04", "30712")])
    assert store.read_now(lambda book: found(book, "30760")) == ([], [])

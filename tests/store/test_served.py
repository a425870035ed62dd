"""Which accounts are served: who joined by another one counts as nobody who could be reminded, and is named."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.contacts import Role
from bot.store.engine import Store
from tests.store.opening import NOW, join

ALL = [("telegram", "1"), ("zalo", "9")]
ZALO = [("zalo", "9")]


def note(store: Store, accounts: list[tuple[str, str]]) -> None:
    """A house starts with these accounts."""
    store.write_now(lambda book: book.served.note(accounts, NOW + timedelta(hours=1)))


def deaf(store: Store) -> list[str]:
    """Units in which nobody can be reached."""
    return [unit.code for unit in store.read_now(lambda book: book.people.units_without_contact())]


def cut_off(store: Store, accounts: list[tuple[str, str]] | None = None) -> list[tuple[str, str]]:
    """Who is named, with their unit."""
    return [(one.name, one.unit) for one in store.read_now(lambda book: book.served.cut_off(accounts))]


def test_until_a_house_starts_every_account_counts(store: Store) -> None:
    """Nobody has said yet which are served: Lan is reached."""
    join(store, "Lan", "telegram:1:11")

    assert "30712" not in deaf(store)
    assert cut_off(store) == []


def test_who_joined_by_a_bot_that_is_gone_is_named_and_their_unit_has_nobody(store: Store) -> None:
    """The office took bot 1 away: Lan is cut off, Minh with a second address is not; An left no seat unheard."""
    join(store, "Lan", "telegram:1:11")
    join(store, "Minh", "telegram:1:12", "zalo:9:12", unit="30760")
    join(store, "An", "zalo:9:13", unit="VPUBND", role=Role.OFFICE)
    note(store, ZALO)

    assert "30712" in deaf(store)
    assert "30760" not in deaf(store)
    assert cut_off(store) == [("Lan", "Bình Hòa")]


def test_a_bot_that_comes_back_serves_its_people_again(store: Store) -> None:
    """The next start names it again: nobody has to join anew."""
    join(store, "Lan", "telegram:1:11")
    note(store, ZALO)
    note(store, ALL)

    assert cut_off(store) == []
    assert "30712" not in deaf(store)


def test_replicas_with_the_same_accounts_agree(store: Store) -> None:
    """The second one changes nothing, not even since when."""
    join(store, "Lan", "telegram:1:11")
    note(store, ZALO)
    store.write_now(lambda book: book.served.note(ZALO, NOW + timedelta(days=2)))
    with store.engine.connect() as connection:
        since = connection.exec_driver_sql("SELECT unserved_since FROM address").scalar_one()

    assert since == int((NOW + timedelta(hours=1)).timestamp() * 1_000_000)


def test_the_doctor_sees_it_before_the_house_is_started(store: Store) -> None:
    """By accounts that are not noted yet, nothing is changed and the same people are named."""
    join(store, "Lan", "telegram:1:11")

    assert cut_off(store, ZALO) == [("Lan", "Bình Hòa")]
    assert cut_off(store) == []


@pytest.mark.parametrize("why", ["refused", "left"])
def test_who_is_gone_anyway_is_not_named(store: Store, why: str) -> None:
    """A blocked phone is told of elsewhere, and who left is nobody's affair."""
    lan = join(store, "Lan", "telegram:1:11")
    if why == "left":
        store.write_now(lambda book: book.people.erase(lan, NOW))
    else:
        [at] = store.read_now(lambda book: book.people.people([lan]))[0].addresses
        store.write_now(lambda book: book.people.refuse_address(at, "blocked", NOW))
    note(store, ZALO)

    assert cut_off(store) == []

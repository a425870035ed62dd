"""Settings: what an operator may set, and the one line that says what is broken."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import make_url
from sqlalchemy.dialects import postgresql

from bot.settings import BrokenSetting, Listen, load_settings, setting_names

TOKEN = "8417:AAF-lan_and_minh-0123456789abcdef"


def test_nothing_set_is_a_working_house() -> None:
    """Without a single setting: SQLite under ./nhacviec-data, the loopback, Vietnamese, no channel to the outside."""
    settings = load_settings({})

    assert settings.store_url == "sqlite:///nhacviec-data/nhacviec.sqlite3"
    assert settings.listen == Listen("127.0.0.1", 8080)
    assert (settings.language, settings.timezone.key) == ("vi", "Asia/Ho_Chi_Minh")
    assert not settings.outside_channels
    assert settings.hotline == ""


def test_the_environment_of_the_process_does_not_leak_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the mapping handed in counts."""
    monkeypatch.setenv("NHACVIEC_LANGUAGE", "en")
    monkeypatch.setenv("LANGUAGE", "en")

    assert load_settings({}).language == "vi"


def test_every_setting_is_read() -> None:
    """Each name has its effect."""
    settings = load_settings(
        {
            "NHACVIEC_DATA_DIR": "/srv/nhacviec",
            "NHACVIEC_LISTEN": "[::1]:9000",
            "NHACVIEC_PUBLIC_URL": "https://bot.angiang.example/",
            "NHACVIEC_WEBHOOK_SECRET": "s" * 32,
            "NHACVIEC_TELEGRAM_TOKENS": f"{TOKEN}, 8418:hoa",
            "NHACVIEC_TELEGRAM_API_URL": "http://127.0.0.1:8081",
            "NHACVIEC_ZALO_TOKENS": "77:minh",
            "NHACVIEC_ZALO_API_URL": "https://zalo.example",
            "NHACVIEC_TIMEZONE": "Asia/Bangkok",
            "NHACVIEC_LANGUAGE": "en",
            "NHACVIEC_HOTLINE": "chị Hoa, 0296 3 123 456",
        }
    )

    assert settings.store_url == "sqlite:////srv/nhacviec/nhacviec.sqlite3"
    assert settings.listen == Listen("::1", 9000)
    assert settings.public_url == "https://bot.angiang.example"
    assert [token.get_secret_value() for token in settings.telegram_tokens] == [TOKEN, "8418:hoa"]
    assert settings.telegram_api_url == "http://127.0.0.1:8081"
    assert [token.get_secret_value() for token in settings.zalo_tokens] == ["77:minh"]
    assert settings.zalo_api_url == "https://zalo.example"
    assert settings.timezone.key == "Asia/Bangkok"
    assert settings.language == "en"
    assert settings.hotline.startswith("chị Hoa")
    assert settings.outside_channels


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgresql_is_reached_by_psycopg(scheme: str) -> None:
    """Any usual spelling of a PostgreSQL address ends at the one driver we have."""
    settings = load_settings({"NHACVIEC_DATABASE_URL": f"{scheme}://lan:pass@db/nhacviec"})

    assert settings.store_url == "postgresql+psycopg://lan:pass@db/nhacviec"


def test_several_hosts_of_one_database_may_be_named() -> None:
    """Primary and standby side by side, as libpq writes them, with ports or without, reach the driver as they are."""
    given = "postgresql://lan:p%40ss@10.0.0.1:5433,10.0.0.2/nhacviec?sslmode=verify-full"
    settings = load_settings({"NHACVIEC_DATABASE_URL": given})
    driver = postgresql.psycopg.dialect()
    (_, reached) = driver.create_connect_args(make_url(settings.store_url))

    assert (reached["host"], reached["port"]) == ("10.0.0.1,10.0.0.2", "5433,")
    assert (reached["user"], reached["password"], reached["dbname"]) == ("lan", "p@ss", "nhacviec")
    assert reached["sslmode"] == "verify-full"
    assert urlsplit(settings.store_url).password == "p%40ss"


def test_secrets_may_stand_in_files(tmp_path: Path) -> None:
    """A token file holds one token a line; the secret of the webhooks may be a file too."""
    tokens = tmp_path / "tokens"
    tokens.write_text(f"{TOKEN}\n8418:hoa\n", encoding="utf-8")

    settings = load_settings({"NHACVIEC_TELEGRAM_TOKENS_FILE": str(tokens)})

    assert [token.get_secret_value() for token in settings.telegram_tokens] == [TOKEN, "8418:hoa"]


def test_empty_values_count_as_unset() -> None:
    """`NHACVIEC_PUBLIC_URL=` in a unit file is nothing, not a broken address."""
    assert load_settings({"NHACVIEC_PUBLIC_URL": " ", "NHACVIEC_LISTEN": ""}).public_url is None


BROKEN = {
    "NHACVIEC_DATABASE_URL": "mysql://lan:hush@db/x",
    "NHACVIEC_LISTEN": "everywhere",
    "NHACVIEC_PUBLIC_URL": "http://bot.angiang.example",
    "NHACVIEC_WEBHOOK_SECRET": "hush",
    "NHACVIEC_TELEGRAM_TOKENS": "8417:hush, hush hush",
    "NHACVIEC_TELEGRAM_API_URL": "ftp://hush",
    "NHACVIEC_ZALO_TOKENS": "1:hush,1:hush2",
    "NHACVIEC_ZALO_API_URL": "hush",
    "NHACVIEC_TIMEZONE": "Asia/Hush",
    "NHACVIEC_LANGUAGE": "hush",
    "NHACVIEC_HOTLINE": "hush" * 100,
    "NHACVIEC_TELEGRAM_TOKENS_FILE": "no-such-file",
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_setting_is_one_line_that_names_it(name: str) -> None:
    """The operator reads which setting it is, and never sees the value in a log."""
    with pytest.raises(BrokenSetting) as broken:
        load_settings({name: BROKEN[name]})

    line = str(broken.value)
    assert line.startswith(name)
    assert "\n" not in line
    assert "hush" not in line.lower()


@pytest.mark.parametrize("port", ["127.0.0.1:65536", "127.0.0.1:", ":8080", "127.0.0.1:eighty"])
def test_a_port_is_a_port(port: str) -> None:
    """What is no host and port is refused before anything listens."""
    with pytest.raises(BrokenSetting, match="NHACVIEC_LISTEN is no address to listen on"):
        load_settings({"NHACVIEC_LISTEN": port})


def test_webhooks_need_a_secret() -> None:
    """A public address without a secret would let anybody speak in an officer's name."""
    with pytest.raises(BrokenSetting, match="NHACVIEC_WEBHOOK_SECRET is missing"):
        load_settings({"NHACVIEC_PUBLIC_URL": "https://bot.example", "NHACVIEC_TELEGRAM_TOKENS": TOKEN})


def test_a_misspelt_name_is_not_silently_ignored() -> None:
    """NHACVIEC_TELEGRAM_TOKEN would otherwise start the sample province in place of the real one."""
    with pytest.raises(BrokenSetting, match="NHACVIEC_TELEGRAM_TOKENS is: rename it") as broken:
        load_settings({"NHACVIEC_TELEGRAM_TOKEN": TOKEN})

    assert TOKEN not in str(broken.value)


def test_a_secret_in_two_places_is_refused(tmp_path: Path) -> None:
    """Which of the two holds would be a guess."""
    (tmp_path / "tokens").write_text(TOKEN, encoding="utf-8")

    with pytest.raises(BrokenSetting, match="both set"):
        load_settings({"NHACVIEC_TELEGRAM_TOKENS": TOKEN, "NHACVIEC_TELEGRAM_TOKENS_FILE": str(tmp_path / "tokens")})


def test_an_empty_secret_file_is_named(tmp_path: Path) -> None:
    """An empty file is a mistake, not "no token"."""
    (tmp_path / "tokens").write_text("\n", encoding="utf-8")

    with pytest.raises(BrokenSetting, match=r"NHACVIEC_TELEGRAM_TOKENS_FILE: .* is empty"):
        load_settings({"NHACVIEC_TELEGRAM_TOKENS_FILE": str(tmp_path / "tokens")})


def test_secrets_have_no_repr() -> None:
    """Neither the repr nor the JSON of the settings shows a token or the database's password."""
    settings = load_settings(
        {"NHACVIEC_TELEGRAM_TOKENS": TOKEN, "NHACVIEC_DATABASE_URL": "postgresql://lan:pass1234@db/x"}
    )

    shown = f"{settings!r} {settings} {settings.model_dump_json()}"
    assert TOKEN not in shown
    assert "pass1234" not in shown


def test_every_name_is_listed_once() -> None:
    """The list that README is checked against holds the plain names and the file names."""
    names = setting_names()

    assert len(names) == len(set(names))
    assert {"NHACVIEC_HOTLINE", "NHACVIEC_TELEGRAM_TOKENS", "NHACVIEC_TELEGRAM_TOKENS_FILE"} <= set(names)


@pytest.mark.parametrize(
    ("typo", "meant"),
    [
        ("NHACVIEC_TELEGRAM_TOKEN", "NHACVIEC_TELEGRAM_TOKENS"),
        ("NHACVIEC_TELEGRAMTOKENS", "NHACVIEC_TELEGRAM_TOKENS"),
        ("NHACVIEC_DATABASEURL", "NHACVIEC_DATABASE_URL"),
        ("NHACVIEC_WEBHOOK_SECRETS", "NHACVIEC_WEBHOOK_SECRET"),
        ("NHACVIEC_WEBHOOK_SECRETFILE", "NHACVIEC_WEBHOOK_SECRET_FILE"),
        ("NHACVIEC_PUBLICURL", "NHACVIEC_PUBLIC_URL"),
        ("NHACVIEC_TIME_ZONE", "NHACVIEC_TIMEZONE"),
        ("NHACVIEC_LANGAUGE", "NHACVIEC_LANGUAGE"),
        ("NHACVIEC_ZALO_TOKEN_FILE", "NHACVIEC_ZALO_TOKENS_FILE"),
    ],
)
def test_a_slip_of_the_finger_is_told_with_what_was_meant(typo: str, meant: str) -> None:
    """One line with both names, and never the value, which may be the secret itself."""
    with pytest.raises(BrokenSetting) as broken:
        load_settings({typo: f"{TOKEN} hush"})

    line = str(broken.value)
    assert line.startswith(f"{typo} is no setting; {meant} is")
    assert "\n" not in line
    assert "hush" not in line
    assert TOKEN.partition(":")[2] not in line


@pytest.mark.parametrize("inside", [b"\xff\xfe\x00t", b"\x80"])
def test_a_secret_file_of_another_encoding_is_named(tmp_path: Path, inside: bytes) -> None:
    """Saved as UTF-16 by an editor: told as a file that can't be read, not as a broken token."""
    file = tmp_path / "tokens"
    file.write_bytes(inside)
    with pytest.raises(BrokenSetting, match=r"^NHACVIEC_TELEGRAM_TOKENS_FILE: .*tokens can't be read"):
        load_settings({"NHACVIEC_TELEGRAM_TOKENS_FILE": str(file)})


def test_a_folder_for_a_secret_file_is_named(tmp_path: Path) -> None:
    """A mount that is a folder, as container tools make it where the file is missing."""
    with pytest.raises(BrokenSetting, match="can't be read"):
        load_settings({"NHACVIEC_WEBHOOK_SECRET_FILE": str(tmp_path)})


@pytest.mark.parametrize(
    "address",
    [
        "https://user:hush-hush@[half",
        "https://bot.example/?token=hush-hush",
        "https://bot.example:port-hush-hush/",
        "https://bot.example:99999/hush-hush",
        "https://bot.example:0/hush-hush",
        "https://bot.example/#hush-hush",
        "bot.example/hush-hush",
    ],
)
def test_a_broken_address_is_one_line_without_its_words(address: str) -> None:
    """Addresses hold passwords now and then: what was written is not repeated, however it is broken."""
    with pytest.raises(BrokenSetting) as broken:
        load_settings({"NHACVIEC_PUBLIC_URL": address})

    line = str(broken.value)
    assert line.startswith("NHACVIEC_PUBLIC_URL ")
    assert "\n" not in line
    assert "hush" not in line


def test_what_others_set_is_none_of_ours() -> None:
    """Names that only begin alike, or are far from any of ours, stop nothing."""
    assert (
        load_settings({"NHACVIEC": "x", "nhacviec_language": "en", "NHACVIEC_BACKUP_OF_THE_OFFICE": "x"}).language
        == "vi"
    )

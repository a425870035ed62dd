"""The terminal: a script of lines in, the conversation out."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from pathlib import Path

from bot.channels.console import ConsoleChannel, Lines, typed_lines
from bot.channels.port import Channel
from bot.messages import Address, Button, Letter
from bot.wording import Wording
from tests.web.fake_desk import BEGIN, CODE, ZONE, EchoDoor, FakeDesk


async def nothing_more() -> None:
    """The echo door answers at once."""


def script(lines: Iterable[str]) -> Lines:
    """Lines as typed, then the end."""
    waiting = iter(lines)

    async def line() -> str | None:
        return next(waiting, None)

    return line


class Terminal:
    """A console with a script in place of a keyboard."""

    def __init__(self, *lines: str, desk: FakeDesk | None = None) -> None:
        self.desk = desk or FakeDesk()
        self.door = EchoDoor(self.desk)
        self.printed: list[str] = []
        self.console = ConsoleChannel(
            self.desk,
            Wording("vi", ZONE),
            nothing_more,
            lines=script(lines),
            write=self.printed.append,
            echo=True,
        )
        self.door.channel = self.console

    async def run(self) -> str:
        """Everything printed until the script ended."""
        async with asyncio.timeout(5):
            await self.console.listen(self.door)
        return "".join(self.printed)


async def test_a_script_is_talked_through_in_order() -> None:
    """Each line is answered before the next is read, and the end of the input ends the talk."""
    terminal = Terminal("/phone lan", "1 xong", "2 60%")
    shown = await terminal.run()
    assert [incoming.text for incoming in terminal.door.received] == ["1 xong", "2 60%"]
    assert shown.index("lan> 1 xong") < shown.index("Đã nhận: 1 xong") < shown.index("lan> 2 60%")
    assert shown.endswith("lan> \n")


async def test_the_first_who_joined_is_taken_up() -> None:
    """Without a choice the talk begins on a phone somebody uses, and says whose it is."""
    shown = await Terminal().run()
    assert "Trần Thị Hoa · Chuyên viên văn phòng · Văn phòng UBND tỉnh" in shown
    assert "van-phong> " in shown


async def test_a_unit_joins_by_the_offered_code() -> None:
    """A phone nobody joined on offers its code, and one word sends it."""
    terminal = Terminal("/phone my-thoi", "/join", "xin chào")
    shown = await terminal.run()
    assert CODE in shown
    assert [incoming.text for incoming in terminal.door.received] == [CODE, "xin chào"]
    assert "Đã nhận: xin chào" in shown


async def test_a_button_is_pressed_by_its_number() -> None:
    """Buttons are numbered behind a slash, so that a typed number stays what the person says to the bot."""
    terminal = Terminal("/phone lan", "/2", "2", "/9")
    await terminal.console.send(
        Letter(5, Address("local", "main", "lan"), "Nhận?", (Button("Có", "1:0:y"), Button("Không", "1:0:n")))
    )
    shown = await terminal.run()
    assert [(incoming.text, incoming.button) for incoming in terminal.door.received] == [("", "1:0:n"), ("2", None)]
    assert "Không có nút này" in shown


async def test_a_letter_shows_its_buttons() -> None:
    """What the bot offers stands under its words."""
    terminal = Terminal("/phone lan", "chào")
    button = Button("Đồng ý", "1:0:yes")

    async def receive_and_offer(incoming: object) -> None:
        await terminal.console.send(Letter(6, Address("local", "main", "lan"), "Dòng một\nDòng hai", (button,)))

    terminal.door.receive = receive_and_offer  # type: ignore[method-assign]
    shown = await terminal.run()
    assert "07:00 │ Dòng một\n      │ Dòng hai\n      │ /1 Đồng ý\n" in shown


async def test_other_phones_are_announced_not_printed() -> None:
    """What arrives elsewhere is counted, shown in the list, and read by taking that phone up."""
    terminal = Terminal("/phone lan", "/phones", "/phone chu-tich", "/phones")
    desk, chair = terminal.desk, Address("local", "main", "chu-tich")
    await terminal.console.send(Letter(8, chair, "Báo cáo tuần"))
    shown = await terminal.run()
    assert desk.entries["chu-tich"].joined
    assert "Tin mới ở máy khác: chu-tich 1" in shown
    assert "Báo cáo tuần" not in shown
    assert shown.count("(1)") == 1


async def test_a_slash_the_terminal_does_not_know_is_for_the_bot() -> None:
    """Commands of the bot go through as they are."""
    terminal = Terminal("/tonghop", "/help", "")
    await terminal.run()
    assert [incoming.text for incoming in terminal.door.received] == ["/tonghop", "/help"]


async def test_the_clock_jumps_forward() -> None:
    """To the next reminder, then to a chosen moment; never back."""
    terminal = Terminal("/jump", "/jump", "/jump 2025-09-16T07:30", "/jump 2025-09-01T07:30", "/jump mai")
    shown = await terminal.run()
    assert shown.index("07:30 15/9/2025") < shown.index("Chưa có lần nhắc nào") < shown.index("07:30 16/9/2025")
    assert shown.count("Chưa nhảy được") == 2
    assert terminal.desk.now().day == 16


async def test_real_data_has_no_clock() -> None:
    """Where the store is no sample, time stays as it is."""
    terminal = Terminal("/jump", desk=FakeDesk(sample=False))
    assert "không chỉnh giờ được" in await terminal.run()
    assert terminal.desk.now() == BEGIN


async def test_a_file_is_sent(tmp_path: Path) -> None:
    """A file is kept first and then told, under its own name and kind."""
    path = tmp_path / "Kế hoạch 45.pdf"
    path.write_bytes(b"%PDF-1.7")
    terminal = Terminal("/phone lan", f"/file {path}")
    await terminal.run()
    (file,) = terminal.door.received[0].files
    assert (file.name, file.kind, file.size) == ("Kế hoạch 45.pdf", "application/pdf", 8)
    assert terminal.desk.files[file.ref] == b"%PDF-1.7"


async def test_files_that_cannot_be_sent_are_refused_in_words(tmp_path: Path) -> None:
    """A missing, an empty and a too large file each get a sentence; nothing is handed in."""
    (tmp_path / "rong.pdf").touch()
    with (tmp_path / "lon.pdf").open("wb") as large:
        large.truncate(20 * 1024 * 1024 + 1)
    terminal = Terminal(f"/file {tmp_path}/khong-co.pdf", f"/file {tmp_path}/rong.pdf", f"/file {tmp_path}/lon.pdf")
    shown = await terminal.run()
    assert shown.count("Không mở được") == 1
    assert shown.count("lớn hơn 20 MB") == 2
    assert terminal.door.received == []


async def test_a_store_that_fails_does_not_end_the_talk() -> None:
    """The person hears that nothing was stored, and can go on."""
    terminal = Terminal("1 xong", "/quit", "2 xong")
    terminal.door.broken = True
    shown = await terminal.run()
    assert "Chưa lưu được tin này" in shown
    assert "2 xong" not in shown


async def test_letters_cannot_command_the_terminal() -> None:
    """Escape sequences in somebody's words are shown, not obeyed."""
    terminal = Terminal("/phone lan", "\x1b[2J\x07xong")
    shown = await terminal.run()
    assert "\x1b" not in shown
    assert "·[2J·xong" in shown


async def test_lines_are_read_from_a_pipe_until_its_end() -> None:
    """Letters cut in two by the pipe, Windows line ends and a last line without an end all arrive whole."""
    reading, writing = os.pipe()
    lines = typed_lines(reading)
    os.write(writing, "1 xong\r\nvướng kinh ph".encode() + "í".encode()[:1])
    first = await lines()
    os.write(writing, "í".encode()[1:] + "\nhết".encode())
    os.close(writing)
    assert [first, await lines(), await lines(), await lines()] == ["1 xong", "vướng kinh phí", "hết", None]
    os.close(reading)


def test_the_terminal_is_a_channel() -> None:
    """It can stand wherever the house expects a channel."""
    channel: Channel = Terminal().console
    assert (channel.name, channel.account, channel.join_link("DK")) == ("local", "main", None)

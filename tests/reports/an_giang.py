"""An Giang's units and the tasks of 11/9/2025 at a chosen moment, for the tests of reports."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.tasks import Assignment, Due, Step, StepKind, Task, fold

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
OFFICES = {
    "VPUBND": "Văn phòng Ủy ban nhân dân tỉnh",
    "TTT": "Thanh tra tỉnh",
    "SNV": "Sở Nội vụ",
    "STP": "Sở Tư pháp",
    "STC": "Sở Tài chính",
    "SCT": "Sở Công Thương",
    "SNNMT": "Sở Nông nghiệp và Môi trường",
    "SXD": "Sở Xây dựng",
    "SKHCN": "Sở Khoa học và Công nghệ",
    "SVHTT": "Sở Văn hóa và Thể thao",
    "SDL": "Sở Du lịch",
    "SGDĐT": "Sở Giáo dục và Đào tạo",
    "SYT": "Sở Y tế",
    "SDTTG": "Sở Dân tộc và Tôn giáo",
    "CAT": "Công an tỉnh",
    "BPTTH": "Báo và Phát thanh, Truyền hình An Giang",
    "BQLKKTPQ": "Ban Quản lý Khu kinh tế Phú Quốc",
}
_COMMUNES = """
    Mỹ Hòa Hưng, An Phú, Khánh Bình, Nhơn Hội, Phú Hữu, Vĩnh Hậu, Vĩnh Xương, Tân An, Châu Phong, Phú Tân,
    Chợ Vàm, Phú Lâm, Hòa Lạc, Phú An, Bình Thạnh Đông, Châu Phú, Mỹ Đức, Vĩnh Thạnh Trung, Thạnh Mỹ Tây,
    Bình Mỹ, An Cư, Núi Cấm, Tri Tôn, Ba Chúc, Vĩnh Gia, Ô Lâm, Cô Tô, An Châu, Cần Đăng, Vĩnh An, Bình Hòa,
    Vĩnh Hanh, Chợ Mới, Long Điền, Cù Lao Giêng, Nhơn Mỹ, Long Kiến, Hội An, Thoại Sơn, Phú Hòa, Óc Eo, Tây
    Phú, Vĩnh Trạch, Định Mỹ, Tiên Hải, Kiên Lương, Hòa Điền, Vĩnh Điều, Giang Thành, Sơn Hải, Hòn Nghệ, Hòn
    Đất, Bình Sơn, Bình Giang, Sơn Kiên, Mỹ Thuận, Tân Hiệp, Tân Hội, Thạnh Đông, Châu Thành, Thạnh Lộc, Bình
    An, Giồng Riềng, Thạnh Hưng, Ngọc Chúc, Hòa Hưng, Long Thạnh, Hòa Thuận, Gò Quao, Định Hòa, Vĩnh Hòa
    Hưng, Vĩnh Tuy, An Biên, Tây Yên, Đông Thái, Vĩnh Hòa, An Minh, Đông Hòa, U Minh Thượng, Tân Thạnh, Đông
    Hưng, Vân Khánh, Vĩnh Phong, Vĩnh Bình, Vĩnh Thuận
"""
_WARDS = """
    Bình Đức, Mỹ Thới, Long Xuyên, Châu Đốc, Vĩnh Tế, Tân Châu, Long Phú, Thới Sơn, Chi Lăng, Tịnh Biên, Rạch
    Giá, Vĩnh Thông, Tô Châu, Hà Tiên
"""
_ZONES = "Phú Quốc, Thổ Châu, Kiên Hải"


def _names(kind: str, listed: str) -> list[str]:
    return [f"{kind} {name}" for name in " ".join(listed.split()).split(", ")]


COMMUNES = [*_names("Xã", _COMMUNES), *_names("Phường", _WARDS), *_names("Đặc khu", _ZONES)]
ALL_FOUR = ("57-NQ/TW", "59-NQ/TW", "66-NQ/TW", "68-NQ/TW")
T01 = Task(1, "T01", 1, "Tham mưu Kế hoạch thực hiện Chương trình hành động số 03-CTr/TU", ("59-NQ/TW",), product="KH")
T02 = Task(
    2,
    "T02",
    1,
    "Xây dựng kế hoạch triển khai các kế hoạch của UBND tỉnh về 4 nghị quyết",
    ALL_FOUR,
    due=Due(date(2025, 9, 20)),
    due_phrase="trước ngày 20/9",
    responsibility="Thủ trưởng đơn vị",
    product="KH",
    authority="Đơn vị",
)
T03 = Task(3, "T03", 1, "Tham mưu Chương trình hành động thực hiện NQ 71", ("71-NQ/TW",), due=Due(date(2025, 9, 25)))
T04 = Task(
    4,
    "T04",
    1,
    "Thành lập Ban Chỉ đạo phát triển KHCN, ĐMST, CĐS và Đề án 06",
    ("57-NQ/TW",),
    due=Due(date(2025, 9, 20)),
)
T18 = Task(18, "T18", 1, "Rà soát, cắt giảm TTHC và thời gian giải quyết ít nhất 30%", (), co_units=("các sở, ngành",))
ASSIGNED_AT = datetime(2025, 9, 12, 8, tzinfo=ZONE)


def at(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of September 2025, local."""
    return datetime(2025, 9, day, hour, minute, tzinfo=ZONE)


def step(kind: StepKind, when: datetime, **known: object) -> Step:
    """A standing report or decision."""
    return Step(kind, when, 1, **known)  # type: ignore[arg-type]


def given(number: int, task: Task, unit: str, *steps: Step, code: str | None = None) -> Assignment:
    """The task in this unit after these steps; units are told apart by their name."""
    units = [*OFFICES.values(), *COMMUNES]
    unit_id = units.index(unit) + 1 if unit in units else 1000 + sum(map(ord, unit))
    return Assignment(number, task, unit_id, code or f"U{unit_id:03}", unit, fold(steps, task.due), ASSIGNED_AT)


def province() -> list[Assignment]:
    """T02 in 119 units, T04 in 55 communes, T01, T03 and T18 in one each, told over ten days of September."""
    units = [*OFFICES.values(), *COMMUNES]
    found = [given(number, T02, unit, *_story(number)) for number, unit in enumerate(units, 1)]
    found += [given(200 + number, T04, unit, *_story(number * 3 + 1)) for number, unit in enumerate(COMMUNES[:55])]
    found.append(
        given(301, T01, "Sở Du lịch", step(StepKind.DONE, at(18), document="12/TTr-SDL"), step(StepKind.ACCEPT, at(19)))
    )
    found.append(given(302, T03, "Sở Giáo dục và Đào tạo", step(StepKind.PROGRESS, at(17), percent=40)))
    found.append(given(303, T18, "Văn phòng Ủy ban nhân dân tỉnh"))
    found.append(given(304, T18, "Sở Nội vụ", step(StepKind.RECALL, at(15))))
    return found


def _story(number: int) -> tuple[Step, ...]:
    done = step(StepKind.DONE, at(15 + number % 4), document=f"{number:02}/KH-UBND")
    return (
        (done, step(StepKind.ACCEPT, at(19))),
        (done, step(StepKind.ACCEPT, at(19))),
        (step(StepKind.PROGRESS, at(16), percent=60),),
        (done,),
        (),
        (step(StepKind.BLOCKED, at(17), obstacle="funding", follow_up=date(2025, 9, 24)),),
        (step(StepKind.DONE, at(21), document=f"{number:02}/KH-UBND"), step(StepKind.ACCEPT, at(21, 15))),
        (),
        (step(StepKind.PROGRESS, at(17)), step(StepKind.EXTEND, at(18), due=Due(date(2025, 9, 26), time(17)))),
        (step(StepKind.DONE, at(21), document=f"{number:02}/KH-UBND"),),
        (step(StepKind.NOT_STARTED, at(15)),),
    )[number % 11]

"""The office's meanings, and who may mean them; their phrases stand in locales/<lang>/commands.toml."""

from __future__ import annotations

from bot.contacts import Action
from bot.desk import Handler
from handlers import (
    ask_summary,
    confirm_report,
    decide_request,
    give_help,
    invite_contact,
    recall_task,
    report_for_unit,
    show_sources,
    show_waiting,
    unit_list,
)

#: Words that a unit's people use in their reports ("quá hạn", "vướng mắc") are commands for who sees the province.
OFFICE_HANDLERS: tuple[Handler, ...] = (
    Handler("help", give_help.show_help),
    Handler("show_waiting", show_waiting.show_waiting, Action.CONFIRM),
    Handler("confirm", confirm_report.confirm, Action.CONFIRM),
    Handler("confirm_all", confirm_report.confirm_all, Action.CONFIRM),
    Handler("return_report", confirm_report.return_report, Action.CONFIRM),
    Handler("recall_task", recall_task.recall, Action.CONFIRM),
    Handler("reopen_task", recall_task.reopen, Action.CONFIRM),
    Handler("grant", decide_request.grant, Action.DECIDE),
    Handler("grant_extensions", decide_request.grant_extensions, Action.DECIDE),
    Handler("refuse_request", decide_request.refuse, Action.DECIDE),
    Handler("answer_request", decide_request.answer, Action.DECIDE, units_say_it_too=True),
    Handler("report_for_unit", report_for_unit.write_down, Action.REPORT_FOR_UNIT, units_say_it_too=True),
    Handler("invite_contact", invite_contact.invite, Action.INVITE),
    Handler("summary", ask_summary.total),
    Handler("one_resolution", ask_summary.one_resolution),
    Handler("one_task", ask_summary.one_task),
    Handler("late_units", ask_summary.late_units),
    Handler("silent_units", ask_summary.silent_units),
    Handler("by_resolution", ask_summary.by_resolution),
    Handler("by_unit", ask_summary.by_unit),
    Handler("overdue", ask_summary.late_units, Action.SEE_PROVINCE),
    Handler("obstacles", ask_summary.obstacles, Action.SEE_PROVINCE),
    Handler("unreached", ask_summary.nobody, Action.SEE_PROVINCE),
    Handler("picture", ask_summary.picture, Action.SUMMARISE),
    Handler("sheet", ask_summary.sheet, Action.SUMMARISE),
    Handler("show_unit", unit_list.show_unit, Action.SEE_PROVINCE),
    Handler("sources", show_sources.show_sources),
)

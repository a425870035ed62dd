"""Every meaning there is, in one table; adding one is a file here, its line below, and its phrases in locales/."""

from __future__ import annotations

from bot.contacts import Action
from bot.desk import Desk, Handler
from handlers import (
    answer_question,
    followed_tasks,
    my_data,
    my_tasks,
    register,
    remind_again,
    report_status,
    undo,
    withdraw_request,
)
from handlers.office_table import OFFICE_HANDLERS

HANDLERS: tuple[Handler, ...] = (
    Handler("add_code", register.add_code),
    Handler("my_tasks", my_tasks.show_list),
    Handler("show_task", my_tasks.show_task),
    Handler("followed_tasks", followed_tasks.show_followed),
    Handler("undo", undo.take_back),
    Handler("drop_question", undo.drop_question),
    Handler("withdraw_extension", withdraw_request.extension, Action.REPORT),
    Handler("withdraw_request", withdraw_request.request),
    Handler("remind_again", remind_again.again, Action.REPORT),
    Handler("choose_language", my_data.choose_language),
    Handler("my_data", my_data.show),
    Handler("correct_name", my_data.correct_name),
    Handler("correct_post", my_data.correct_post),
    Handler("correct_phone", my_data.correct_phone),
    Handler("withdraw", my_data.ask_withdraw),
    Handler("withdraw_surely", my_data.withdraw),
    Handler("add_channel", my_data.add_channel),
    *OFFICE_HANDLERS,
)


def desk() -> Desk:
    """Who answers what."""
    return Desk(
        handlers=HANDLERS,
        pick=answer_question.pick,
        reply=report_status.reply,
        before_consent=answer_question.before_consent,
        stranger=register.stranger,
    )

"""The table of constructions: for each statement the rows of meanings that make it, the more particular before the plainer."""

#: what carries no statement of its own and may stand between the parts of one
NEUTRAL = (
    "unknown", "noun", "person", "courtesy", "yes", "unit_noun", "step", "resource", "numeral", "number", "every", "about",
    "paper", "sign", "document", "cited", "inside", "outside", "outside_system", "exists", "soon", "surely", "this", "coming",
    "now", "past_time", "further", "mention", "until", "citing", "from", "number_word", "in_time", "day_past", "day_today",
    "clock", "bracket", "colon", "task_word", "all_of", "all_tasks", "resolution_word", "resolution", "week_word", "day_word",
    "month_word", "year_word", "hour_word", "weekday", "money", "out_of", "percent_word", "sign_of_mood", "slash", "hash",
    "quarter_word", "end_of", "start_of", "middle_of", "ten_word", "progress_word", "signature", "answer", "sorry", "tick",
    "pair", "full_date", "span", "solved", "dated", "ahead_word", "draft", "still", "amount", "contact_person", "did",
)  # fmt: skip

CLASSES: dict[str, tuple[str, ...]] = {
    "END_OF_WORK": ("finished", "sent", "established"),
    "WORK": ("working", "small_step", "started"),
    "PAPERWORK": ("signed", "submitted"),
    "ANY_WORK": ("finished", "sent", "established", "working", "small_step", "started", "signed", "submitted", "in_hand"),
    "AHEAD": ("day_ahead", "day_today"),
    "soft": ("courtesy", "person", "yes", "sign_of_mood", "sorry", "now", "soon", "noun", "thanks", "bracket"),
    "GIVEN": ("day_ahead", "day_today", "day_past", "span", "extra_time"),
}

CONSTRUCTIONS: tuple[tuple[str, str], ...] = (
    (
        "question",
        """
        did? ~ ANY_WORK ~ not_yet $
        did? ~ ANY_WORK ~ already? not_yet courtesy? ask_mark
        delay ~ what
        exists ~ delay ~ not $
        exists ~ delay ~ whether
        ask_me
        """,
    ),
    (
        "free",
        """
        not/not_yet/lack/have_not ~ anything? ~ obstacle anything?
        every obstacle already?
        did/already ~ solved ~ obstacle?
        every solved? fault already?
        """,
    ),
    (
        "kept",
        """
        not/not_yet will? ask? ~ delay
        """,
    ),
    (
        "asked_later",
        """
        ask ~ delay
        ask ~ more? ~ GIVEN
        ask ~ late ~ GIVEN
        more ~ GIVEN
        delay ~ more? ~ GIVEN
        delay
        extra_time
        late ~ GIVEN ~ whether
        ANY_WORK ~ late ~ GIVEN ~ whether
        """,
    ),
    (
        "offered",
        """
        AHEAD ~ END_OF_WORK ~ whether
        END_OF_WORK ~ AHEAD ~ whether
        """,
    ),
    (
        "question",
        """
        what
        whether
        anything
        """,
    ),
    (
        "inside",
        """
        lack/have_not/rest/waiting ~ signature ~ inside?
        waiting ~ inside
        waiting ~ PAPERWORK
        waiting ~ END_OF_WORK
        have_not ~ answer ~ inside
        """,
    ),
    (
        "blocked",
        """
        waiting ~ outside/outside_system/resource
        lack/have_not ~ resource/answer/outside
        lack/have_not ~ unknown/noun/unit_noun/paper
        obstacle
        fault
        """,
    ),
    (
        "waiting",
        """
        waiting
        """,
    ),
    (
        "open",
        """
        not_yet ~ WORK ~ finished
        not_yet ~ every? ~ finished/amount
        not ~ finished
        not_yet ~ PAPERWORK
        """,
    ),
    (
        "unsent",
        """
        not_yet ~ sent
        """,
    ),
    (
        "none",
        """
        nothing_done
        have_not anything
        not_yet ~ WORK ~ anything?
        not_yet ~ established
        not_yet ~ exists? anything
        not_yet $
        not_yet pause
        """,
    ),
    (
        "doubted",
        """
        doubt ~ did? ~ END_OF_WORK
        doubt ~ already
        thought ~ ANY_WORK
        """,
    ),
    (
        "open",
        """
        near ~ ANY_WORK
        near ~ every
        partly ~ finished
        just? finished ~ partly
        just? finished ~ draft
        just? finished ~ step
        small_step ~ finished already?
        draft ~ finished already?
        just ~ draft
        returned
        in_hand
        ongoing ~ ANY_WORK
        ongoing ~ draft
        ongoing ~ unknown
        ongoing
        rest ~ noun/unknown/step/number/unit_noun/WORK/draft/paper
        still ~ working
        """,
    ),
    (
        "promised",
        """
        will ~ finished/sent/PAPERWORK/established
        will ~ WORK ~ finished
        AHEAD ~ will? just? ~ finished/sent/PAPERWORK
        AHEAD ~ will? WORK ~ finished
        finished/sent ~ AHEAD
        finished ~ tell
        """,
    ),
    (
        "ack",
        """
        let ~ WORK?
        will ~ WORK
        AHEAD ~ WORK
        did? received already?
        ack
        """,
    ),
    (
        "done",
        """
        did? WORK? ~ finished ~ already
        did? WORK? ~ finished
        did ~ sent already?
        just ~ sent
        sent ~ already
        did ~ established
        established ~ already
        sent ~ document
        document ~ sent
        """,
    ),
    (
        "sent",
        """
        sent
        """,
    ),
    (
        "handed_in",
        """
        did? submitted ~ outside
        """,
    ),
    (
        "open",
        """
        did? submitted already?
        """,
    ),
    (
        "signed",
        """
        did? signed already?
        """,
    ),
    (
        "worked",
        """
        did ~ WORK
        WORK ~ already
        """,
    ),
    (
        "working",
        """
        WORK
        """,
    ),
    (
        "handover",
        """
        contact_person ~ inside
        pass_on ~ contact_person
        pass_on
        takes_over
        not_mine
        """,
    ),
    (
        "corrected",
        """
        mistake
        withdraw
        """,
    ),
    (
        "late",
        """
        cannot
        late
        """,
    ),
    (
        "already",
        """
        already
        """,
    ),
    (
        "social",
        """
        thanks
        greeting
        """,
    ),
)

"""The table of constructions: for each statement the rows of meanings that make it, the more particular before the plainer."""

#: what carries no statement of its own and may stand between the parts of one
NEUTRAL = (
    "unknown", "noun", "person", "courtesy", "yes", "unit_noun", "step", "resource", "numeral", "number", "every", "about",
    "paper", "sign", "document", "cited", "inside", "outside", "outside_system", "exists", "soon", "surely", "this", "coming",
    "now", "past_time", "further", "mention", "until", "citing", "from", "number_word", "in_time", "day_past", "day_today",
    "clock", "bracket", "colon", "task_word", "all_of", "all_tasks", "resolution_word", "resolution", "week_word", "day_word",
    "month_word", "year_word", "hour_word", "weekday", "money", "out_of", "percent_word", "sign_of_mood", "slash", "hash",
    "quarter_word", "end_of", "start_of", "middle_of", "ten_word", "progress_word", "signature", "answer", "sorry", "tick",
    "pair", "full_date", "span", "solved", "dated", "ahead_word", "draft", "still", "amount", "did", "and",
)  # fmt: skip

CLASSES: dict[str, tuple[str, ...]] = {
    "END_OF_WORK": ("finished", "sent", "established"),
    "WORK": ("working", "small_step", "started"),
    "PAPERWORK": ("signed", "submitted"),
    "ANY_WORK": ("finished", "sent", "established", "working", "small_step", "started", "signed", "submitted", "in_hand"),
    "AHEAD": ("day_ahead", "day_today"),
    "soft": ("courtesy", "person", "yes", "sign_of_mood", "sorry", "now", "soon", "noun", "thanks", "bracket"),
    "GIVEN": ("day_ahead", "day_today", "day_past", "span", "extra_time"),
    "BREAK": ("pause", "stop", "line", "dash"),
}

CONSTRUCTIONS: tuple[tuple[str, str], ...] = (
    (
        "question",
        """
        did? ~ ANY_WORK/received/exists ~ not_yet $
        did? ~ ANY_WORK ~ already? not_yet courtesy? ask_mark
        ANY_WORK ~ not_yet soft* what
        END_OF_WORK already? soft* ask_mark
        once ~ will? ~ ANY_WORK $
        delay ~ what
        delay ~ then ~ what
        contact_person then? ~ what
        contact_person then? ~ where
        exists ~ delay ~ not $
        exists ~ not $
        ANY_WORK/resource/paper ~ not soft* ask_mark
        ask_me
        """,
    ),
    (
        "free",
        """
        obstacle then? not ~ obstacle
        not/not_yet/lack/have_not ~ anything? ~ obstacle anything?
        not/not_yet ~ lack ~ anything? ~ further?
        every obstacle already?
        every lack ~ already?
        did/already ~ solved ~ obstacle?
        every solved? fault already?
        """,
    ),
    (
        "kept",
        """
        not/not_yet will? ask? ~ delay
        withdraw ~ delay
        """,
    ),
    (
        "anyway",
        """
        obstacle ~ BREAK? but? ~ still ~ WORK? about? amount?
        obstacle ~ BREAK? but ~ BREAK? ~ WORK about? ~ amount
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
        late ~ GIVEN ~ sent ~ whether
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
        "doubted",
        """
        thought ~ ANY_WORK already?
        doubt ~ did? ~ END_OF_WORK
        doubt ~ already
        END_OF_WORK ~ already? ~ doubt
        """,
    ),
    (
        "question",
        """
        what
        whether
        anything
        where
        ask_mark
        """,
    ),
    (
        "inside",
        """
        lack/have_not/rest/waiting ~ signature ~ inside?
        waiting ~ inside ~ PAPERWORK/answer?
        waiting ~ PAPERWORK
        waiting ~ END_OF_WORK
        have_not ~ answer ~ inside
        inside ~ not_yet ~ PAPERWORK/small_step/answer/working
        """,
    ),
    (
        "blocked",
        """
        waiting ~ outside/outside_system/resource ~ PAPERWORK/answer/working/finished?
        lack/have_not ~ resource/answer/outside
        lack/have_not ~ unknown/noun/unit_noun/paper
        outside/outside_system ~ not_yet ~ PAPERWORK/answer/working/sent/small_step/exists/have_not?
        outside/outside_system ~ have_not
        not_yet ~ outside
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
        "none",
        """
        nothing_done
        have_not anything
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
        not_yet ~ WORK ~ anything?
        not_yet ~ established
        not_yet ~ exists? anything
        not_yet $
        not_yet pause
        """,
    ),
    (
        "open",
        """
        near ~ ANY_WORK already?
        near ~ every
        partly ~ finished already?
        did? just? finished ~ partly
        did? just? finished ~ draft
        did? just? finished ~ step
        did? small_step ~ finished already?
        draft ~ finished already?
        just ~ draft
        returned
        in_hand
        ongoing ~ ANY_WORK
        ongoing ~ draft
        ongoing ~ unknown
        ongoing
        rest ~ noun/unknown/step/number/unit_noun/WORK/draft/paper/partly/signature/PAPERWORK
        still ~ working
        """,
    ),
    (
        "done",
        """
        did ~ sent already?
        finished/sent/established ~ already
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
        WORK soon
        did? received already?
        ack
        """,
    ),
    (
        "done",
        """
        did? WORK? ~ finished
        just ~ sent
        did ~ established
        sent ~ document
        document ~ sent
        exists ~ document already?
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
        outside ~ submitted
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
        "handover",
        """
        working? ~ contact_person
        pass_on ~ contact_person
        pass_on
        takes_over
        not_mine
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
        "corrected",
        """
        mistake
        withdraw
        """,
    ),
    (
        "late",
        """
        cannot already?
        late already?
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

"""The table of constructions: for each statement the rows of meanings that make it, the more particular before the plainer."""

#: what carries no statement of its own and may stand between the parts of one
NEUTRAL = (
    "unknown", "noun", "person", "courtesy", "yes", "unit_noun", "step", "resource", "numeral", "number", "every", "about",
    "paper", "sign", "document", "cited", "inside", "outside", "outside_system", "exists", "soon", "surely", "this", "coming",
    "now", "past_time", "further", "mention", "until", "citing", "from", "number_word", "in_time", "day_past", "day_today",
    "clock", "bracket", "colon", "task_word", "all_of", "all_tasks", "resolution_word", "resolution", "week_word", "day_word",
    "month_word", "year_word", "hour_word", "weekday", "money", "out_of", "percent_word", "sign_of_mood", "slash", "hash",
    "quarter_word", "end_of", "start_of", "middle_of", "ten_word", "progress_word", "signature", "answer", "sorry", "tick",
    "pair", "full_date", "span", "solved", "dated", "ahead_word", "draft", "still", "still_going", "amount", "did", "and", "hail",
    "of_word", "this_task", "opening", "name", "previous_message",
)  # fmt: skip

CLASSES: dict[str, tuple[str, ...]] = {
    "END_OF_WORK": ("finished", "sent", "was_sent", "established"),
    "SENT": ("sent", "was_sent"),
    "WORK": ("working", "small_step", "started"),
    "PAPERWORK": ("signed", "submitted"),
    "ANY_WORK": ("finished", "sent", "was_sent", "handed_up", "established", "working", "small_step", "started", "signed", "submitted", "in_hand"),
    "AHEAD": ("day_ahead", "day_today"),
    "soft": ("name", "hail", "courtesy", "person", "yes", "sign_of_mood", "sorry", "now", "soon", "noun", "thanks", "bracket"),
    "GIVEN": ("day_ahead", "day_today", "day_past", "span", "extra_time"),
    "BREAK": ("pause", "stop", "line", "dash"),
}

CONSTRUCTIONS: tuple[tuple[str, str], ...] = (
    (
        "doubted",
        """
        doubt ~ ANY_WORK ~ whether? not_yet
        doubt ~ ANY_WORK ~ whether
        END_OF_WORK what? whether/not_yet ~ doubt
        """,
    ),
    (
        "corrected",
        """
        did? END_OF_WORK ~~ mistake already?
        """,
    ),
    (
        "offered",
        """
        AHEAD/span ~ END_OF_WORK ~ whether
        END_OF_WORK ~ AHEAD ~ whether
        whether ~ END_OF_WORK ~ AHEAD/span
        whether ~ AHEAD/span ask_mark
        """,
    ),
    (
        "question",
        """
        did? ~ ANY_WORK/received/exists ~ not_yet $
        did? ~ ANY_WORK ~ already? not_yet courtesy? ask_mark
        ANY_WORK ~ not_yet soft* what
        already? END_OF_WORK already? ~ ask_mark
        did ~ END_OF_WORK already? ~ ask_mark
        once ~ will? ~ ANY_WORK $
        once ~ ask_mark
        once then
        what then? ~ contact_person
        what ~ lack/obstacle ~ $
        whether ~ ANY_WORK ~ ask_mark
        whether ~ ANY_WORK ~ not_yet ask_mark
        AHEAD? ~ SENT ~ what ~ AHEAD? ~ SENT
        did? ~ END_OF_WORK ~ already? whether
        delay ~ what
        delay ~ then ~ what
        contact_person then? ~ what
        contact_person then? ~ where
        exists ~ delay whether
        exists ~ ANY_WORK ~ whether
        ask_me
        """,
    ),
    (
        "ack",
        """
        AHEAD ~ started ~ WORK?
        """,
    ),
    (
        "free",
        """
        obstacle then? not ~ obstacle
        not/not_yet/lack/have_not/have_no anything? unknown/noun/exists/person? obstacle anything?
        not/not_yet/have_no ~ lack ~ anything? ~ further?
        every obstacle already?
        every lack ~ already?
        nothing_done obstacle
        obstacle anything what
        obstacle anything $
        obstacle ~ solved already?
        obstacle have_no
        anything not obstacle
        not/not_yet anything obstacle
        did/already ~ solved ~ obstacle?
        every solved? fault already?
        """,
    ),
    (
        "kept",
        """
        not/not_yet will? ask? ~ delay
        delay not ~ ask
        withdraw ask? ~ delay
        """,
    ),
    (
        "anyway",
        """
        obstacle ~ BREAK? but? ~ still ~ BREAK ~ still_going/WORK ~ amount?
        obstacle ~ BREAK? but? ~ still_going ~ amount?
        obstacle ~ BREAK? but? ~ still ~ in_hand/ongoing/WORK ~ WORK? ~ amount?
        obstacle ~ BREAK? but ~ in_hand/ongoing ~ WORK? ~ amount?
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
        until ~ GIVEN ask $
        span ask $
        late ~ GIVEN ~ whether
        late ~ GIVEN ~ SENT ~ whether
        late ~ whether
        ANY_WORK ~ late ~ GIVEN ~ whether
        """,
    ),
    (
        "thought",
        """
        thought ~ ANY_WORK ~ already?
        """,
    ),
    (
        "promised",
        """
        once ~ exists/ANY_WORK ~ SENT/tell
        after ~ exists/ANY_WORK ~ SENT/tell
        """,
    ),
    (
        "doubted",
        """
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
        once
        """,
    ),
    (
        "inside",
        """
        lack/have_not/have_no/rest/waiting ~~ signature ~~ inside?
        waiting ~~ inside ~ PAPERWORK/answer/small_step?
        waiting ~~ PAPERWORK
        waiting ~~ END_OF_WORK
        have_not ~~ answer ~ inside
        lack/have_not ~~ resource ~~ inside
        inside ~ not_yet ~ PAPERWORK/small_step/answer/working
        """,
    ),
    (
        "blocked",
        """
        waiting ~ outside/outside_system/resource ~ PAPERWORK/answer/working/finished/sent?
        outside/outside_system ~ not_yet ~ PAPERWORK/answer/working/SENT/small_step/exists/have_not?
        outside/outside_system ~ have_not
        not_yet ~ outside
        obstacle
        """,
    ),
    (
        "faulty",
        """
        outside_system ~ fault
        fault ~ outside_system?
        """,
    ),
    (
        "measured",
        """
        doubt ~~ amount
        """,
    ),
    (
        "lacks",
        """
        lack/have_not/have_no ~ resource/answer/outside
        not_received
        lack ~ unknown/noun/unit_noun
        """,
    ),
    (
        "lacking",
        """
        have_not/have_no ~ unknown/noun/unit_noun/paper
        lack
        """,
    ),
    (
        "waiting",
        """
        waiting
        """,
    ),
    (
        "returned",
        """
        returned
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
        not ~ signed
        not_yet ~ PAPERWORK
        """,
    ),
    (
        "unsent",
        """
        not_yet ~ SENT
        not ~ SENT
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
        in_hand
        ongoing ~ ANY_WORK
        ongoing ~ draft
        ongoing ~ unknown
        ongoing
        did? ~ started ~ WORK?
        still ~ working
        still_going
        """,
    ),
    (
        "remains",
        """
        rest ~ noun/unknown/step/number/unit_noun/WORK/draft/paper/partly/signature/PAPERWORK
        """,
    ),
    (
        "draft_sent",
        """
        did ~ SENT ~ draft ~ outside already?
        SENT ~ draft ~ outside ~ already
        draft ~ SENT ~ outside ~ already?
        """,
    ),
    (
        "sent_out",
        """
        did ~ SENT ~ outside ~ already?
        SENT ~ outside ~ already
        """,
    ),
    (
        "handed_in",
        """
        did ~ submitted ~ outside ~ already?
        did? handed_up ~ outside ~ already?
        did? handed_up ~ BREAK ~ waiting ~ outside ~ PAPERWORK/answer?
        submitted ~ outside ~ already
        did submitted ~ pause ~ waiting ~ outside ~ PAPERWORK/answer?
        outside ~ submitted ~ already
        """,
    ),
    (
        "done",
        """
        did ~ SENT already?
        finished/SENT/established ~ already
        past_time/day_past ~ END_OF_WORK
        already ~ END_OF_WORK
        did? was_sent
        END_OF_WORK ~ past_time/day_past already?
        document ~ pause? signed already?
        """,
    ),
    (
        "promised",
        """
        will ~ finished/SENT/PAPERWORK/established
        will ~ WORK ~ finished
        AHEAD ~ will? just? ~ finished/SENT/PAPERWORK
        AHEAD ~ will? WORK ~ finished
        will ~ in_time
        finished/SENT ~ AHEAD
        finished ~ tell
        AHEAD? ~ promise_verb ~ AHEAD?
        """,
    ),
    (
        "ack",
        """
        let ~ WORK?
        will ~ WORK
        AHEAD ~ working
        WORK soon
        did? received ~ already
        did? received
        ack already?
        ^ did $
        ^ yes $
        """,
    ),
    (
        "done",
        """
        did? WORK? ~ finished
        just ~ SENT
        did ~ established
        SENT ~ document
        document ~ SENT
        exists ~ document already?
        did ~ document already?
        already ~ pause? ~ document
        document already
        """,
    ),
    (
        "sent",
        """
        SENT
        """,
    ),
    (
        "open",
        """
        did/ongoing submitted already?
        handed_up
        submitted ~ already
        """,
    ),
    (
        "submitting",
        """
        submitted
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
        name ~ contact_person
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
        "not_that",
        """
        not ~ amount/number
        not until? GIVEN
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
        ^ hail $
        """,
    ),
)

"""Structured arrays of the life of a case: what a scenario says of it, and where a case stands."""

from typing import Final

import numpy as np

from sim.outcomes import OUTCOME

CAUSE = np.dtype(
    [
        ("longer", "f8"),  # factor of handle times
        ("severities", "i8"),  # where its mix starts in `curves`, or -1: the stream's
        ("path", "i8"),  # the step at which a case starts, or -1: the stream's
        ("since", "i8"),  # tick from which on it brings contacts
        ("avoidable", "i8"),  # share of its cases that could be avoided, in millionths
    ],
    align=True,
)

SEVERITY = np.dtype(
    [
        ("clock", "i8"),  # first of the spans of its clock, or -1: round the clock
        ("clock_end", "i8"),
        ("reply_kind", "i8"),  # of the promised first response: code in sim/service_clock.py, or -1: none
        ("reply", "i8"),  # ticks, or business days
        ("resolution_kind", "i8"),
        ("resolution", "i8"),
        ("update", "i8"),  # step of its updates, or -1: none is owed
        ("every", "i8"),  # ticks of its clock
    ],
    align=True,
)

STEP = np.dtype(
    [
        ("queue", "i8"),  # or -1: where routing has sent the case
        ("handle", "i8"),  # distribution, or -1: the stream's
        ("wrap_up", "f8"),  # the last part of it, 0-1; below 0: the stream's
        ("after", "i8"),  # distribution of the delay before it, or -1
        ("stays", "i8"),  # so long at most whoever hands the case over stays until it is answered, or -1
        ("conference", "i8"),  # ... and so many ticks longer
        ("patient", "i8"),  # whether nobody gives up while waiting for it
        ("first", "i8"),  # what comes then: exits[first:last]; nothing: the case is solved
        ("last", "i8"),
        ("clock", "i8"),  # of when it is due: see SEVERITY
        ("clock_end", "i8"),
        ("due_kind", "i8"),
        ("due", "i8"),
        ("answered", "i8"),  # whether it is to be begun by then, not done
        ("urgent", "i8"),  # whether it is an escalation
    ],
    align=True,
)

EXIT = np.dtype([("share", "f8"), ("to", "i8")], align=True)  # cumulative share; step, or -1: solved

SIDE = np.dtype(
    [
        ("key", "u8"),  # hash of the name
        ("step", "i8"),
        ("on", "i8"),  # code in sim/side_work.py
        ("once", "i8"),  # whether an incident raises it only once
        ("share", "f8"),
        ("arr", "f8"),  # least ARR, or inf where none is said
        ("flags", "i8"),  # any of these bits will do as well
        ("always", "i8"),  # neither ARR nor flags are asked for
        ("severities", "i8"),  # bits of those that it is for
        ("causes", "i8"),
        ("tiers", "i8"),
    ],
    align=True,
)

LIFE = np.dtype(
    [
        *OUTCOME.descr,  # the model of CSAT and the like (sim/outcomes.py)
        ("severities", "i8"),  # how many there are
        ("causes", "i8"),
        ("tiers", "i8"),
        ("accounts", "i8"),  # where in `curves` the numbers of accounts of all tiers start,
        ("accounts_before", "i8"),  # ... how many those before it have,
        ("arr", "i8"),  # ... and what one of them pays a year
        ("flags", "i8"),
        ("emerging", "i8"),  # whether some cause brings contacts only from a day within the horizon on
        ("accuracy", "f8"),  # share of tags that are right
        ("untagged", "f8"),
        ("collisions", "f8"),
        ("triage", "i8"),  # step by which a person tags the untagged, or -1
        ("misrouted", "i8"),  # step of a contact in a wrong queue
        ("duplicate", "i8"),  # step of work done twice
        ("confirms", "f8"),  # share of solved cases that the customer confirms
        ("confirms_after", "i8"),  # distribution
        ("closes_after", "i8"),  # ticks
        ("reopens", "f8"),
        ("reopens_after", "i8"),
        ("repeats", "f8"),
        ("repeats_after", "i8"),
        ("repeats_by", "i8"),  # where the streams' cumulative shares start in `curves`
        ("doors", "i8"),  # where the spans start in which queues are open to who comes again: first, last
        ("surveyed", "i8"),  # whether closed cases have outcomes
        ("routes", "i8"),  # where the routes start in `links`, or -1: contacts join their stream's queue
    ],
    align=True,
)

SURGE = np.dtype(
    [("key", "u8"), ("incident", "i8"), ("stream", "i8"), ("expected", "f8")], align=True
)  # contacts expected in an interval

INCIDENT = np.dtype(
    [
        ("key", "u8"),
        ("cause", "i8"),
        ("severity", "i8"),
        ("every", "f8"),  # mean ticks between starts, or 0
        ("next_start", "i8"),  # where its scheduled starts stand in `curves`
        ("last_start", "i8"),
        ("lasts", "i8"),  # distributions
        ("mitigation", "i8"),
        ("fades", "i8"),  # ticks
        ("detect_count", "i8"),
        ("detect_within", "i8"),
        ("detect_delay", "i8"),
        ("page_after", "i8"),
        ("page_cuts", "f8"),
        ("ring", "i8"),  # where its last tagged contacts start in `marks`
        ("accounts_from", "i8"),  # its marks on accounts
        ("accounts_to", "i8"),
        ("serial", "i8"),  # state from here: how many there were before
        ("run", "u8"),  # key of the one that goes on
        ("started", "i8"),  # or -1: none goes on
        ("ends", "i8"),  # if nobody mends it
        ("alarm", "i8"),
        ("mended", "i8"),
        ("posted", "i8"),
        ("tagged", "i8"),
        ("contacts", "i8"),
        ("arr", "f8"),
        ("raised", "i8"),  # bits of the side work that it has raised
    ],
    align=True,
)

MILLION: Final = 1_000_000
NUMBERS_APART: Final = 64  # an incident is known by its row, and by how many there were before

MARK = np.dtype([("tick", "i8")], align=True)

CASE = np.dtype(  # a row of the log is a case as it stood at its end
    [
        ("key", "u8"),
        ("stream", "i8"),
        ("severity", "i8"),
        ("cause", "i8"),
        ("tag", "i8"),  # the cause that it was tagged with first, or -1: none
        ("topic", "i8"),  # the tag that it bears now: a person may have tagged it since
        ("chance", "i8"),  # in millionths: below the avoidable share of its cause, it is avoidable
        ("tier", "i8"),
        ("flags", "i8"),  # bits
        ("account", "i8"),
        ("born", "i8"),
        ("replied", "i8"),  # first response, or -1
        ("solved", "i8"),  # by an agent, or -1
        ("closed", "i8"),  # confirmed, closed by itself, or given up by the customer
        ("confirmed", "i8"),
        ("lost", "i8"),  # outcome of the contact with which the customer gave up, or 0
        ("reopened", "i8"),  # how often the customer came back by the same channel
        ("repeated", "i8"),  # ... and by another
        ("soon", "i8"),  # ... of both, within seven days
        ("reopened_soon", "i8"),  # ... by the same channel, within seven days
        ("contacts", "i8"),  # by the customer
        ("legs", "i8"),
        ("transfers", "i8"),
        ("updates", "i8"),
        ("late", "i8"),  # ... of these, too late
        ("escalated", "i8"),
        ("waited", "i8"),  # by the customer, ticks
        ("touched", "i8"),  # agent time, ticks
        ("outcome", "i8"),  # code in sim/log.py, when it is logged
        ("reply_due", "i8"),  # as promised; -1 without a promise
        ("resolution_due", "i8"),
        ("first_solved", "i8"),  # when it was solved for the first time, or -1
        ("quality", "i8"),  # per mille: how well its work was done, 1000 = as usual
        ("csat", "i8"),  # 1-5, or 0: no answer
        ("nps", "i8"),  # 0-10, or -1
        ("effort", "i8"),  # 1-7, or 0
        ("sentiment", "i8"),  # -1, 0 or 1
        ("accuracy", "i8"),  # QA, per mille
        ("empathy", "i8"),
        ("policy", "i8"),
        ("incident", "i8"),  # number of the incident that brought it, or -1
        ("threads", "i8"),  # contacts and pieces of work that are alive
        ("next", "i8"),
        ("prev", "i8"),
    ],
    align=True,
)

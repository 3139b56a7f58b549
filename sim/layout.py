"""Tables and state: structured arrays, a dozen or so in each of two named tuples.

`Tables` is what a scenario says (read only, shared by all replications); `State` is where a
replication stands. Fields are read as `queues[q]["capacity"]`: compiled, that is one load; as
plain arrays by the dozen the same model compiles for minutes and runs many times slower.

Lists inside the arrays are circular and doubly linked, with a sentinel row as their head:

* row `q` of `contacts` is the head of queue q's line (the front of the line is its `next`);
* row `agents_count + shelf` of `agents` is the head of a *shelf*: the agents of one group that
  stand at one level (0 chats, 1 chat, ..., and last: interruptible work), longest there first.
"""

from typing import Final, NamedTuple

import numpy as np

from sim.jit import code

NOBODY: Final = code(-1)

STREAM = np.dtype(
    [
        ("key", "u8"),  # hash of the name
        ("queue", "i8"),
        ("handle", "i8"),  # distribution of handle time
        ("wrap_up", "f8"),  # the last part of it, 0-1, for which the customer is not needed any more
        ("patience", "i8"),  # distribution of patience, or -1: never gives up
        ("balk", "f8"),  # probability of leaving at once if not answered at once
        ("rates", "i8"),  # where its expected contacts per interval start in `curves`
        ("slices", "i8"),  # equal parts of an interval with a rate of their own; 1: one rate all through
        ("shares", "i8"),  # where in `curves` the share of an interval's contacts up to each slice starts
        ("day_shape", "i8"),  # gamma table of busyness by day in `curves`, or -1
        ("day_loading", "f8"),  # loading of that busyness on the factor common to all streams, 0-1
        ("slot_shape", "i8"),  # the same by interval
        ("slot_loading", "f8"),
        ("length_shape", "i8"),  # the same of handle times by day
        ("length_loading", "f8"),
        ("lengths", "i8"),  # where in `curves` the factors of handle times by weekday start, Monday first
        ("backlog", "i8"),  # contacts waiting at the start
        ("live", "i8"),  # whether its customers wait on the line: they are answered when work starts
        ("cased", "i8"),  # whether its contacts open cases; the rest of the row is for those
        ("causes", "i8"),  # where its mix starts in `curves`, as cumulative shares over all causes, or -1
        ("severities", "i8"),  # the same, where the cause does not say
        ("tiers", "i8"),
        ("flags", "i8"),  # where the probabilities of all flags start, followed by their keys, or -1
        ("path", "i8"),  # the step at which a case starts, where the cause does not say
        ("deflects", "i8"),  # where the shares kept away by self-service start, one an interval, or -1
        ("ease", "f8"),  # mean handle time of those who stay away, of the mean
        ("bounce_share", "f8"),  # of those, who comes after all
        ("bounce_after", "i8"),  # distribution
        ("bounce_longer", "f8"),
    ],
    align=True,
)

# Tried in order; equal tiers tie. Of routes (sim/triage.py) only `to` is used: a queue.
LINK = np.dtype([("to", "i8"), ("tier", "i8")], align=True)

DIST = np.dtype(
    [
        ("kind", "i8"),  # code in sim/quantiles.py
        ("n", "i8"),  # phases or quantiles
        ("scale", "f8"),  # seconds (mean, scale or log-mean)
        ("shape", "f8"),
        ("at", "i8"),  # where its numbers start in `curves`
        ("grain", "i8"),  # ticks
    ],
    align=True,
)

PLAN = np.dtype(
    [
        ("tick", "i8"),
        ("order", "u8"),  # of simultaneous events: see sim/order.py
        ("ref", "i8"),
        ("value", "i8"),
    ],
    align=True,
)  # what the calendar knows beforehand

SPAN = np.dtype(
    [
        ("start", "i8"),  # an open stretch of a calendar of opening hours, ticks
        ("end", "i8"),
        ("before", "i8"),  # open ticks of that calendar before it, from the horizon's start
        ("day", "i8"),  # number of its opening day: local days with any opening, from 0
        ("wall", "i8"),  # what clocks show at its start, as ticks since midnight; they run evenly to its end
    ],
    align=True,
)

CLOCKWORK = np.dtype([("first", "i8"), ("last", "i8")], align=True)  # a calendar: spans[first:last]


class Tables(NamedTuple):
    """What a scenario says, compiled: read only, shared by all replications."""

    streams: np.ndarray  # STREAM, one row a stream
    links: np.ndarray  # LINK: groups of each queue, then queues of each group, then routes
    dists: np.ndarray  # DIST, one row a distribution
    curves: np.ndarray  # float64: rates, gamma tables, quantiles
    plan: np.ndarray  # PLAN, in the order of sim/order.py
    surges: np.ndarray  # SURGE: what incidents bring
    life: np.ndarray  # LIFE, one row
    causes: np.ndarray  # CAUSE
    severities: np.ndarray  # SEVERITY
    steps: np.ndarray  # STEP
    exits: np.ndarray  # EXIT
    sides: np.ndarray  # SIDE
    spans: np.ndarray  # SPAN: when the clocks of SLAs run


CLOCK = np.dtype(
    [
        ("now", "i8"),
        ("end", "i8"),  # end of the horizon, ticks
        ("interval", "i8"),  # ticks
        ("grain", "i8"),  # ticks
        ("origin", "i8"),  # the horizon's start, seconds since 1970 in UTC: keys of intervals
        ("run", "u8"),  # key of (seed, replication)
        ("day", "i8"),  # the local day of the running interval, days since year 1
        ("followed", "i8"),  # the interval up to which incidents have been followed, its start in ticks
        ("begins", "i8"),  # before this tick nobody comes, and nothing breaks: what happened then is known
        ("plan_next", "i8"),  # cursors and counters
        ("fresh", "i8"),  # next of the contacts drawn for this interval, or -1 (sim/arrivals.py)
        ("fresh_rows", "i8"),  # rows that they take at the end of the heap's array
        ("free", "i8"),  # first free contact row, a chain through `next`
        ("spare", "i8"),  # how many free contact rows
        ("live", "i8"),  # contacts in the system or about to retry
        ("waiting", "i8"),
        ("heap_size", "i8"),
        ("turned", "i8"),  # whether any dial is not neutral: rules look no further where none is
        ("decided", "i8"),  # how many decisions have been taken on the way
        ("works", "i8"),  # how many pieces of work a case may bring along at once
        ("spawned", "i8"),  # first of the contacts that have just come into being, a chain through `after`
        ("free_case", "i8"),  # first free case row, a chain through `next`
        ("spare_cases", "i8"),
        ("contact_rows", "i8"),
        ("case_rows", "i8"),
        ("agent_rows", "i8"),
        ("agents", "i8"),  # real agents; sentinels follow
    ],
    align=True,
)

QUEUE = np.dtype(
    [
        ("key", "u8"),
        ("priority", "i8"),
        ("capacity", "i8"),
        ("shared", "i8"),  # handled in parallel slots (chat)
        ("live", "i8"),  # whether customers are spoken to: who wrote is called
        ("interruptible", "i8"),
        ("at_closing", "i8"),
        ("open", "i8"),
        ("overflow_to", "i8"),
        ("overflow_after", "i8"),
        ("retry_delay", "i8"),  # distribution, or -1
        ("retry_share", "f8"),
        ("retry_abandoned", "i8"),
        ("retry_blocked", "i8"),
        ("retry_attempts", "i8"),
        ("switch", "i8"),  # where the streams by which they try again start in `curves`, or -1: by their own
        ("leaves_message", "i8"),  # whether who overflows hangs up: patience and line no longer matter
        ("lines", "i8"),  # customers who may wait or be in hand together
        ("silent_share", "f8"),  # of those who give up, who is not seen to leave
        ("silent_handle", "i8"),  # distribution
        ("balks", "i8"),  # where the points (ticks announced, share that leaves at once) start in `curves`
        ("balk_points", "i8"),  # how many
        ("divert_over", "i8"),  # ticks announced beyond which some come another way
        ("divert_share", "f8"),
        ("divert_to", "i8"),  # stream
        ("call_over", "i8"),  # ticks announced beyond which a call back is offered
        ("call_accepts", "f8"),
        ("call_answers", "f8"),
        ("call_attempt", "i8"),  # distribution of the time lost where nobody answers, or -1
        ("weight", "f8"),  # of a wait, for groups that go by weighted waits
        ("gains", "f8"),  # priority gained by a tick of waiting
        ("first", "i8"),  # its groups: links[first:last]
        ("last", "i8"),
        ("length", "i8"),  # state from here: how many wait
        ("lines_used", "i8"),
        ("last_wait", "i8"),  # wait of the contact answered last, ticks
    ],
    align=True,
)

GROUP = np.dtype(
    [
        ("key", "u8"),
        ("slots", "i8"),
        ("most_loaded", "i8"),
        ("idle", "i8"),  # who of several is next: code in sim/shelves.py
        ("takes", "i8"),  # what a freed agent takes: code in sim/rules.py
        ("answers", "i8"),  # distribution of the time until who is called begins, or -1: at once
        ("by_queue", "i8"),  # where its factors of handle times by queue start in `curves`, or -1
        ("ramp", "i8"),  # where (tick of tenure, speed, return factor) start in `curves`, or -1
        ("ramp_steps", "i8"),
        ("hurry_from", "i8"),  # how many must wait
        ("hurry_speed", "f8"),  # factor of handle times then
        ("hurry_returns", "f8"),  # factor of the share that comes back
        ("speed", "i8"),  # per mille
        ("slow", "i8"),  # slow-down per mille at each concurrency: curves[slow + chats]
        ("first", "i8"),  # its queues: links[first:last]
        ("last", "i8"),
        ("from_agent", "i8"),  # its agents: rows from_agent:to_agent
        ("to_agent", "i8"),
        ("shelf", "i8"),  # row of its shelf of level 0; one row a level
        ("target", "i8"),  # agents wanted on duty
        ("on_duty", "i8"),  # state from here
        ("leaving", "i8"),  # ... of whom due to leave when their contacts are done
    ],
    align=True,
)

AGENT = np.dtype(
    [
        ("key", "u8"),
        ("group", "i8"),
        ("hired", "i8"),  # tick
        ("state", "i8"),  # code in sim/log.py
        ("leaving", "i8"),
        ("load", "i8"),  # contacts in hand
        ("hand", "i8"),  # first contact in hand, a chain through `next`
        ("shelf", "i8"),  # sentinel row of the shelf it stands on, or -1
        ("next", "i8"),
        ("prev", "i8"),
        ("shelved", "i8"),  # since when it stands there
        ("span", "i8"),  # since when it is in its state
        ("settled", "i8"),  # up to when the work in hand has been counted
        ("finishing", "i8"),  # the chat that ends next
        ("version", "i8"),
    ],
    align=True,
)

CONTACT = np.dtype(
    [
        ("key", "u8"),
        ("parent", "u8"),
        ("stream", "i8"),
        ("queue", "i8"),
        ("agent", "i8"),
        ("attempt", "i8"),  # retries so far
        ("leg", "i8"),
        ("stage", "i8"),  # code in sim/rules.py
        ("backlog", "i8"),
        ("found", "i8"),  # length of the line it joined, itself included
        ("found_again", "i8"),  # the same after an interruption
        ("again", "i8"),  # since when it waits again after an interruption, or -1
        ("next", "i8"),
        ("prev", "i8"),
        ("after", "i8"),  # the next of those that have just come into being
        ("version", "i8"),  # a scheduled event of an older version is void
        ("born", "i8"),  # arrival of this attempt
        ("orbit", "i8"),  # time since the end of the attempt before
        ("queued", "i8"),  # arrival in this queue
        ("gives_up", "i8"),  # when it abandons, or lets go of its `escort`, at the latest; -1: not drawn yet
        ("overflows", "i8"),  # the moment it overflows, if still waiting
        ("started", "i8"),  # answered
        ("work", "i8"),  # work left, ticks at speed 1; -1: not drawn yet
        ("touched", "i8"),  # how long it has been in hand so far, ticks
        ("agent_time", "i8"),  # ... of an agent with several chats, its part of that time
        ("wrap_up", "i8"),  # work that is left for when its customer has gone, ticks at speed 1
        ("role", "i8"),  # code in sim/contacts.py
        ("case", "i8"),  # row of its case, or -1
        ("step", "i8"),
        ("then", "i8"),  # step after this one where the path does not say, or -1 (and: sim/returns.py)
        ("home", "i8"),  # the queue where routing has sent the case
        ("due", "i8"),
        ("legs", "i8"),  # answered so far
        ("turns", "i8"),  # ... of these, steps of its path: what later ones draw by
        ("longer", "f8"),  # factor of its handle times
        ("lead", "i8"),  # ticks before its work proper: who is on call comes, a conference
        ("escort", "i8"),  # contact by which an agent who hands it over stays (and of that one: it), or -1
        ("line", "i8"),  # queue whose line it occupies, or -1
        ("left", "i8"),  # when its customer left unseen, or -1
        ("called", "i8"),  # whether its customer has hung up to be called back: code in sim/announced.py
        ("incident", "i8"),  # the incident that brings it: its row, and once it has come its number; or -1
        ("hurried", "i8"),  # whether so many waited when it got its agent that this one hurries
    ],
    align=True,
)

EVENT = np.dtype(
    [
        ("tick", "i8"),
        ("order", "u8"),  # of simultaneous events: see sim/order.py
        ("ref", "i8"),
        ("version", "i8"),
    ],
    align=True,
)

CONTACT_ROW = np.dtype(
    [
        ("row", "i1"),  # arrived or leg: codes in sim/log.py
        ("outcome", "i1"),
        ("backlog", "i1"),
        ("called", "i1"),  # whether the customer has hung up to be called back
        ("attempt", "i4"),
        ("leg", "i4"),
        ("stream", "i4"),
        ("queue", "i4"),
        ("group", "i4"),
        ("agent", "i4"),
        ("found", "i4"),
        ("role", "i2"),
        ("legs", "i2"),
        ("step", "i4"),
        ("case", "u8"),
        ("due", "i8"),
        ("left", "i8"),
        ("key", "u8"),
        ("parent", "u8"),
        ("born", "i8"),
        ("orbit", "i8"),
        ("queued", "i8"),
        ("started", "i8"),
        ("ended", "i8"),
        ("touched", "i8"),
        ("agent_time", "i8"),
    ],
    align=True,
)

AGENT_ROW = np.dtype(
    [
        ("agent", "i4"),
        ("group", "i4"),
        ("state", "i4"),
        ("load", "i4"),
        ("start", "i8"),
        ("end", "i8"),
    ],
    align=True,
)


class State(NamedTuple):
    """Where a replication stands. Arrays are changed in place; the tuple itself never is."""

    clock: np.ndarray  # CLOCK, one row
    queues: np.ndarray  # QUEUE
    groups: np.ndarray  # GROUP
    agents: np.ndarray  # AGENT, then the sentinels of the shelves
    contacts: np.ndarray  # CONTACT: the sentinels of the queues, a blank, then a pool
    cases: np.ndarray  # CASE: the sentinel of the live cases, a blank, then a pool
    incidents: np.ndarray  # INCIDENT
    marks: np.ndarray  # MARK: moments that incidents remember, of tagged contacts and of accounts
    dials: np.ndarray  # DIAL: what a team that learns has turned (sim/dial_layout.py)
    course: np.ndarray  # COURSE, one row
    topics: np.ndarray  # TOPIC: what that team has seen, a row a cause and one for cases without a tag
    heap: np.ndarray  # EVENT: a binary heap, and from the far end the contacts of the interval
    contact_log: np.ndarray  # CONTACT_ROW, the first clock.contact_rows are filled
    case_log: np.ndarray  # CASE
    agent_log: np.ndarray  # AGENT_ROW

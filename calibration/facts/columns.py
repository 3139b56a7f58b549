"""The columns of the two canonical tables, as data: what files have, what facts have, what holds.

The external names carry a unit (``arrived_at``, ``wait_s``) and are those of the formats ``canonical`` and
``intervals``; the internal names are those of the relations that ``read_facts`` returns (``arrived_us``).
docs/facts.md shows both, and is made from this file.
"""

from typing import Final, Literal, NamedTuple

Kind = Literal["text", "id", "time", "seconds", "whole", "number", "share", "flag", "word"]
Need = Literal["needed", "one of", "optional"]


class Column(NamedTuple):
    """One column of a file: its type, its unit, what it says and what must hold."""

    name: str
    kind: Kind
    meaning: str
    need: Need = "optional"
    unit: str = ""
    contract: str = ""


class Fact(NamedTuple):
    """One column of a relation of facts: its type in the database and what it says."""

    name: str
    dtype: str
    meaning: str


CHANNELS: Final = ("phone", "chat", "email", "other")
OUTCOMES: Final = ("handled", "abandoned", "dropped", "self_service", "open")
TONES: Final = ("positive", "neutral", "negative")
LIVE_CHANNELS: Final = ("phone", "chat")
"""Channels on which nobody waits or talks for a day."""

CONTACTS: Final = (
    Column("contact_id", "id", "one contact: what a customer began", contract="with `leg`, in one row only"),
    Column(
        "leg",
        "whole",
        "which piece of work on the contact; 1 where the column is absent",
        contract="1 or more",
    ),
    Column("case_id", "id", "one problem of a customer, with all its contacts"),
    Column("account_id", "id", "the customer's firm or contract"),
    Column("user_id", "id", "the person who got in touch: repeats are linked by it"),
    Column("agent_id", "id", "who worked on the leg"),
    Column(
        "channel",
        "word",
        "phone, chat, email or other; phone where the column is absent",
        contract="one of these words",
    ),
    Column("queue", "text", "the line that the contact waited in", need="needed", contract="not empty"),
    Column("segment", "text", "the kind of customer"),
    Column("severity", "text", "how bad it is, in the shop's own words"),
    Column("cause", "text", "the root cause as tagged"),
    Column("cause_confidence", "share", "how sure the tag is", unit="share", contract="0 to 1"),
    Column("final_cause", "text", "the root cause that the case bears in the end, as people have tagged it"),
    Column("avoidable", "flag", "the contact could have been avoided, as far as its tag tells"),
    Column("incident_id", "text", "the incident that the contact belongs to; a name, not hashed"),
    Column(
        "arr",
        "number",
        "annual recurring revenue of the account",
        unit="currency a year",
        contract="0 or more",
    ),
    Column(
        "outcome", "word", "handled, abandoned, dropped, self_service or open", contract="one of these words"
    ),
    Column("queued", "flag", "it waited in line, and was not put through at once"),
    Column("arrived_at", "time", "joined the queue, or was put through", need="needed", contract="not empty"),
    Column(
        "answered_at",
        "time",
        "an agent took it",
        contract="not before `arrived_at`; empty where the outcome is abandoned or self_service",
    ),
    Column(
        "ended_at",
        "time",
        "end of the conversation, or the moment of leaving",
        contract="not before `answered_at`",
    ),
    Column("wrap_ended_at", "time", "end of the work after it", contract="not before `ended_at`"),
    Column(
        "left_at",
        "time",
        "the customer had gone, unseen, before an agent took it",
        contract="not before `arrived_at`",
    ),
    Column(
        "wait_s",
        "seconds",
        "wait in the queue; used where there is no time for its end",
        unit="s",
        contract="0 or more; at most a day on phone and chat",
    ),
    Column(
        "handle_s",
        "seconds",
        "work on it, wrap-up included; used where no time says when it ended",
        unit="s",
        contract="0 or more; at most a day on phone and chat",
    ),
    Column(
        "wrap_s",
        "seconds",
        "the part of it after the conversation; used where there is no `wrap_ended_at`",
        unit="s",
        contract="0 or more",
    ),
    Column(
        "transferred_at", "time", "passed on to another queue or agent", contract="not before `arrived_at`"
    ),
    Column(
        "resolved_at", "time", "the case was resolved (the last time)", contract="not before `arrived_at`"
    ),
    Column(
        "reopened_at", "time", "the case was opened again (the last time)", contract="not before `arrived_at`"
    ),
    Column(
        "first_response_at",
        "time",
        "the customer was answered for the first time",
        contract="not before `arrived_at`",
    ),
    Column("transfers", "whole", "how often it was passed on", contract="0 or more"),
    Column("reopens", "whole", "how often it was opened again", contract="0 or more"),
    Column("first_response_met", "flag", "the clock of the first response was met"),
    Column("update_met", "flag", "the clock of updates was met"),
    Column("resolution_met", "flag", "the clock of the resolution was met"),
    Column("csat", "whole", "how satisfied the customer was, when asked", contract="1 to 5"),
    Column("nps", "whole", "how likely the customer is to recommend the firm", contract="0 to 10"),
    Column("effort", "whole", "how easy the customer found it, 7 being the easiest", contract="1 to 7"),
    Column(
        "sentiment",
        "word",
        "positive, neutral or negative: the tone of the answer",
        contract="one of these words",
    ),
)
"""A row a leg."""

INTERVALS: Final = (
    Column("interval_start", "time", "its beginning", need="needed", contract="once a queue and channel"),
    Column(
        "interval_minutes",
        "number",
        "its length; found from the rows where absent",
        unit="min",
        contract="more than 0, at most 1440",
    ),
    Column("queue", "text", "the line", need="needed", contract="not empty"),
    Column(
        "channel",
        "word",
        "phone, chat, email or other; phone where the column is absent",
        contract="one of these words",
    ),
    Column("offered", "number", "contacts that came", need="needed", contract="0 or more"),
    Column(
        "handled",
        "number",
        "of them, those answered",
        contract="0 or more; over all, with `abandoned`, at most `offered`",
    ),
    Column("abandoned", "number", "of them, those that gave up", contract="0 or more"),
    Column(
        "abandoned_short",
        "number",
        "of the abandoned, those too quick to count",
        contract="at most `abandoned`",
    ),
    Column(
        "abandoned_within_sl",
        "number",
        "of the abandoned, those within the threshold",
        contract="at most `abandoned`",
    ),
    Column(
        "answered_within_sl",
        "number",
        "of the handled, those within the threshold",
        contract="at most `handled`",
    ),
    Column(
        "talk_s", "seconds", "talk of all contacts together", need="one of", unit="s", contract="0 or more"
    ),
    Column("hold_s", "seconds", "hold of all contacts together", unit="s", contract="0 or more"),
    Column("acw_s", "seconds", "work after contact of all together", unit="s", contract="0 or more"),
    Column(
        "aht_s",
        "seconds",
        "handle time of one contact, on average",
        need="one of",
        unit="s",
        contract="0 to a day on phone and chat",
    ),
    Column("wait_answered_s", "seconds", "wait of all answered together", unit="s", contract="0 or more"),
    Column("wait_abandoned_s", "seconds", "wait of all abandoned together", unit="s", contract="0 or more"),
    Column("staffed", "number", "agents at work, on average", unit="agents", contract="0 or more"),
)
"""A row an interval of a queue and channel."""

CONTACT_FACTS: Final = (
    Fact("file", "int64", "which of the files given, from 0"),
    Fact("line", "int64", "row as a spreadsheet numbers it: the header is 1; in Parquet, the row from 1"),
    Fact("contact_id", "string", "pseudonym of the contact"),
    Fact("leg", "int64", "which piece of work on it, from 1"),
    Fact("case_id", "string", "pseudonym of the case"),
    Fact("account_id", "string", "pseudonym of the account"),
    Fact("user_id", "string", "pseudonym of the user"),
    Fact("agent_id", "string", "pseudonym of the agent"),
    Fact("channel", "string", "phone, chat, email or other"),
    Fact("queue", "string", "the line; never null"),
    Fact("segment", "string", "the kind of customer"),
    Fact("severity", "string", "how bad it is"),
    Fact("cause", "string", "the root cause as tagged"),
    Fact("cause_confidence", "float64", "how sure the tag is, 0 to 1"),
    Fact("final_cause", "string", "the root cause that the case bears in the end"),
    Fact("avoidable", "boolean", "could have been avoided, as far as its tag tells"),
    Fact("incident_id", "string", "the incident"),
    Fact("arr", "float64", "currency a year"),
    Fact("outcome", "string", "handled, abandoned, dropped, self_service or open; never null"),
    Fact("arrived_us", "int64", "joined the queue, or was put through; never null"),
    Fact("answered_us", "int64", "an agent took it"),
    Fact("ended_us", "int64", "end of the conversation, or the moment of leaving"),
    Fact("wrap_ended_us", "int64", "end of the work after it"),
    Fact("left_us", "int64", "the customer had gone, unseen"),
    Fact("transferred_us", "int64", "passed on"),
    Fact("resolved_us", "int64", "resolved, the last time"),
    Fact("reopened_us", "int64", "opened again, the last time"),
    Fact("first_response_us", "int64", "answered for the first time"),
    Fact("transfers", "int64", "how often it was passed on"),
    Fact("reopens", "int64", "how often it was opened again"),
    Fact("first_response_met", "boolean", "first response in time"),
    Fact("update_met", "boolean", "updates in time"),
    Fact("resolution_met", "boolean", "resolution in time"),
    Fact("csat", "int64", "satisfaction, 1 to 5"),
    Fact("nps", "int64", "recommendation, 0 to 10"),
    Fact("effort", "int64", "ease, 1 to 7"),
    Fact("sentiment", "string", "positive, neutral or negative"),
    Fact("queued", "boolean", "it waited in line; where a file does not say, whether its wait is above 0"),
    Fact("wait_us", "int64", "answered, or left, minus arrived"),
    Fact("handle_us", "int64", "of the handled: end of the wrap-up, or else of the talk, minus answered"),
    Fact("local_us", "int64", "what the clocks of the time zone showed at `arrived_us`; never null"),
)
"""The relation of contacts, in this order; times are microseconds since 1970 in UTC."""

INTERVAL_FACTS: Final = (
    Fact("file", "int64", "which of the files given, from 0"),
    Fact("line", "int64", "row as a spreadsheet numbers it: the header is 1; in Parquet, the row from 1"),
    Fact("start_us", "int64", "its beginning; never null"),
    Fact("length_us", "int64", "its length; never null"),
    Fact("queue", "string", "the line; never null"),
    Fact("channel", "string", "phone, chat, email or other; never null"),
    Fact("offered", "float64", "contacts that came; never null"),
    Fact("handled", "float64", "those answered"),
    Fact("abandoned", "float64", "those that gave up"),
    Fact("abandoned_short", "float64", "those that gave up too quickly to count"),
    Fact("abandoned_within_sl", "float64", "those that gave up within the threshold"),
    Fact("answered_within_sl", "float64", "those answered within the threshold"),
    Fact("talk_us", "int64", "talk of all together"),
    Fact("hold_us", "int64", "hold of all together"),
    Fact("acw_us", "int64", "work after contact of all together"),
    Fact("handle_us", "int64", "mean handle time of one contact"),
    Fact("wait_answered_us", "int64", "wait of all answered together"),
    Fact("wait_abandoned_us", "int64", "wait of all abandoned together"),
    Fact("staffed", "float64", "agents at work, on average"),
    Fact("local_us", "int64", "what the clocks of the time zone showed at `start_us`; never null"),
)
"""The relation of intervals, in this order."""

IDS: Final = ("contact_id", "case_id", "account_id", "user_id", "agent_id")
"""What is hashed before anybody sees it."""

"""The worlds in which verdicts are held to their word: what is exact, and what is only on the safe side."""

from typing import Final

from tests.loop.histories import OTHER_WEEK, WEEK, WORKING, Setting, Times

# [name, volume, control, how they differ]; each with windows of 14 and 30 days
_WORLDS: Final = (
    Setting("Poisson, 3 a day", 3, 60, 28, 14),
    Setting("Poisson, 10 a day", 10, 200, 28, 14),
    Setting("Poisson, 30 a day", 30, 600, 28, 14, first=2),
    Setting("Poisson, 300 a day", 300, 3000, 28, 14, first=4),
    Setting("a control of half the cause, 30 a day", 30, 15, 28, 14, first=6),
    Setting("days differ by 10 % (cv), 300 a day", 300, 3000, 28, 14, own_cv=0.1),
    Setting("days differ by 20 %, 30 a day", 30, 600, 28, 14, own_cv=0.2, first=3),
    Setting("days differ by 40 %, 30 a day", 30, 600, 28, 14, own_cv=0.4, first=1),
    Setting("days differ by 40 %, 300 a day", 300, 3000, 28, 14, own_cv=0.4),
    Setting("busy days in common (40 %), 100 a day", 100, 1000, 28, 14, shared_cv=0.4),
    Setting(
        "in common (30 %) and of its own (20 %), 100 a day", 100, 1000, 28, 14, 0.2, 0.3, WEEK, OTHER_WEEK
    ),
    Setting("week, 10 a day", 10, 1000, 28, 14, 0.2, week=WEEK, control_week=OTHER_WEEK, first=5),
    Setting(
        "no work at weekends, 30 a day", 30, 300, 28, 14, 0.1, week=WORKING, control_week=WORKING, first=3
    ),
    Setting("common growth of 5 % a week, 30 a day", 30, 600, 28, 14, 0.2, 0.0, WEEK, WEEK, common=0.05),
    Setting("own trend of -4 % a week, 10 a day", 10, 1000, 28, 14, 0.1, 0.0, WEEK, WEEK, own=-0.04),
    Setting("own trend of -4 % a week, 100 a day", 100, 1000, 28, 14, 0.2, 0.0, WEEK, WEEK, own=-0.04),
    Setting("own trend of -6 % a week, 300 a day", 300, 3000, 28, 14, own=-0.06),
    Setting("no control, 30 a day", 30, 0, 28, 14, 0.2, 0.0, WEEK),
    Setting("no control, 3 a day", 3, 0, 28, 14),
)
EXACT: Final = tuple(each._replace(before=b, after=a) for each in _WORLDS for b, a in ((28, 14), (60, 30)))
# Where little comes, or days differ by more than effects: verdicts and outlooks are on the safe side.
SAFE: Final = (
    Setting("a control as small as the cause, 3 a day", 3, 3, 28, 14),
    Setting("a control as small as the cause, 3 a day", 3, 3, 60, 30),
    Setting("days differ by 20 %, 3 a day", 3, 60, 28, 14, own_cv=0.2),
    Setting("days differ by 20 %, 3 a day", 3, 60, 60, 30, own_cv=0.2),
    Setting("days differ by 40 %, 3 a day", 3, 60, 28, 14, own_cv=0.4),
    Setting("days differ by 40 %, 3 a day", 3, 60, 60, 30, own_cv=0.4),
    Setting("Poisson, 1 a day", 1, 60, 28, 14),
    Setting("Poisson, 1 a day, a control as small", 1, 1, 28, 14),
    Setting("days differ by 40 %, 1 a day", 1, 60, 60, 30, own_cv=0.4),
    Setting("Poisson, one in two days", 0.5, 60, 28, 14),
)
TIMES: Final = (
    Times("handle time, 10 a day", 10, 200, 28, 14),
    Times("handle time, 30 a day", 30, 300, 28, 14),
    Times("handle time, 30 a day", 30, 300, 60, 30),
    Times("handle time, days differ by 15 %, 30 a day", 30, 300, 28, 14, own_cv=0.15),
    Times("handle time, own trend of -3 % a week, 30 a day", 30, 300, 60, 30, shared_cv=0.1, own=-0.03),
)

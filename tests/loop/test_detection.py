"""How often detection is wrong, on simulated counts; and how long an alarm stands."""

import math

import numpy as np

from scenarios.learning import Cusum, Detection, Threshold
from sim.loop.detection import Usual, Watched, nothing_yet, watch

_SURE = 4.0  # |z|: false alarms 1 in 16,000


def siegmund(slack: float, alarm: float) -> float:
    """The mean run length of a one-sided CUSUM of standard normals without a shift.

    Siegmund 1985, "Sequential Analysis", equation 2.56, in the form of Montgomery 2009, "Introduction to
    Statistical Quality Control", 9.1: (exp(-2 D b) + 2 D b - 1) / (2 D^2), D = -slack, b = alarm + 1.166.
    """
    drift, b = -slack, alarm + 1.166
    return (math.exp(-2.0 * drift * b) + 2.0 * drift * b - 1.0) / (2.0 * drift**2)


def run_lengths(policy: Detection, watched: Watched, days: np.ndarray) -> np.ndarray:
    """The day (from 1) of the first alarm of each cause; a day after the last where there is none."""
    first = np.full(days.shape[1], len(days) + 1)
    for known in range(1, len(days) + 1):
        watched = watch(policy, watched, days[:known], known)
        first = np.where(watched.alarms >= 0, np.minimum(first, known), first)
    return first


def test_a_cusum_is_wrong_as_rarely_as_theory_says() -> None:
    """Of a tag whose days are known to be 10,000 on average with a deviation of 100, near enough to normal:
    with 0.5 and 3 a false alarm comes after 119 days on average. 1,000 tags; beyond 1,500 days 3 in a million
    are still to come."""
    slack, alarm, tags = 0.5, 3.0, 1_000
    policy = Detection(cusum=Cusum(slack=slack, alarm=alarm, reference_days=1))
    days = np.random.default_rng(7).poisson(10_000, (1_500, tags))
    usual = Usual(np.full((7, tags), 10_000.0), np.full(tags, 100.0))
    # The one day of the reference is not looked at, so it is one more until each alarm.
    found = run_lengths(policy, nothing_yet(tags)._replace(usual=usual), days) - 1
    assert found.max() < 1_500
    expected = siegmund(slack, alarm)
    assert 118.0 < expected < 119.0
    assert abs(found.mean() - expected) <= _SURE * found.std() / math.sqrt(tags)


def by_hand(days: np.ndarray, reference: int, slack: float, alarm: float) -> np.ndarray:
    """The same run lengths, straight from the definition: one tag and one day after the other."""
    found = np.full(days.shape[1], len(days) + 1)
    for tag, counts in enumerate(days.T):
        weeks = counts[:reference].reshape(-1, 7)
        usual = weeks.mean(axis=0)
        freedom = reference - 7
        spread = max(math.sqrt(((weeks - usual) ** 2).sum() / freedom), math.sqrt(usual.mean()), 1.0)
        total = 0.0
        for day in range(reference, len(counts)):
            total = max(0.0, total + (counts[day] - usual[day % 7]) / spread - slack)
            if total > alarm:
                found[tag] = day + 1
                break
    return found


def test_four_weeks_say_little_of_what_is_usual() -> None:
    """docs/learning.md: of a tag with 60 contacts a day, 18 % have a false alarm within thirteen weeks of
    nothing new, where it would be 10 % if it were known what is usual (of normal days 9 %, and counts are
    more often far above their mean than below it). 400 tags, and 4,000."""
    days = np.random.default_rng(11).poisson(60.0, (28 + 91, 400))
    found = run_lengths(Detection(cusum=Cusum()), nothing_yet(400), days)
    assert (found == by_hand(days, 28, 0.5, 5.0)).all()
    share, said = float(np.mean(found <= 28 + 91)), 0.18
    assert abs(share - said) <= _SURE * math.sqrt(said * (1.0 - said) / 400)
    assert round(1.0 - math.exp(-91.0 / siegmund(0.5, 5.0)), 2) == 0.09
    usual = Usual(np.full((7, 4_000), 60.0), np.full(4_000, math.sqrt(60.0)))
    known = nothing_yet(4_000)._replace(usual=usual)
    later = np.random.default_rng(12).poisson(60.0, (1 + 91, 4_000))
    found = run_lengths(Detection(cusum=Cusum(reference_days=1)), known, later)
    share, said = float(np.mean(found <= 1 + 91)), 0.104
    assert abs(share - said) <= _SURE * math.sqrt(said * (1.0 - said) / 4_000)


def test_an_alarm_stands_until_all_is_usual_again() -> None:
    """Two weeks of 100 a day with a deviation of 10; a week of 140: 3.5 deviations a day beyond the slack, an
    alarm on the second day. Then 100 again: the sum, held at 5, falls by half a deviation a day and is used
    up after ten days. From then on there can be another alarm."""
    policy = Detection(cusum=Cusum(slack=0.5, alarm=5.0, reference_days=14))
    days = np.array([[100]] * 14 + [[140]] * 7 + [[100]] * 14 + [[140]] * 3)
    watched, standing = nothing_yet(1), []
    for known in range(1, len(days) + 1):
        watched = watch(policy, watched, days[:known], known)
        standing.append(int(watched.alarms[0]))
    assert standing == [-1] * 15 + [16] * 15 + [-1] * 6 + [37] * 2


def test_a_threshold_can_be_crossed_again() -> None:
    policy = Detection(threshold=Threshold(contacts=30, within_days=2))
    days = np.array([[10], [20], [20], [5], [5], [25], [1]])
    watched, standing = nothing_yet(1), []
    for known in range(1, len(days) + 1):
        watched = watch(policy, watched, days[:known], known)
        standing.append(int(watched.alarms[0]))
    assert standing == [-1, 2, 2, -1, -1, 6, -1]


def test_a_threshold_is_crossed_by_chance_as_often_as_counts_say() -> None:
    """Ten contacts a day on average, and 85 in a week are a cluster: of a single week that is P(N >= 85), N
    Poisson with mean 70; 4,000 tags looked at once, after a week."""
    from scipy import stats

    tags = 4_000
    policy = Detection(threshold=Threshold(contacts=85, within_days=7))
    days = np.random.default_rng(3).poisson(10.0, (7, tags))
    # Sums over fewer days than a week are smaller: only those of the seventh day can be the first above.
    alarmed = int((run_lengths(policy, nothing_yet(tags), days) <= 7).sum())
    p = float(stats.poisson.sf(84, 70.0))
    assert abs(alarmed - tags * p) <= _SURE * math.sqrt(tags * p * (1.0 - p))

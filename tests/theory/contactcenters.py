"""Figures of the ContactCenters simulator (Buist and L'Ecuyer 2005, umontreal-simul at f5ddb4a).

Their example programs, run longer than for the figures that they publish: every figure is the
mean of `observations` days (batches in case 15) with the standard deviation of one, as they print
them. CallCC with weak busyness is from the tutorial of SSJ. Definitions: "within" T is a wait of
less than T; whoever balks has waited 0 and counts as delayed; a ratio is a ratio of means.
"""

from typing import Final, NamedTuple

DAY_MIN: Final = 480  # of cases 1 to 4
HOURS: Final = 13  # of cases 5 and 13
CALLS: Final = (100, 150, 150, 180, 200, 150, 150, 150, 120, 100, 80, 70, 60)
STAFF: Final = (4, 6, 8, 8, 8, 7, 8, 8, 6, 6, 4, 4, 4)


class Table(NamedTuple):
    """Printed figures: output -> "mean sd", as printed (so that the rounding is known)."""

    observations: int
    figures: dict[str, str]


class Seen(NamedTuple):
    """A mean and its standard error, that of its rounding included."""

    mean: float
    se: float


def seen(printed: str, observations: int) -> Seen:
    """Read "0.900 0.033" of so many observations; a last digit is uniform over its unit."""
    mean, sd = printed.split()
    percent = 0.01 if mean.endswith("%") else 1.0
    mean, sd = mean.rstrip("%s"), sd.rstrip("%s")
    digits, _, exponent = mean.upper().partition("E")
    unit = 10.0 ** (int(exponent or 0) - len(digits.partition(".")[2]))
    error = (float(sd) ** 2 / observations + unit**2 / 12.0) ** 0.5
    return Seen(float(mean) * percent, error * percent)


MMC: Final = Table(
    50_000,
    {
        "in target": "1815.260 59.911",
        "service level": "0.900 0.033",
        "speed of answer": "0.101 0.045",
        "occupancy": "0.697 0.022",
    },
)
MMC_ABANDON: Final = Table(
    50_000,
    {
        "abandoned": "59.302 15.060",
        "in target": "1906.675 38.453",
        "service level": "0.974 7.9E-3",
        "speed of answer": "0.024 5.9E-3",
        "occupancy": "0.677 0.018",
        "service level with abandonment": "0.968 9.9E-3",
    },
)
MMC_BLOCKED: Final = Table(
    50_000,
    {
        "blocked": "18.854 9.711",
        "in target": "1854.099 44.867",
        "service level": "0.928 0.019",
        "speed of answer": "0.060 0.016",
        "occupancy": "0.691 0.020",
        "service level with blocked": "0.920 0.023",
    },
)
MMC_CLEARED: Final = Table(
    20_000,
    {
        "disconnected": "0.436 1.537",
        "in target": "1815.148 59.639",
        "service level": "0.901 0.033",
        "speed of answer": "0.100 0.046",
        "occupancy": "0.697 0.022",
        "service level with disconnected": "0.900 0.033",
    },
)
CALLCC: Final = Table(
    100_000,
    {
        "arrivals": "1659.340 525.247",
        "wait": "12.490 29.778",
        "within": "0.855 0.167",
        "lost": "0.0364 0.0583",
    },
)
CALLCC_WEAK: Final = Table(
    10_000,
    {
        "arrivals": "1660.366 93.620",
        "wait": "4.713 1.997",
        "within": "0.925 0.040",
        "lost": "0.020 6.7E-3",
    },
)
SIMPLE_MSK: Final = Table(
    20_000,
    {
        "served": "4286.262 432.838",
        "abandoned": "896.659 553.321",
        "service level": "0.506 0.131",
        "occupancy of group 0": "0.879 0.057",
        "in target 0 0": "173.792 96.813",
        "in target 0 1": "597.831 83.184",
        "in target 0 2": "16.493 27.368",
        "in target 1 0": "266.881 137.500",
        "in target 1 1": "509.804 87.633",
        "in target 1 2": "36.372 55.142",
        "in target 2 0": "266.286 159.191",
        "in target 2 1": "611.565 100.008",
        "in target 2 2": "25.590 42.721",
    },
)
TELETHON: Final = Table(
    20_000,
    {
        "arrived": "1000.260 31.631",
        "served": "962.913 26.842",
        "blocked": "0.000 0.000",
        "abandoned": "31.972 10.411",
        "messages": "5.079 3.039",
        "disconnected": "0.296 0.710",
        "in target": "950.113 26.216",
        "speed of answer": "0.036 0.012",
        "occupancy": "66.872% 2.493%",
    },
)
SINGLE_QUEUE: Final = Table(
    3_000,
    {
        "arrivals": "1659.5 41.264",
        "served": "1627.2 38.131",
        "lost": "32.282 7.9585",
        "occupancy": "55.730% 1.8297%",
        "abandonment": "1.9453% 0.45857%",
        "wait": "4.6212s 1.4971s",
        "speed of answer": "4.5456s 1.4628s",
        "queue": "0.16383 5.4540E-2",
        "busy": "3.4726 0.11402",
        "delay": "14.871% 2.5275%",
        "service level 20": "92.505% 1.9067%",
        "service level 30": "94.401% 1.6852%",
    },
)


class Hours(NamedTuple):
    """A measure in each of thirteen hours: of arrival, or of the clock for averages over time."""

    percent: bool
    means: str
    deviations: str


SINGLE_QUEUE_HOURS: Final = {
    "service level 20": Hours(
        True,
        "78.300 85.295 97.529 93.862 90.042 93.254 97.693 97.592 93.588 97.079 87.521 91.571 94.855",
        "11.399 9.3447 3.2396 5.6328 7.3557 5.9248 3.0277 3.1254 5.6425 3.7418 8.8425 7.4509 5.6184",
    ),
    "service level 30": Hours(
        True,
        "81.921 88.660 98.420 95.771 92.840 95.233 98.555 98.473 95.372 97.936 89.999 93.348 96.085",
        "10.871 8.5490 2.5880 4.7013 6.4379 5.0861 2.3975 2.4787 4.8744 3.1573 8.1953 6.6651 4.9183",
    ),
    "occupancy": Hours(
        True,
        "63.981 66.298 51.692 61.099 67.152 59.153 51.662 51.569 55.107 45.965 54.359 47.844 41.434",
        "7.8230 6.7931 5.7186 6.0069 5.9659 6.3278 5.4280 5.6807 6.5711 6.1410 7.8625 7.6429 7.1588",
    ),
    "abandonment": Hours(
        True,
        "4.9079 3.5292 0.77750 1.7543 2.6789 1.7794 0.77004 0.77981 1.7329 0.82594 2.8875 2.0168 1.3071",
        "2.8313 2.0249 0.89160 1.3379 1.6071 1.4123 0.90012 0.89853 1.4907 1.0880 2.3316 1.9899 1.7124",
    ),
    "wait": Hours(
        False,
        "15.769 8.9877 1.3221 3.3620 5.6589 3.7714 1.2336 1.2856 3.7049 1.6610 8.4600 5.5271 3.1882",
        "11.913 7.7735 1.8040 3.5088 5.1097 3.9020 1.6789 1.7293 3.9063 2.4224 8.4818 6.3808 4.2352",
    ),
    "speed of answer": Hours(
        False,
        "15.780 8.9803 1.3038 3.3324 5.6429 3.7312 1.2165 1.2687 3.6603 1.6265 8.3409 5.4143 3.1026",
        "12.003 7.7686 1.7726 3.4607 5.0832 3.8569 1.6451 1.7064 3.8660 2.3549 8.3404 6.2441 4.0973",
    ),
    "queue": Hours(
        False,
        "0.43677 0.37454 5.5499E-2 0.16721 0.31097 0.16104 5.1492E-2 5.2973E-2 "
        "0.12367 4.5929E-2 0.18706 0.10878 5.3899E-2",
        "0.34911 0.33728 7.7632E-2 0.17980 0.29077 0.17215 7.1168E-2 7.3152E-2 "
        "0.13436 6.7582E-2 0.19600 0.13011 7.3834E-2",
    ),
}
THREE_TYPES: Final = Table(
    30,
    {
        "service level, all within 20 s": "30.496% 0.62061%",
        "service level 0": "6.7279% 0.50829%",
        "service level 1": "56.250% 0.95804%",
        "service level 2": "20.789% 0.79071%",
        "occupancy 0": "96.891% 0.22717%",
        "occupancy 1": "91.729% 0.39620%",
        "occupancy": "93.450% 0.29345%",
        "abandonment 0": "59.206% 0.90381%",
        "abandonment 1": "10.649% 0.29876%",
        "abandonment 2": "40.249% 0.80233%",
        "abandonment": "30.150% 0.38968%",
        "wait 0": "4.2898E-2 1.0044E-3",
        "wait 1": "9.2446E-3 2.4142E-4",
        "wait 2": "2.7735E-2 8.6225E-4",
        "wait": "2.2255E-2 3.7847E-4",
        "speed of answer 0": "5.0706E-2 1.6710E-3",
        "speed of answer 1": "9.6778E-3 2.5512E-4",
        "speed of answer 2": "2.7499E-2 9.3149E-4",
        "speed of answer": "1.9460E-2 3.0306E-4",
        "arrivals": "240.53 1.3667",
        "queue 0": "2.5743 6.8132E-2",
        "queue 1": "1.1139 3.1926E-2",
        "queue 2": "1.6647 5.7299E-2",
        "queue": "5.3530 0.10321",
        "delay 0": "96.948% 0.28568%",
        "delay 1": "85.166% 0.48622%",
        "delay 2": "86.903% 0.58628%",
        "delay": "88.539% 0.36244%",
    },
)

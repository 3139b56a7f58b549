"""One real day of a bank's call centre against its simulation: tables and picture of docs/real_day.md.

    python -m docs.real_day JANUARY FEBRUARY [--write]

Reads two exports of the Anonymous Bank (the first has the day and its neighbours, on the second the rule of
absence was chosen), simulates, and prints the tables; with ``--write`` it puts them into the page, each
between its marks, and draws docs/real_day.svg anew. The words of the page are written by hand.
"""

import argparse
import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final

import numpy as np

from calibration.bank_day import INTERVAL_S, day
from calibration.bank_days import ordinary, working_days
from calibration.bank_export import Call, read_calls
from calibration.bank_scenario import scenario_data
from calibration.bank_seen import CLOSE_S, OPEN_S, Choices
from calibration.presence import Rule
from docs.picture import STYLE
from docs.real_day_variants import VARIANTS, Compared, compared
from reports import actuals
from reports.actuals import COUNTED, Judged
from reports.series import Point
from reports.svg_chart import HEIGHT, WIDTH, Axis, Chart, Trace, nice_axis, percent_axis, svg

PAGE: Final = Path(__file__).with_name("real_day.md")
PICTURE: Final = PAGE.with_suffix(".svg")
REPLICATIONS: Final = 400  # of the day
FEWER: Final = 100  # of a variant, and of another day
_HEAD: Final = 26
_RULES: Final = ((60, 900), (300, 900), (86_400, 300), (86_400, 600), (86_400, 900), (86_400, 1800))
_SCORED: Final = ("abandonment", "mean_wait_s", "answered_within_20_s", "occupancy")
_WORDS: Final = {
    "offered": "Offered, calls",
    "answered": "Answered, calls",
    "abandoned": "Abandoned, calls",
    "abandonment": "Abandonment",
    "mean_wait_answered_s": "Speed of answer (ASA), s",
    "mean_wait_s": "Mean wait, answered or not, s",
    "answered_within_20_s": "Answered within 20 s, of the offered",
    "mean_service_s": "Mean service, s",
    "busy_hours": "Busy hours",
    "occupancy": "Occupancy",
}
_SHARES: Final = ("abandonment", "answered_within_20_s", "occupancy")


def figure(name: str, value: float) -> str:
    """A figure as the tables write it."""
    if np.isnan(value):
        return "–"
    if name in _SHARES:
        return f"{value:.1%}"
    return f"{value:,.0f}" if name in COUNTED and name != "busy_hours" else f"{value:,.1f}"


def _signed(value: float) -> str:
    return f"{round(value, 1) + 0.0:+.1f}".replace("-", "−")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table, all columns but the first to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def waited_table(found: Compared) -> str:
    """Who was at work, and who was busy, while somebody waited."""
    seen = found.day.while_waited
    row = [f"{seen.share:.0%} of 07:00 to 24:00", f"{seen.at_work:.2f}", f"{seen.busy:.2f}"]
    return _table(["somebody waited", "agents seen at work then", "with a call or after-call work"], [row])


def day_table(found: Compared) -> str:
    """Figures of the whole day."""
    rows = [
        [
            _WORDS[name],
            figure(name, each.observed),
            figure(name, each.mean),
            _band(name, each),
            _signed(each.z),
        ]
        for name, each in found.totals.items()
    ]
    return _table(["19 January as a whole", "observed", "simulated", "95 % of days", "z"], rows)


def _band(name: str, each: Judged) -> str:
    return "–" if np.isnan(each.low) else f"{figure(name, each.low)} to {figure(name, each.high)}"


def interval_table(found: Compared) -> str:
    """Every half hour; an observation out of its band is bold."""
    names = ("answered", "abandoned", "mean_wait_s", "answered_within_20_s")
    judged = {n: actuals.judge_intervals(found.observed[n], found.simulated[n]) for n in names}
    rows = [
        [each.interval, f"{each.offered}", f"{each.agents_seen:.1f}"]
        + [cell for name in names for cell in _pair(name, judged[name][i])]
        for i, each in enumerate(found.day.intervals)
    ]
    head = ["from", "calls", "agents seen"]
    for word in ("answered", "abandoned", "mean wait, s", "within 20 s"):
        head += [word, "simulated"]
    return _table(head, rows)


def _pair(name: str, each: Judged) -> Iterator[str]:
    seen = figure(name, each.observed)
    yield seen if each.inside or np.isnan(each.low) else f"**{seen}**"
    yield f"{figure(name, each.mean)} ({_band(name, each)})"


def fit_table(found: Compared) -> str:
    """How close the half hours of each measure are."""
    rows = []
    for name in actuals.MEASURES:
        fit = found.fit(name)
        scale, places = (100.0, 1) if name in _SHARES else (1.0, 2 if name == "busy_hours" else 1)
        errors = [f"{scale * x:.{places}f}" for x in (fit.error, fit.expected_error, fit.error_limit)]
        unit = " (errors in points)" if name in _SHARES else ""
        rows.append([_WORDS[name] + unit, f"{fit.inside} of {fit.intervals}", f"{fit.fewest}", *errors])
    head = ["by half hour", "in the band", "chance: at least", "mean error", "chance: mean", "chance: 95 %"]
    return _table(head, rows)


def _summary(found: Compared) -> list[str]:
    """The simulated figures of a variant, and its z."""
    cells = [f"{figure(n, found.totals[n].mean)} ({_signed(found.totals[n].z)})" for n in _SUMMED]
    fit = found.fit("mean_wait_s")
    return [*cells, f"{fit.inside}", f"{fit.error:.1f}"]


_SUMMED: Final = ("abandonment", "mean_wait_s", "mean_wait_answered_s", "answered_within_20_s", "busy_hours")
_SUMMED_HEAD: Final = ("abandonment", "mean wait, s", "ASA, s", "within 20 s", "busy hours")


def variant_table(calls: Sequence[Call], date: datetime.date, replications: int) -> str:
    """The same day made into other scenarios."""
    of_date = [call for call in calls if call.date == date]
    rows: list[list[str]] = []
    for each in VARIANTS:
        found = day(calls, date, each.choices)
        data = scenario_data(found)
        run = compared(found, replications, each.change(data, of_date) if each.change else data)
        if not rows:
            observed = [figure(n, run.totals[n].observed) for n in _SUMMED]
            rows.append(["**observed**", *(f"**{cell}**" for cell in observed), "", ""])
        rows.append([each.label, *_summary(run)])
    return _table(["scenario", *_SUMMED_HEAD, "waits in the band, of 34", "error of waits, s"], rows)


def other_days_table(calls: Sequence[Call], replications: int) -> str:
    """Every working day of the export with whole records, each from its own scenario."""
    rows = []
    for total in working_days(calls):
        if total.whole:
            run = compared(day(calls, total.date), replications)
            pairs = (
                f"{figure(n, run.totals[n].observed)} / {figure(n, run.totals[n].mean)} "
                f"({_signed(run.totals[n].z)})"
                for n in ("abandonment", "mean_wait_s", "answered_within_20_s")
            )
            inside = [f"{run.fit(n).inside}" for n in ("abandoned", "mean_wait_s")]
            rows.append([f"{total.date:%a %d %b}", f"{total.offered:,}", *pairs, *inside])
    head = ["day", "calls", "abandonment", "mean wait, s", "within 20 s", "abandoned: in the band", "waits"]
    return _table(head, rows)


def rule_table(calls: Sequence[Call], replications: int) -> str:
    """Rules of absence on all whole working days: mean z of four figures, and their mean square."""
    dates = [total.date for total in working_days(calls) if total.whole]
    rows = []
    for rule in _RULES:
        runs = [compared(day(calls, date, Choices(rule=Rule(*rule))), replications) for date in dates]
        z = np.array([[run.totals[name].z for name in _SCORED] for run in runs])
        inside = np.mean([run.fit("mean_wait_s").inside / len(run.day.intervals) for run in runs])
        cells = [_signed(float(mean)) for mean in z.mean(axis=0)]
        rows.append([_rule_words(*rule), *cells, f"{(z**2).mean():.2f}", f"{inside:.1%}"])
    head = ["absent after", *(_WORDS[n].split(",")[0] for n in _SCORED), "mean z²", "waits in the band"]
    return _table(head, rows)


def _rule_words(away_s: int, unseen_s: int) -> str:
    gap = f"{unseen_s // 60} min without a call"
    return gap if away_s >= 86_400 else f"{away_s // 60} min of people waiting, or {gap}"


_CHARTS: Final = (
    ("offered", "Calls in 30 min"),
    ("abandoned", "Abandoned in 30 min"),
    ("mean_wait_s", "Mean wait, seconds"),
    ("answered_within_20_s", "Answered within 20 s"),
)


def picture(found: Compared) -> str:
    """Four charts: observed in orange, simulated mean and its prediction band in blue."""
    title = f"{found.day.date}: observed (orange), simulated mean and 95 % of simulated days (blue)"
    width, height = 2 * int(WIDTH) + 24, 2 * (int(HEIGHT) + _HEAD) + 60
    parts = []
    for place, (name, head) in enumerate(_CHARTS):
        x, y = place % 2 * (int(WIDTH) + 24), 36 + place // 2 * (int(HEIGHT) + _HEAD + 12)
        at = f'<svg x="{x}" y="{y + _HEAD}" width="{WIDTH:g}" height="{HEIGHT:g}"'
        parts.append(f'<text class="head" x="{x + 46}" y="{y + 16}">{escape(head)}</text>')
        parts.append(_chart(found, name, head).replace("<svg", at, 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">\n<title>{escape(title)}</title>\n'
        f'<style>{STYLE}</style>\n<rect width="{width}" height="{height}" fill="#fff"/>\n'
        f'<text class="head" x="46" y="20">{escape(title)}</text>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _chart(found: Compared, name: str, head: str) -> str:
    judged = actuals.judge_intervals(found.observed[name], found.simulated[name])
    at = [OPEN_S + (i + 0.5) * INTERVAL_S for i in range(len(judged))]
    band = tuple(Point(t, j.mean, j.low, j.high) for t, j in zip(at, judged, strict=True))
    seen = tuple(Point(t, j.observed) for t, j in zip(at, judged, strict=True) if not np.isnan(j.observed))
    top = max(*(p.high for p in band), *(p.mean for p in seen))
    hours = tuple(float(h * 3600) for h in range(OPEN_S // 3600, CLOSE_S // 3600 + 1, 2))
    x = Axis(OPEN_S, CLOSE_S, hours, tuple((h, f"{int(h) // 3600}:00") for h in hours if h < CLOSE_S))
    traces = (
        Trace("simulated", "first", band, INTERVAL_S * 1.5),
        Trace("observed", "second", seen, INTERVAL_S * 1.5, has_band=False),
    )
    y = percent_axis() if name in _SHARES else nice_axis(top)
    return svg(Chart(name, head, "Observed, and 95 % of simulated days, by half hour", traces, x, y))


def day_tables(found: Compared) -> dict[str, str]:
    """The tables of the day itself, by the mark that stands before them on the page."""
    return {
        "day": day_table(found),
        "fit": fit_table(found),
        "waited": waited_table(found),
        "intervals": interval_table(found),
    }


def replaced(page: str, tables: Mapping[str, str]) -> str:
    """The page with these tables; each stands between two comments with its mark."""
    for mark, table in tables.items():
        pattern = rf"(<!-- made: {mark} -->\n).*?(<!-- end -->)"
        found = re.search(pattern, page, re.DOTALL)
        assert found, f"the page has no place for {mark}"
        page = f"{page[: found.end(1)]}{table}\n{page[found.start(2) :]}"
    return page


def all_tables(january: Sequence[Call], february: Sequence[Call], found: Compared) -> dict[str, str]:
    """All tables of the page."""
    return {
        **day_tables(found),
        "variants": variant_table(january, found.day.date, FEWER),
        "others": other_days_table(january, FEWER),
        "rules": rule_table(february, FEWER),
    }


def the_day(calls: Sequence[Call]) -> Compared:
    """The ordinary day of an export, simulated."""
    return compared(day(calls, ordinary(working_days(calls))), REPLICATIONS)


def main() -> None:
    parser = argparse.ArgumentParser(description="The tables and the picture of docs/real_day.md.")
    parser.add_argument("january", type=Path)
    parser.add_argument("february", type=Path)
    parser.add_argument("--write", action="store_true", help="put them into the page")
    asked = parser.parse_args()
    january, february = read_calls(asked.january), read_calls(asked.february)
    found = the_day(january)
    tables = all_tables(january, february, found)
    for mark, table in tables.items():
        print(f"{mark}\n\n{table}\n")
    if asked.write:
        PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8"), tables), encoding="utf-8")
        PICTURE.write_text(picture(found), encoding="utf-8")


if __name__ == "__main__":
    main()

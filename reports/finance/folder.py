"""The folder of a study, and the study as JSON: all of it at once or nothing."""

import json
import math
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reports import tables_out
from reports.finance.results import Case, Held, Priced, Study, Targets
from reports.finance.target_costs import pay_of
from reports.finance.words import answer_of
from reports.run_folder import SCENARIO, FolderError, check_folder, replacing, write_manifest
from scenarios import resolved
from scenarios.targets import Goal, goal_text
from scenarios.week import clock_text, day_name

if TYPE_CHECKING:
    import pandas as pd

    from sim.headcount.reached import Change, Reached

PAGE: Final = "finance.html"
AGAINST: Final = "against.yaml"
_LABELS: Final = (
    "scenario",
    "line",
    "kind",
    "behaves",
    "month",
    "dimension",
    "part",
    "holds",
    "unit",
    "currency",
)


def write_study(out: Path, study: Study, *, wall_time_s: float | None = None) -> Path:
    """Write page and tables, or nothing; returns the folder. Raises `FolderError`."""
    from reports.finance.page import page_of

    folder = check_folder(out)
    try:
        with replacing(folder) as fresh:
            (fresh / PAGE).write_bytes(page_of(study).encode())
            (fresh / SCENARIO).write_bytes(resolved(study.before.scenario).encode())
            if study.after is not None:
                (fresh / AGAINST).write_bytes(resolved(study.after.scenario).encode())
            for name, frame in frames_of(study).items():
                tables_out.write_parquet(frame, fresh / f"{name}.parquet")
                tables_out.write_csv(frame, fresh / f"{name}.csv", _LABELS)
            write_manifest(fresh, _head(study), wall_time_s)
    except OSError as error:
        raise FolderError(f"{out} cannot be written: {error.strerror or error}") from error
    return folder


def frames_of(study: Study) -> "dict[str, pd.DataFrame]":
    """Cost lines by month, their parts by dimension, and the cash flow of a case, as long tables."""
    import pandas as pd

    sides = study.sides
    columns = ("scenario", "line", "kind", "behaves", "month", "amount", "currency")
    found = {"costs": pd.DataFrame([row for side in sides for row in _months(side)], columns=list(columns))}
    columns_of_parts = (
        "scenario",
        "dimension",
        "part",
        "amount",
        "contacts",
        "minutes",
        "solved_cases",
        "currency",
    )
    rows = [row for side in sides for row in _parts(side)]
    found["cost_to_serve"] = pd.DataFrame(rows, columns=list(columns_of_parts))
    if study.case is not None:
        cash = [row for held in study.case.held.values() for row in _cash(study.case, held)]
        found["cash_flow"] = pd.DataFrame(cash, columns=["holds", "line", "month", "amount", "currency"])
    return found


def _months(side: Priced) -> Iterator[tuple[object, ...]]:
    for line in side.bill.lines:
        for month, amount in zip(side.bill.months, line.months, strict=True):
            told = line.told
            yield (
                side.label,
                told.name,
                told.kind,
                told.behaves,
                month.label,
                float(amount),
                side.bill.currency,
            )


def _parts(side: Priced) -> Iterator[tuple[object, ...]]:
    for dimension, rows in side.parts.items():
        for row in rows:
            yield side.label, dimension, row.name, float(row.cost), *row.volume, side.bill.currency


def _cash(case: Case, held: Held) -> Iterator[tuple[object, ...]]:
    for name, months in held.cash.items():
        for label, amount in zip(case.model.labels, months, strict=True):
            yield held.holds, name, label, float(amount), case.model.currency


def _head(study: Study) -> dict[str, Any]:
    sides = study.sides
    return {
        "scenario": study.before.scenario.name,
        "versions": [each.label for each in sides],
        "currency": study.before.bill.currency,
        "start": study.before.scenario.calendar.start.isoformat(),
        "days": study.before.scenario.calendar.days,
        "seed": study.seed,
        "replications": study.replications,
        "version": study.version,
    }


def study_json(study: Study) -> str:
    """The study as one JSON object; amounts are numbers with all their cents."""
    sides = study.sides
    whole: dict[str, Any] = {
        **_head(study),
        "answer": answer_of(study),
        "costs": [_side(each) for each in sides],
        "case": None if study.case is None else _case(study.case),
        "targets": None if study.targets is None else _targets(study.targets, study.before),
        "ledger": None if study.ledger is None else _plain(study.ledger._asdict()),
    }
    return json.dumps(whole, allow_nan=False)


def _side(side: Priced) -> dict[str, Any]:
    lines = [
        {
            "line": line.name,
            "kind": line.told.kind,
            "behaves": line.told.behaves,
            "amount": line.total,
            "quantity": line.quantity,
            "unit": line.told.unit,
            "mean_price": line.mean_price,
        }
        for line in side.bill.lines
    ]
    return {
        "label": side.label,
        "total": float(side.bill.total),
        "lines": _plain(lines),
        "missing": list(side.bill.missing),
        "whole": _plain(side.whole._asdict()),
        "parts": {name: [_plain(row._asdict()) for row in rows] for name, rows in side.parts.items()},
        "waiting": _plain(side.waiting._asdict()),
    }


def _case(case: Case) -> dict[str, Any]:
    held = {name: _held(each) for name, each in case.held.items()}
    parts = (
        "bridge",
        "envelope",
        "searches",
        "tornado",
        "ends",
        "distribution",
        "breaks",
        "lints",
        "service",
        "revenue",
    )
    return {
        "holds": case.terms.holds,
        "months": list(case.model.labels),
        "held": held,
        "grid": {
            "largest_error_h": case.model.response.errors.largest,
            "mean_error_h": case.model.response.errors.mean,
        },
        **{name: _plain(getattr(case, name)) for name in parts},
    }


def _held(each: Held) -> dict[str, Any]:
    return {
        "cash": {name: [float(amount) for amount in months] for name, months in each.cash.items()},
        "net": [float(amount) for amount in each.net],
        "net_present_value": float(each.npv),
        "internal_rates": _plain(each.rates),
        "payback": _plain(each.payback),
        "discounted_payback": _plain(each.discounted),
        "savings": _plain(each.savings),
    }


def _targets(targets: Targets, side: Priced) -> dict[str, Any]:
    alone = {goal_text(goal): _alone(goal, each, side, targets.years) for goal, each in targets.alone}
    return {
        "together": _reached(targets.together, side, targets.years),
        "alone": alone,
        "not_moved": [goal_text(goal) for goal in targets.together.not_moved],
        "out_of_reach": [goal_text(goal) for goal in targets.together.out_of_reach],
    }


def _alone(goal: Goal, each: "Reached", side: Priced, years: float) -> dict[str, Any]:
    """What one target costs on its own; nothing where it does not hold."""
    holds = any(stands.goal == goal and stands.held_after for stands in each.targets)
    found = {**_reached(each, side, years), "holds": holds, "out_of_reach": goal in each.out_of_reach}
    return found if holds else {**found, "cost_a_year": None, "paid_hours_a_year": None}


def _reached(each: "Reached", side: Priced, years: float) -> dict[str, Any]:
    return {
        "hold": [goal_text(stands.goal) for stands in each.targets if stands.held_after and stands.steered],
        "missed": [
            goal_text(stands.goal) for stands in each.targets if not stands.held_after and stands.steered
        ],
        "holds": each.all_hold,
        "plan": [_changed(change) for change in each.changes],
        "cost_a_year": float(pay_of(each, side.scenario, years)),
        "paid_hours_a_year": sum(each.paid.values()) / years,
        "paid_hours_a_year_by_group": {name: hours / years for name, hours in each.paid.items()},
        "how": each.how,
        "stopped": each.stopped,
    }


def _changed(change: "Change") -> dict[str, Any]:
    """People of a group more (below 0: fewer), on these days, from one time to another."""
    return {
        "group": change.group,
        "days": [day_name(kind) for kind in change.kinds],
        "from": clock_text(change.window.start_s),
        "to": clock_text(change.window.end_s),
        "people": change.people,
    }


def _plain(value: Any) -> Any:
    """Named tuples as maps, decimals as numbers, tuples as lists; what is no number is null."""
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if hasattr(value, "_asdict"):
        return {key: _plain(each) for key, each in value._asdict().items()}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value

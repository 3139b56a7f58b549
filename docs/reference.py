"""The tables of keys in docs/scenario.md, made from the model.

    python -m docs.reference [--write]

A table stands between two comments, ``<!-- keys: SECTION -->`` and ``<!-- end -->``. What it says is
written in the model, beside each key, where editors find it too.
"""

import argparse
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from scenarios.keys import FILES, MODELS, TOP, Key, keys_of, written_as
from scenarios.moves import PARAMETERS, Parameter, amount_text

PAGE: Final = Path(__file__).parent / "scenario.md"
MARK: Final = re.compile(r"(<!-- keys: ([^\n]+?) -->\n).*?(<!-- end -->)", re.DOTALL)

EXPLAINED: Final = {  # where the page says how a form is written
    "quantities": (
        "duration", "rate", "share", "coefficient of variation", "percentage points", "pay", "number",
        "whole number", "date", "time of day", "time window", "days", "time zone", "text", "names",
        "true or false", "factor", "mix", "shares by name", "factors by name", "a name or names",
        "amount of money", "whole days", "list of whole days", "hours of work", "hours a week",
        "yes, no or a share", "weekday", "whole months", "currency",
    ),
    "hours": ("hours", "hours by name"),
    "holidays": ("holidays",),
    "profiles": ("profile",),
    "csv-files": ("history",),
    "days-that-differ": ("growth", "factors by month", "factors by date", "factors by weekday"),
    "distributions": ("distribution",),
    "staffing": ("staffing",),
    "shrinkage": ("shrinkage",),
    "targets": ("target", "list of targets"),
    "uncertain-numbers": ("uncertain numbers",),
    "layers": ("overrides",),
    "calendar": ("calendar",),
    "streamsname": ("streams",),
    "streamsnamearrivals": ("arrivals",),
    "run": ("run",),
    "groupsnameshifts": ("shifts",),
    "groupsnameshiftsbreaks": ("breaks",),
    "self-service": ("share over time",),
    "severitiesname": ("severities", "time limit"),
    "causesname": ("causes",),
    "tiersname": ("tiers",),
    "tagging": ("tagging",),
    "routing": ("list of rules",),
    "pathsnamestep": ("paths", "what comes next", "handover"),
    "closing": ("closing",),
    "side_workname": ("side work",),
    "outcomes": ("outcomes",),
    "incidentsname": ("incidents", "starts", "rates by stream"),
    "what-a-change-moves": ("moves", "amount of a change"),
    "ownersname": ("owners",),
    "remediesname": ("remedies",),
    "loop": ("loop", "criterion"),
    "roadmap": ("roadmap",),
    "roadmapphasesname": ("phases",),
    "roadmapleversname": ("levers",),
    "costs": ("costs", "rates by currency", "kinds of cost"),
    "costspeoplename": ("employment",),
    "costslinesname": ("cost lines", "parts by scope"),
    "costsvendorsname": ("vendors",),
    "prices": ("price", "price for a time", "price of a hire", "price of a contact or minute"),
    "what-was-booked": ("booked amounts", "accounts"),
    "business_case": ("business case", "people by group"),
    "business_caseoncename": ("costs paid once",),
    "business_caserunningname": ("running costs",),
    "how-sure-it-is": ("ranges by name",),
    "targets-by-day": ("list of targets by day",),
    "the-life-of-a-case": ("kinds by name",),
    "queuesname": ("queues", "shares by wait"),
    "groupsname": ("groups", "people by date", "weeks of tenure"),
    "../README.md#results": ("formula",),
}  # fmt: skip
KINDS_OF_MOVES: Final = {
    "factor": "relative change",
    "points": "percentage points",
    "seconds": "duration",
    "agents": "whole number",
    "count": "whole number",
    "switch": "switch",
}
_ANCHORS: Final = {form: anchor for anchor, forms in EXPLAINED.items() for form in forms}


def sections() -> Iterator[tuple[str, list[Key]]]:
    """Yield each section of the reference with its keys."""
    for name, model in MODELS.items():
        yield name, [*keys_of(model), *(TOP if name == "File" else ())]
    for name, model in FILES.items():
        yield f"{name} of CSV", list(keys_of(model))


def tables() -> dict[str, str]:
    """Return every table by the name of its section."""
    return {name: table(keys) for name, keys in sections()} | {"moves": table_of_moves()}


def table(keys: list[Key]) -> str:
    """Return the table of some keys."""
    rows = (
        f"| `{key.path}` | {key.description} | {form(key)} | {key.default} | {examples(key)} |"
        for key in keys
    )
    return "\n".join(
        ["| key | what it says | written as | default | example |", "|---|---|---|---|---|", *rows]
    )


def table_of_moves() -> str:
    """Return the table of what a change may move."""
    rows = (
        f"| `{pattern}` | {each.said} | {KINDS_OF_MOVES[each.kind]} | {bounds(each)} |"
        for pattern, each in PARAMETERS.items()
    )
    return "\n".join(["| parameter | what it is | written as | from, to |", "|---|---|---|---|", *rows])


def bounds(parameter: Parameter) -> str:
    """Return between which amounts a parameter may move."""
    if parameter.kind == "switch":
        return "`on`"
    least, most = (amount_text(parameter.kind, each) for each in (parameter.least, parameter.most))
    return f"`{least}`, `{most}`"


def form(key: Key) -> str:
    """Return how a key is written, with a link to where that is explained."""
    if key.model is not None:
        return "map"
    words = written_as(key.form)
    anchor = _ANCHORS.get(words)
    if anchor is None:
        return words
    return f"[{words}]({anchor if '#' in anchor else f'#{anchor}'})"


def examples(key: Key) -> str:
    """Return the examples of a key, as they are written in a file."""
    return ", ".join(f"`{example_text(each)}`" for each in key.examples)


def example_text(value: Any) -> str:
    """Write an example; most of them are the text of the file already."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def replaced(page: str) -> str:
    """Return a page with its tables made again."""
    made = tables()
    return MARK.sub(lambda found: f"{found[1]}{made[found[2]]}\n{found[3]}", page)


def main() -> None:
    parser = argparse.ArgumentParser(description="The tables of docs/scenario.md.")
    parser.add_argument("--write", action="store_true", help="put them into the page")
    if parser.parse_args().write:
        PAGE.write_text(replaced(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
        return
    for name, made in tables().items():
        print(f"{name}\n\n{made}\n")


if __name__ == "__main__":
    main()

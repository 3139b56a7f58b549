"""Values of the cost model: accounts, parts that a line is for, rates of currencies, kinds of cost."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from scenarios.fields import Form
from scenarios.mixes import SOME_NAMES, by_name, read_names
from scenarios.problems import Gather, nearest, shown
from scenarios.units import CURRENCIES, number

KINDS: Final = (
    "tools", "telephony", "platform", "self_service", "training", "hiring", "facilities", "vendor", "credits",
    "other",
)  # fmt: skip
"""What a cost line may be; a model that has none of a kind, and does not say so, lacks it."""
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SCOPES: Final = ("channel", "queue", "stream", "group", "severity", "root_cause", "tier")


_LEAST_RATE: Final = 1e-6
_MOST_RATE: Final = 1e6
ACCOUNTS: Final[Form] = {
    "title": "accounts",
    "anyOf": [
        {"type": ["string", "number"]},
        {"type": "array", "items": {"type": ["string", "number"]}},
    ],
}
ONLY: Final[Form] = {
    "title": "parts by scope",
    "type": "object",
    "additionalProperties": False,
    "maxProperties": 1,
    "properties": dict.fromkeys(SCOPES, SOME_NAMES),
}
RATES: Final[Form] = {
    "title": "rates by currency",
    "type": "object",
    "additionalProperties": {"type": "number", "minimum": _LEAST_RATE, "maximum": _MOST_RATE},
}
SOME_KINDS: Final[Form] = {
    "title": "kinds of cost",
    "anyOf": [{"enum": list(KINDS)}, {"type": "array", "items": {"enum": list(KINDS)}}],
}


class Only(NamedTuple):
    """What a line is for, of what its price counts: parts of one scope, by name."""

    scope: str
    names: tuple[str, ...]


def read_accounts(seen: object) -> tuple[str, ...]:
    """Return one account or a list of them, each once."""
    return () if seen in ((), []) else read_names(seen)


def read_only(seen: object) -> Only:
    """Return the parts of ``{channel: [phone]}``: of one scope, by name."""
    if isinstance(seen, Only):
        return seen
    example = "write {channel: [phone]}"
    if not isinstance(seen, Mapping) or not seen:
        raise ValueError(f"{shown(seen)} is not a map from a scope to names; {example}")
    gather, found = Gather(), list[Only]()
    for scope, names in seen.items():
        with gather.at(str(scope)):
            if scope not in SCOPES:
                raise ValueError(f"is not a scope{nearest(str(scope), SCOPES)}")
            found.append(Only(str(scope), read_names(names)))
    gather.finish()
    if len(found) > 1:
        listed = " and ".join(each.scope for each in found)
        raise ValueError(f"names parts by {listed}; one scope can be shared out, so {example}")
    return found[0]


def read_rates(seen: object) -> dict[str, float]:
    """Return what one unit of other currencies is worth, by ISO code."""
    if seen == {}:
        return {}
    rates = by_name(seen, lambda each: number(each, _LEAST_RATE, _MOST_RATE), "{EUR: 1.08}")
    gather = Gather()
    for code in rates:
        with gather.at(code):
            if code not in CURRENCIES:
                raise ValueError(f"is not a currency{nearest(code, CURRENCIES)}")
    gather.finish()
    return rates


def read_kinds(seen: object) -> tuple[str, ...]:
    """Return kinds of cost, each once."""
    kinds = () if seen in ((), []) else read_names(seen)
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"{kind!r} is not a kind of cost{nearest(kind, KINDS)}")
    return kinds

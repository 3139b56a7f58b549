"""Rules of routing that never decide: no contact is such, or earlier rules have taken all that are."""

from collections.abc import Iterator, Mapping
from typing import Final

from scenarios.attributes import possible_attributes
from scenarios.parts import Parts
from scenarios.paths import path_text
from scenarios.problems import Finding
from scenarios.routing import CONDITIONS, Attributes, Rule, first_match

_SAID: Final = {
    "streams": "comes by stream",
    "channels": "comes by",
    "severities": "has severity",
    "causes": "is tagged with cause",
    "tiers": "is of tier",
    "flags": "bears the flag",
}


def idle_rules(parts: Parts) -> Iterator[Finding]:
    """Yield an error for each rule that decides about no contact."""
    rules = parts.life.rules
    if not rules:
        return
    contacts = possible_attributes(parts)
    deciding = {id(first_match(rules.values(), contact)) for contact in contacts}
    for i, rule in rules.items():
        if id(rule) not in deciding:
            own = [contact for contact in contacts if rule.matches(contact)]
            yield Finding(("routing", i), _taken(rules, i, own) if own else _no_such(rule, contacts))


def _taken(rules: Mapping[int, Rule], i: int, own: list[Attributes]) -> str:
    """Say which rules take the contacts of rule ``i`` before it."""
    earlier = sorted({n for n in rules if n < i for each in own if rules[n].matches(each)})
    who = ", ".join(path_text(("routing", n)) for n in earlier)
    take = "takes" if len(earlier) == 1 else "take"
    return f"never decides: {who} {take} all its contacts first; put it above, or remove it"


def _no_such(rule: Rule, contacts: set[Attributes]) -> str:
    """Say why a rule matches no contact: its first condition that none meets, or all of them together."""
    for attribute, key in CONDITIONS.items():
        names = getattr(rule, attribute)
        alone = Rule.model_validate({"to": rule.to, attribute: names}) if names else None
        if alone is not None and not any(alone.matches(contact) for contact in contacts):
            listed = " or ".join(names)
            return f"matches no contact: none {_SAID[attribute]} {listed}; change {key}, or remove the rule"
    if rule.vip is not None and not any(contact.vip == rule.vip for contact in contacts):
        return f"matches no contact: {'none' if rule.vip else 'each'} is of a tier with vip: true"
    return "matches no contact: none meets all of its conditions at once; change one, or remove the rule"

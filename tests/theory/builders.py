"""All theory cases: exact ones (`exact_cases.json`, `closed_forms.py`), and those of ContactCenters.

What the scenario language does not say is left to the formulas (`tests/erlang`): servers in fractions
(continuous Erlang B); one waiting room for two queues (the N-model served longest wait first); agents
kept free for calls while mail waits (blending with a threshold above 0); customers who write while the
agent does something else (chat as machine interference). So are cases that are not models but limits,
searches or arithmetic (fluid, Halfin-Whitt, Garnett, deflection, shrinkage, censored waits).

Outputs that no count column shows are left out: the variance of an overflow stream, the state at
one moment (`prob_wait_end`), the probability of an empty system of many servers.
"""

import json
from pathlib import Path
from typing import Any, Final, NamedTuple

from .centres import CENTRES
from .closed_forms import OWN_KINDS, own_cases, passed_on
from .days import DAYS
from .figures import Judged, Setup, judge
from .language import Kind, Values, setup
from .otherwise import GROWING, OTHERWISE
from .reentrant import NETWORKS, REENTRANT_KINDS
from .several_lines import (
    blending,
    n_model,
    overflow_loss,
    pooling,
    priority_mg1,
    three_classes,
    two_classes,
    two_impatient_classes,
)
from .single_line import (
    by_moments,
    chat,
    deterministic,
    erlang_a,
    erlang_b,
    erlang_c,
    erlang_c_inverse,
    erlang_c_quantile,
    erlang_k,
    finite_line,
    finite_line_impatient,
    general_patience,
    general_service,
    hyperexponential,
    redial,
    retrial,
)

CASES: Final = Path(__file__).with_name("exact_cases.json")
CONTACT_CENTERS: Final = "ContactCenters"


KINDS: Final[dict[str, tuple[Kind, ...]]] = {
    "Erlang B (M/M/n/n)": (erlang_b(),),
    "Erlang B inverse": (erlang_b(), erlang_b("blocking_one_fewer", fewer=1)),
    "Erlang C (M/M/n)": (erlang_c, erlang_c_quantile),
    "Erlang C inverse": (erlang_c_inverse(0), erlang_c_inverse(1)),
    "Erlang A (M/M/n+M)": (erlang_a,),
    "M/M/n+G": (general_patience, passed_on),
    "M/M/c/K": (finite_line,),
    "M/M/n/K+M (Erlang A, finite lines)": (finite_line_impatient,),
    "M/D/c": (
        deterministic("0_5", alone=False),
        deterministic("0_2", alone=True),
        deterministic("1_5", alone=True),
    ),
    "M/E2/c": (general_service(erlang_k),),
    "M/E4/c": (general_service(erlang_k),),
    "M/H2/c": (general_service(hyperexponential),),
    "M/G/1": (general_service(by_moments),),
    "M/M/c two classes, non-preemptive priority, equal service rate": (two_classes,),
    "M/M/c three classes, non-preemptive priority, equal service rate": (three_classes,),
    "M/G/1 non-preemptive priority": (priority_mg1,),
    "M/M/n+M two classes, non-preemptive priority": (two_impatient_classes,),
    "N-model, static priority, exponential patience": (n_model,),
    "Two dedicated pools with shared overflow pool, loss": (overflow_loss,),
    "Pooling of two Erlang C groups": (pooling,),
    "M/M/c retrial (classical, infinite persistence)": (retrial,),
    "M/M/c/c retrial with non-persistent callers": (retrial,),
    "Erlang A with redial after abandonment": (redial,),
    "Chat concurrency CTMC with exponential patience": (chat,),
    "Voice/e-mail blending, threshold policy, unlimited e-mail, equal service rate": (blending,),
    **OWN_KINDS,
    **REENTRANT_KINDS,
}
KINDS.update({model: (*KINDS.get(model, ()), *kinds) for model, kinds in OTHERWISE.items()})


_UNSAID: Final = ("blend-d",)  # keeps agents free; see above


class Case(NamedTuple):
    """A case: a model with numbers, and what theory (or another simulator) says about it."""

    name: str
    model: str
    params: Values
    outputs: Values


class Row(NamedTuple):
    """A judged case."""

    case: str
    model: str
    contacts: int  # of the first setup
    figures: tuple[Judged, ...]


def read_cases() -> dict[str, Case]:
    """All cases by name."""
    exact: list[dict[str, Any]] = json.loads(CASES.read_text(encoding="utf-8"))
    known = [
        c
        for c in [*exact, *own_cases(), *NETWORKS, *GROWING]
        if c["model"] in {*KINDS, *DAYS} and c["id"] not in _UNSAID
    ]
    cases = [Case(c["id"], c["model"], c["params"], c["outputs"]) for c in known]
    cases += [Case(name, CONTACT_CENTERS, {}, {}) for name in CENTRES]
    return {case.name: case for case in cases}


ALL: Final = read_cases()


def setups(case: Case, contacts: float) -> list[Setup]:
    """The simulations that show the figures of a case."""
    if case.model == CONTACT_CENTERS:
        return CENTRES[case.name](case.name, contacts)
    if case.model in DAYS:
        return DAYS[case.model](case.name, case.params, case.outputs, contacts)
    made = [
        setup(f"{case.name}/{i}", kind, case.params, case.outputs, contacts)
        for i, kind in enumerate(KINDS[case.model])
    ]
    return [each for each in made if each.figures]


DONE: Final[dict[tuple[str, float], Row]] = {}


def judged(name: str, contacts: float) -> Row:
    """Simulate a case, once a session."""
    if (name, contacts) not in DONE:
        verdicts = [judge(each) for each in setups(ALL[name], contacts)]
        figures = tuple(figure for verdict in verdicts for figure in verdict.figures)
        DONE[name, contacts] = Row(name, ALL[name].model, verdicts[0].contacts, figures)
    return DONE[name, contacts]

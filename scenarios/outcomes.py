"""What a closed case leaves behind: answers to a survey, a sentiment, the scores of quality assurance.

One number stands behind all that customers say: the share that is satisfied with a case of this kind. A
flawless case (one contact, no transfer, solved at once) has ``csat.base``; what went wrong takes points off.
docs/outcomes.md has the model in full, with the source and the grade of every default.
"""

import math
from typing import Annotated, Any, Final, Self

from pydantic import model_validator

from scenarios.fields import SHARE, Model, Share, Variation, said, value
from scenarios.points import PointsLost, points_text
from scenarios.problems import refuse
from scenarios.units import plain_number, share, share_text

_LEAST_BASE: Final = 0.01


def _together(better: float, worse: float, names: str) -> None:
    """Refuse two shares of the same customers that are more than all of them."""
    if better + worse > 1.0 + 1e-12:
        refuse(f"has {names} of {share_text(better)} and {share_text(worse)}; together at most 100%")


class Csat(Model):
    """The share of customers that are satisfied (4 or 5 of 5), and what takes from it."""

    base: Annotated[
        float,
        value(lambda seen: share(seen, _LEAST_BASE), SHARE),
        said("share satisfied (4 or 5 of 5) with a flawless case; assumed", "92%"),
    ] = 0.92
    per_contact: PointsLost = said(
        "for each contact after the first; -5 to -20 points are published, by vendors",
        "-15 points",
        default=-0.15,
    )
    per_transfer: PointsLost = said("for each transfer; no published slope", "-5 points", default=0.0)
    per_hour_waiting: PointsLost = said(
        "for each hour of waiting on the line; no trustworthy slope", "-10 points", default=0.0
    )
    not_first_contact: PointsLost = said(
        "if not solved on first contact, beside `per_contact`; an association, no effect, is published",
        "-10 points",
        default=0.0,
    )
    per_reopen: PointsLost = said(
        "for each time that it was reopened, beside `per_contact`; no published slope",
        "-10 points",
        default=0.0,
    )
    per_day: PointsLost = said(
        "for each day until it was solved; only that it falls in a line is published",
        "-2 points",
        default=0.0,
    )


class Nps(Model):
    """Promoters (9 or 10 of 10) and detractors (0 to 6) after a flawless case."""

    promoters: Annotated[Share, said("share of 9 and 10 after a flawless case; assumed", "65%")] = 0.65
    detractors: Annotated[Share, said("share of 0 to 6 after a flawless case; assumed", "10%")] = 0.10
    follows: Annotated[
        Share,
        said(
            "how far it follows satisfaction: with 100%, satisfaction that is a tenth less makes a tenth "
            "of all others detractors; assumed",
            "100%",
        ),
    ] = 1.0

    @model_validator(mode="after")
    def _at_most_everybody(self) -> Self:
        _together(self.promoters, self.detractors, "promoters and detractors")
        return self


class Effort(Model):
    """The share that agrees (5 to 7 of 7) that it was made easy."""

    base: Annotated[
        Share, said("share that agrees (5 to 7 of 7) that a flawless case was easy; assumed", "90%")
    ] = 0.90
    follows: Annotated[
        Share,
        said("how far it follows satisfaction: with 100%, by the same percentage; assumed", "100%"),
    ] = 1.0
    per_contact: PointsLost = said(
        "for each contact after the first, beside that; no published slope", "-5 points", default=0.0
    )
    per_transfer: PointsLost = said(
        "for each transfer, beside that; no published slope", "-5 points", default=0.0
    )


class Sentiment(Model):
    """The tone of what customers write or say, as a machine would tag it."""

    positive: Annotated[Share, said("share of positive tone in a flawless case; assumed", "40%")] = 0.40
    negative: Annotated[Share, said("share of negative tone in a flawless case; assumed", "10%")] = 0.10
    follows: Annotated[Share, said("how far it follows satisfaction, as that of `nps`; assumed", "100%")] = (
        1.0
    )

    @model_validator(mode="after")
    def _at_most_everybody(self) -> Self:
        _together(self.positive, self.negative, "positive and negative")
        return self


QA_SCORES: Final = ("accuracy", "empathy", "policy")


class Qa(Model):
    """Mean scores (0-1) of work at usual quality, their spread, and how far they follow quality."""

    accuracy: Annotated[Share, said("mean score of accuracy at usual quality; assumed", "92%")] = 0.92
    empathy: Annotated[Share, said("mean score of empathy at usual quality; assumed", "91%")] = 0.91
    policy: Annotated[Share, said("mean score of policy adherence at usual quality; assumed", "93%")] = 0.93
    cv: Annotated[Variation, said("how much each score varies between cases; assumed", 0.06)] = 0.06
    follows: Annotated[
        Share,
        said(
            "how far scores follow the quality of work (tenure, hurry): with 100%, work of 90% of the "
            "usual quality has 90% of the usual scores; assumed",
            "100%",
        ),
    ] = 1.0

    @model_validator(mode="after")
    def _has_room_to_vary(self) -> Self:
        """Refuse a spread that a mean so near to 100% does not leave room for."""
        for name in QA_SCORES:
            mean = getattr(self, name)
            if self.cv > most_cv(mean):
                most = plain_number(math.floor(most_cv(mean) * 1000.0) / 1000.0)
                cv = plain_number(self.cv)
                refuse(f"has {name} of {share_text(mean)} with a cv of {cv}; such scores have at most {most}")
        return self


def most_cv(mean: float) -> float:
    """Return the largest cv of a score with this mean (0-1), in the family of ``bend``.

    Points lost are (1 + k) times their mean at most, and nobody loses more than all.
    """
    lost = 1.0 - mean
    if lost <= 0.0 or mean <= 0.0:
        return 0.0
    k = 1.0 / lost - 1.0
    return lost / mean * k / math.sqrt(2.0 * k + 1.0)


def bend(mean: float, cv: float) -> float:
    """Return k of a score of this mean (0-1) and cv: 1 - lost x (1 + k) x u^k for a uniform u.

    Its points lost have the mean ``lost`` = 1 - mean and the cv k / sqrt(2k + 1), which is solved for k.
    """
    if mean >= 1.0 or cv == 0.0:
        return 0.0
    of_lost = cv * mean / (1.0 - mean)
    return of_lost**2 + of_lost * math.sqrt(of_lost**2 + 1.0)


class Outcomes(Model):
    """What customers answer after a case, and how its work is scored."""

    response: Annotated[Share, said("share of closed cases whose survey is answered; assumed", "15%")] = 0.15
    coherence: Annotated[
        Share,
        said(
            "how often a customer's recommendation, effort and tone come from the same mood as the "
            "satisfaction, instead of from one of their own; assumed",
            "70%",
        ),
    ] = 0.70
    csat: Annotated[Csat, said("satisfaction", "{base: 90%, per_contact: -10 points}")] = Csat()
    nps: Annotated[Nps, said("whether they would recommend", "{promoters: 60%, detractors: 12%}")] = Nps()
    effort: Annotated[Effort, said("whether it was easy", "{base: 85%}")] = Effort()
    sentiment: Annotated[Sentiment, said("tone", "{positive: 30%, negative: 15%}")] = Sentiment()
    qa: Annotated[Qa, said("scores of quality assurance", "{accuracy: 95%, cv: 0.05}")] = Qa()


def outcomes_written(outcomes: Outcomes) -> dict[str, Any]:
    """Return outcomes as the plain data of a file, every value written out; it reads back equal."""
    return {key: _written(key, getattr(outcomes, key)) for key in type(outcomes).model_fields}


def _written(key: str, given: Any) -> Any:
    if isinstance(given, Model):
        return {name: _written(name, getattr(given, name)) for name in type(given).model_fields}
    if key == "cv":
        return given
    return points_text(given) if key.startswith(("per_", "not_")) else share_text(given)

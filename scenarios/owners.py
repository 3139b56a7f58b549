"""Owners: the functions that answer for root causes and changes, and the hours that they have."""

from typing import Annotated

from scenarios.fields import Model, Share, said
from scenarios.spans import HoursAWeek


class Owner(Model):
    """A function of the house, such as Engineering; ``prevention`` (0-1) of its hours improves things."""

    capacity_h_per_week: HoursAWeek = said(
        "hours a week that it has for what customers ask for", "40 h/week", validation_alias="capacity"
    )
    prevention: Annotated[
        Share, said("which share of these hours is given to improvements at the start", "60%")
    ] = 1.0

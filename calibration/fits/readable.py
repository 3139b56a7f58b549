"""Whether a scenario takes a law as it is written: its bounds on means, shapes and variations are its own."""

from collections.abc import Mapping

from scenarios.distributions import read_distribution
from scenarios.fields import Door


def is_readable(distribution: Mapping[str, object]) -> bool:
    """Whether a distribution is one for a scenario."""
    try:
        read_distribution(dict(distribution), Door())
    except ValueError:
        return False
    return True

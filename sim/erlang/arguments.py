"""What the formulas take: numbers or arrays, which broadcast against each other and are checked first."""

from collections.abc import Collection
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
_NO_NUMBERS: Final = (str, bytes, np.datetime64, np.timedelta64)  # of which numpy makes floats


class Domain(NamedTuple):
    """The values that an argument may have; `above` instead of `least` where the end itself is not one."""

    least: float | None = 0.0
    above: float | None = None
    most: float | None = None
    below: float | None = None
    finite: bool = True

    def allows(self, values: Floats) -> NDArray[np.bool_]:
        """Which of the values are allowed; NaN never is."""
        good = ~np.isnan(values)
        if self.least is not None and self.above is None:
            good &= values >= self.least
        if self.above is not None:
            good &= values > self.above
        if self.most is not None:
            good &= values <= self.most
        if self.below is not None:
            good &= values < self.below
        return good & np.isfinite(values) if self.finite else good

    def __str__(self) -> str:
        """Such as: numbers above 0, or inf."""
        parts = []
        if self.above is not None:
            parts.append(f"above {self.above:g}")
        elif self.least is not None:
            parts.append(f"of at least {self.least:g}")
        if self.most is not None:
            parts.append(f"of at most {self.most:g}")
        if self.below is not None:
            parts.append(f"below {self.below:g}")
        return " ".join(["numbers", " and ".join(parts)]).strip() + ("" if self.finite else ", or inf")


NOT_NEGATIVE: Final = Domain()
POSITIVE: Final = Domain(above=0.0)
POSITIVE_OR_INF: Final = Domain(above=0.0, finite=False)
NOT_NEGATIVE_OR_INF: Final = Domain(finite=False)
SHARE: Final = Domain(most=1.0)


def checked(name: str, values: ArrayLike, domain: Domain) -> Floats:
    """The values as an array of floats; ValueError naming the first that is outside the domain.

    Text and dates are no numbers, even where numpy would make some of them; what a mask hides is not known.
    """
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise ValueError(f"{name}: masked values are not allowed; leave them out, or fill them")
    try:
        found = np.asarray(values)
        plain = found.dtype == np.float64  # as nearly always: nothing more to do
        array = found if plain else found.astype(float) if _numeric(found) else None
    except (TypeError, ValueError):
        array = None
    if array is None:
        raise ValueError(f"{name}: {values!r} is not a number or an array of numbers")
    good = domain.allows(array)
    if not good.all():
        seen = float(array[~good].flat[0])
        raise ValueError(f"{name}: {seen:g} is not allowed; give {domain}")
    return array


def _numeric(found: NDArray[Any]) -> bool:
    """Whether an array has numbers; one of objects (such as fractions) may have anything."""
    if found.dtype.kind == "O":
        return not any(isinstance(each, _NO_NUMBERS) for each in found.flat)
    return found.dtype.kind in "fiub"


def known(value: object, allowed: Collection[str]) -> bool:
    """Whether a value is one of some names; what is no text, and may have no hash, is not."""
    return isinstance(value, str) and value in allowed


def flat(*arrays: Floats) -> tuple[tuple[int, ...], list[Floats]]:
    """The common shape, and a copy of each array broadcast to it in one dimension, for a compiled loop.

    Always a copy: to numba an array that may not be written to is another type, and compiled anew.
    """
    try:
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
    except ValueError:
        shapes = ", ".join(str(array.shape) for array in arrays)
        raise ValueError(f"arrays of shapes {shapes} do not broadcast against each other") from None
    return shape, [np.array(np.broadcast_to(array, shape)).reshape(-1) for array in arrays]


def checked_number(name: str, value: ArrayLike, domain: Domain) -> float:
    """One number, where arrays are not taken."""
    array = checked(name, value, domain)
    if array.ndim:
        raise ValueError(f"{name}: an array of shape {array.shape} is not allowed; give one number")
    return float(array)


def checked_whole(name: str, value: ArrayLike, least: int = 0) -> int:
    """One whole number, such as of agents."""
    number = checked_number(name, value, Domain(least=least))
    if number != int(number):
        raise ValueError(f"{name}: {number:g} is not allowed; give whole numbers of at least {least}")
    return int(number)

"""What a method of imputation gives back: values, what was filled, and how far off a filled value may be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ecosystem_iq.benchmark.steps.sheet import Array, Sheet


@dataclass(frozen=True, eq=False)
class Imputed:
    """Values of units on indicators after imputation.

    Attributes
    ----------
    values : ndarray, shape (units, indicators)
        Present values as they were, missing ones filled; NaN where the method has nothing to go by.
    sd : ndarray, shape (units, indicators)
        In the unit of ``values``: as in the sheet where a value is present; the standard deviation of the prediction
        error where one was filled, NaN where the data cannot tell; as in the sheet where a value is still missing.
    filled : ndarray of bool, shape (units, indicators)
        True where a missing value was filled.
    age : ndarray, shape (units, indicators), or None
        Of a panel: how many periods the nearest value used lies away; 0 where present, NaN where missing.
    notes : tuple of str
        What to know before the values are used.
    """

    values: Array
    sd: Array
    filled: NDArray[np.bool_]
    age: Array | None = None
    notes: tuple[str, ...] = ()

    def complete(self, sheet: Sheet) -> Sheet:
        """The sheet with these values and their standard deviations."""
        return sheet.with_values(self.values, self.sd)


def fill(sheet: Sheet, guess: Array, error: Array, notes: tuple[str, ...] = ()) -> Imputed:
    """Put guesses, and the standard deviations of their errors, where values are missing.

    Parameters
    ----------
    sheet : Sheet
    guess, error : ndarray, broadcast to shape (units, indicators)
        In raw units; a NaN guess fills nothing.
    notes : tuple of str, optional

    Examples
    --------
    >>> from ecosystem_iq.benchmark.steps.sheet import sheet
    >>> fill(sheet(np.array([[1.0], [np.nan]])), np.array([5.0]), np.array([0.5])).values.tolist()
    [[1.0], [5.0]]
    """
    missing = np.isnan(sheet.values)
    filled = missing & ~np.isnan(guess)
    return Imputed(
        values=np.where(missing, guess, sheet.values),
        sd=np.where(filled, error, sheet.sd),
        filled=filled,
        notes=notes,
    )

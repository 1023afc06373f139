"""What stakeholders want to get done, and how far they are from it.

The opportunity of a job is ``I + max(I - S, 0)`` with importance I and satisfaction S on 0-10, so it runs from 0 to
20. Two forms exist and are never mixed: *top box*, where I and S are the share of respondents who chose the top of the
scale (times ten), and *mean*, where they are the mean moved to 0-10. Fewer than 30 respondents give the mean form.

References
----------
Ulwick, A. W. (2002). Turn customer input into innovation. *Harvard Business Review* 80 (1), 91-97.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from ecosystem_iq.tables import Ecosystem

Array = NDArray[np.float64]

TOP_BOX, MEAN = "top_box", "mean"
FEWEST_FOR_TOP_BOX = 30
BANDS = ((15.0, "extreme"), (12.0, "strong"), (10.0, "worth considering"), (-np.inf, "served"))
SURE = 0.8
"""A band is named only when it holds in this share of the draws."""

UNKNOWN_SD = 2.5
"""Standard deviation of answers, on 0-10, where the data hold none: a quarter of the scale."""

_SCALES = {"1-5": (1.0, 5.0, 4.0), "0-10": (0.0, 10.0, 8.0), "top2_pct": (0.0, 100.0, np.nan)}
_DRAWS = 1_000
_KEY = ["account_id", "job_id"]


def opportunities(eco: Ecosystem, *, holder: str | None = None, rng: int | np.random.Generator = 0) -> pd.DataFrame:
    """Opportunity of every job in every account where it was rated.

    Parameters
    ----------
    eco : Ecosystem
    holder : str, optional
        Company whose ratings are used; default the reference.
    rng : int or numpy.random.Generator

    Returns
    -------
    DataFrame
        One row an account and job, newest period: ``account_id job_id group category funnel_stage importance
        satisfaction opportunity quartile low high n form band``. ``quartile`` is the lower quartile of the opportunity,
        ``low`` and ``high`` its 90 % interval; ``band`` is empty unless it is sure (probability .8). Ratings without an
        account hold in every account which has none of its own for that job.
    """
    ratings = _everywhere(_newest(eco.current("job_ratings", holder)), eco)
    if ratings.empty:
        return pd.DataFrame(columns=[*_KEY, "group", "category", "funnel_stage", *_NUMBERS, "form", "band"])
    cells = _cells(ratings)
    drawn = _draw(cells, np.random.default_rng(rng))
    cells["quartile"], cells["low"], cells["high"] = np.quantile(drawn, [0.25, 0.05, 0.95], axis=1)
    for name in ("quartile", "low"):  # at an end of the scale all draws may lie on one side of the point
        cells[name] = cells[[name, "opportunity"]].min(axis=1)
    cells["high"] = cells[["high", "opportunity"]].max(axis=1)
    cells["band"] = _bands(cells["opportunity"].to_numpy(), drawn)
    jobs = eco.tables["jobs"][["job_id", "group", "category", "funnel_stage"]]
    result = cells.merge(jobs, on="job_id", how="left")
    return result[[*_KEY, "group", "category", "funnel_stage", *_NUMBERS, "form", "band"]]


_NUMBERS = ["importance", "satisfaction", "opportunity", "quartile", "low", "high", "n"]


def opportunity(importance: Array, satisfaction: Array) -> Array:
    """``I + max(I - S, 0)``.

    Examples
    --------
    >>> opportunity(np.array([8.0, 5.0]), np.array([3.0, 9.0])).tolist()
    [13.0, 5.0]
    """
    return np.asarray(importance + np.maximum(importance - satisfaction, 0.0))


def _newest(ratings: pd.DataFrame) -> pd.DataFrame:
    """Rows of the newest period of each account and job."""
    period = ratings["period"].fillna("")
    last = period.groupby([ratings["account_id"].fillna(""), ratings["job_id"]]).transform("max")
    return ratings[period == last]


def _everywhere(ratings: pd.DataFrame, eco: Ecosystem) -> pd.DataFrame:
    """Ratings without an account repeated for each account without its own."""
    named, blank = ratings[ratings["account_id"].notna()], ratings[ratings["account_id"].isna()]
    accounts = pd.DataFrame({"account_id": list(eco.tables["accounts"]["account_id"]) or ["all"]})
    spread = blank.drop(columns="account_id").merge(accounts, how="cross")
    own = pd.MultiIndex.from_frame(named[_KEY])
    return pd.concat([named, spread[~pd.MultiIndex.from_frame(spread[_KEY]).isin(own)]], ignore_index=True)


def _cells(ratings: pd.DataFrame) -> pd.DataFrame:
    """One row an account and job: I and S in the form the data allow, their standard errors, n."""
    scale = ratings["scale"].fillna("0-10")
    low, high, top = (scale.map({name: limits[i] for name, limits in _SCALES.items()}) for i in range(3))
    rows = pd.DataFrame({name: ratings[name] for name in _KEY})
    rows["person"] = ratings["n"].isna()
    rows["n"] = ratings["n"].fillna(1.0)
    rows["share"] = scale == "top2_pct"
    unknown = (~rows["person"]) * UNKNOWN_SD
    for name in ("importance", "satisfaction"):
        rows[name] = 10.0 * (ratings[name] - low) / (high - low)
        rows[f"{name}_top"] = (ratings[name] >= top).astype(float)
        rows[f"{name}_ss"] = (ratings[f"sd_{name}"] * 10.0 / (high - low)).fillna(unknown) ** 2 * rows["n"]
    return _joined(_one_form(rows))


def _one_form(rows: pd.DataFrame) -> pd.DataFrame:
    """Shares or answers, whichever more respondents of an account and job gave: their mean would be of no form."""
    by = [rows[name] for name in _KEY]
    shares = rows["n"].where(rows["share"], 0.0).groupby(by).transform("sum")
    return rows[rows["share"] == (2.0 * shares >= rows["n"].groupby(by).transform("sum"))]


def _joined(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows joined by account and job, weighted by respondents."""
    groups = rows.groupby(_KEY, sort=True)
    cells = groups.agg(n=("n", "sum"), persons=("person", "all"), shares=("share", "all"))
    top = cells["shares"] | (cells["persons"] & (cells["n"] >= FEWEST_FOR_TOP_BOX))
    for name in ("importance", "satisfaction"):
        mean = _mean(rows, rows[name])
        boxed = (10.0 * _mean(rows, rows[f"{name}_top"])).where(~cells["shares"], mean)
        within = _mean(rows, rows[f"{name}_ss"] / rows["n"])
        spread = (_mean(rows, rows[name] ** 2) - mean**2).clip(lower=0.0) + within
        cells[name] = boxed.where(top, mean)
        # As if one more answer had been the usual distance away: a single one, or two alike, are not sure.
        cells[f"{name}_se"] = np.sqrt((spread + UNKNOWN_SD**2 / cells["n"]) / cells["n"])
    cells["form"] = np.where(top, TOP_BOX, MEAN)
    cells["opportunity"] = opportunity(cells["importance"].to_numpy(), cells["satisfaction"].to_numpy())
    return cells.reset_index()


def _mean(rows: pd.DataFrame, values: pd.Series) -> pd.Series:
    total = (values * rows["n"]).groupby([rows[name] for name in _KEY], sort=True).sum()
    return total / rows.groupby(_KEY, sort=True)["n"].sum()


def _draw(cells: pd.DataFrame, rng: np.random.Generator) -> Array:
    """Opportunity on drawn respondents, shape (cells, draws): Beta for shares, normal for means.

    Every cell meets the same evenly spread draws, so that one more account changes nothing for the others.
    """
    even = (np.arange(_DRAWS) + 0.5) / _DRAWS
    drawn = []
    for name, level in (("importance", even), ("satisfaction", rng.permutation(even))):
        point, error = cells[name].to_numpy()[:, None], cells[f"{name}_se"].to_numpy()[:, None]
        values = np.clip(point + error * special.ndtri(level), 0.0, 10.0)
        boxed = (cells["form"] == TOP_BOX).to_numpy()
        n = cells["n"].to_numpy()[boxed, None]
        hits = n * np.clip(point[boxed] / 10.0, 0.0, 1.0)
        values[boxed] = 10.0 * special.betaincinv(hits + 0.5, n - hits + 0.5, level)
        drawn.append(values)
    return opportunity(*drawn)


def _bands(point: Array, drawn: Array) -> NDArray[np.str_]:
    """The band of each opportunity where it is sure, else blank."""
    band, drawn_band = _band(point), _band(drawn)
    return np.where((drawn_band == band[:, None]).mean(axis=1) >= SURE, band, "")


def _band(values: Array) -> NDArray[np.str_]:
    """Over 15 extreme, 12-15 strong, 10-12 worth considering, else served."""
    conditions = [values > 15.0, values >= 12.0, values >= 10.0]  # noqa: PLR2004 - the bands as they are named
    return np.select(conditions, [name for _, name in BANDS[:3]], default=BANDS[3][1])

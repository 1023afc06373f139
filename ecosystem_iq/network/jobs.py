"""What stakeholders want to get done, and how far they are from it.

The opportunity of a job is ``I + max(I - S, 0)`` with importance I and satisfaction S on 0-10, so it runs from 0 to
20. Two forms exist and are never mixed: *top box*, where I and S are the share of respondents who chose the top of the
scale (times ten), and *mean*, where they are the mean moved to 0-10. Fewer than 30 respondents give the mean form.
:func:`opportunities` gives each job of an account the one form its ratings allow, :func:`job_segments` each job of a
segment both, side by side.

References
----------
Ulwick, A. W. (2002). Turn customer input into innovation. *Harvard Business Review* 80 (1), 91-97.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from ecosystem_iq.errors import InputError, did_you_mean
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
_BLOCK = 5_000
"""Cells whose draws are held at once."""

_KEY = ["account_id", "job_id"]
_ABOUT = ["group", "category", "funnel_stage"]

SEGMENTS = ("group", "account", "account_kind", "country", "all")
_UNKNOWN = ""


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
        return pd.DataFrame(columns=[*_KEY, *_ABOUT, *_NUMBERS, "form", "band"])
    rows = _one_form(_rows(ratings))
    groups = rows.groupby(_KEY, sort=True)
    every = groups.agg(n=("n", "sum"), persons=("person", "all"), shares=("share", "all"))
    boxed = every["shares"] | (every["persons"] & (every["n"] >= FEWEST_FOR_TOP_BOX))
    cells = _with_interval(_joined(rows, _KEY, boxed), rng)
    result = cells.merge(eco.tables["jobs"][["job_id", *_ABOUT]], on="job_id", how="left")
    return result[[*_KEY, *_ABOUT, *_NUMBERS, "form", "band"]]


_NUMBERS = ["importance", "satisfaction", "opportunity", "quartile", "low", "high", "n"]


def job_segments(
    eco: Ecosystem, *, by: str = "group", holder: str | None = None, rng: int | np.random.Generator = 0
) -> pd.DataFrame:
    """Opportunity of every job in every segment, in both forms side by side.

    Parameters
    ----------
    eco : Ecosystem
    by : {"group", "account", "account_kind", "country", "all"}
        What makes a segment: the group of the respondent (where a row names nobody, the group whose job it is), the
        account, its kind, its country, or nothing.
    holder : str, optional
        Company whose ratings are used; default the reference.
    rng : int or numpy.random.Generator

    Returns
    -------
    DataFrame
        One row a segment and job: ``segment`` ("" where unknown), ``job_id group category funnel_stage``, then for
        ``top_box`` and for ``mean``, as prefix: ``_importance _satisfaction`` (0-10), ``_opportunity`` (0-20) with its
        90 % interval ``_low _high``, ``_band`` (empty unless sure: probability .8) and ``_n``, the respondents of whom
        this form is known. NaN where a form is not possible: no mean can be had from shares, no top box from means, and
        none from under 30 answers. The two forms may rest on different respondents and are never mixed.

    Raises
    ------
    InputError
        When ``by`` is unknown.

    Notes
    -----
    Each account counts with its newest period. Ratings without an account stand for every account which has none of its
    own when segments are accounts; else they count once. Respondents of one account tend to agree, so where a segment
    spans several, its interval also heeds how far these differ (a variance between clusters).
    """
    if by not in SEGMENTS:
        raise InputError(f'Jobs have no segments by "{by}". {did_you_mean(by, SEGMENTS)}'.strip())
    ratings = _newest(eco.current("job_ratings", holder))
    ratings = _everywhere(ratings, eco) if by == "account" else ratings
    if ratings.empty:
        return pd.DataFrame(columns=[*_SEGMENT, *_ABOUT, *(f"{form}_{n}" for form in (TOP_BOX, MEAN) for n in _SHOWN)])
    rows = _rows(ratings.assign(segment=_segment(ratings, eco, by)))
    table = rows[_SEGMENT].drop_duplicates().sort_values(_SEGMENT, ignore_index=True)
    table = table.merge(eco.tables["jobs"][["job_id", *_ABOUT]], on="job_id", how="left")
    for form, chosen in ((TOP_BOX, _of_top_box(rows)), (MEAN, rows[~rows["share"]])):
        table = table.merge(_one_side(chosen, form, rng), on=_SEGMENT, how="left")
        table[f"{form}_n"] = table[f"{form}_n"].fillna(0.0)
        table[f"{form}_band"] = table[f"{form}_band"].fillna("")
    return table


_SEGMENT = ["segment", "job_id"]
_SHOWN = ["importance", "satisfaction", "opportunity", "low", "high", "band", "n"]


def _segment(ratings: pd.DataFrame, eco: Ecosystem, by: str) -> pd.Series:
    """Segment of each rating."""
    if by == "all":
        return pd.Series("all", index=ratings.index, dtype="str")
    if by == "account":
        return ratings["account_id"]
    if by == "group":
        own = _looked_up(ratings["stakeholder_id"], eco.tables["stakeholders"], "group")
        return own.fillna(_looked_up(ratings["job_id"], eco.tables["jobs"], "group")).fillna(_UNKNOWN)
    column = "kind" if by == "account_kind" else by
    return _looked_up(ratings["account_id"], eco.tables["accounts"], column).fillna(_UNKNOWN)


def _looked_up(ids: pd.Series, table: pd.DataFrame, column: str) -> pd.Series:
    """What a table, named by its first column, says of each id; blank where nothing."""
    return ids.map(table.set_index(ids.name)[column]).astype("str")


def _of_top_box(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of which the top box is known: shares, and answers of persons where there are enough respondents."""
    rows = rows[rows["share"] | rows["person"]]
    groups = rows.groupby(_SEGMENT)
    enough = groups["n"].transform("sum") >= FEWEST_FOR_TOP_BOX
    return rows[rows["share"] | enough | ~groups["share"].transform("any")]


def _one_side(rows: pd.DataFrame, form: str, rng: int | np.random.Generator) -> pd.DataFrame:
    """One form of each segment and job, its columns named by it; numbers NaN where respondents are too few."""
    boxed = pd.Series(form == TOP_BOX, index=rows.groupby(_SEGMENT, sort=True).size().index)
    cells = _with_interval(_joined(rows, _SEGMENT, boxed), rng)
    if form == TOP_BOX:  # a survey which gives shares has no other form, however few were asked
        few = ~cells["shares"] & (cells["n"] < FEWEST_FOR_TOP_BOX)
        cells.loc[few, _SHOWN[:5]] = np.nan
        cells["band"] = cells["band"].mask(few, "")
    return cells[[*_SEGMENT, *_SHOWN]].rename(columns={name: f"{form}_{name}" for name in _SHOWN})


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


def _rows(ratings: pd.DataFrame) -> pd.DataFrame:
    """Importance and satisfaction of each rating on 0-10, whether it is in the top box, and its own spread."""
    scale = ratings["scale"].fillna("0-10")
    low, high, top = (scale.map({name: limits[i] for name, limits in _SCALES.items()}) for i in range(3))
    rows = pd.DataFrame({name: ratings[name] for name in (*_KEY, "segment") if name in ratings})
    rows["person"] = ratings["n"].isna()
    rows["n"] = ratings["n"].fillna(1.0)
    rows["share"] = scale == "top2_pct"
    unknown = (~rows["person"]) * UNKNOWN_SD
    for name in ("importance", "satisfaction"):
        rows[name] = 10.0 * (ratings[name] - low) / (high - low)
        rows[f"{name}_top"] = (ratings[name] >= top).astype(float).where(~rows["share"], rows[name] / 10.0)
        rows[f"{name}_ss"] = (ratings[f"sd_{name}"] * 10.0 / (high - low)).fillna(unknown) ** 2 * rows["n"]
    return rows


def _one_form(rows: pd.DataFrame) -> pd.DataFrame:
    """Shares or answers, whichever more respondents of an account and job gave: their mean would be of no form."""
    by = [rows[name] for name in _KEY]
    shares = rows["n"].where(rows["share"], 0.0).groupby(by).transform("sum")
    return rows[rows["share"] == (2.0 * shares >= rows["n"].groupby(by).transform("sum"))]


def _joined(rows: pd.DataFrame, key: list[str], boxed: pd.Series) -> pd.DataFrame:
    """Rows joined by a key, weighted by respondents: the top box of the cells which are ``boxed``, else the mean."""
    cells = rows.groupby(key, sort=True).agg(n=("n", "sum"), shares=("share", "all"))
    for name in ("importance", "satisfaction"):
        mean = _mean(rows, key, rows[name])
        top = (10.0 * _mean(rows, key, rows[f"{name}_top"])).where(~cells["shares"], mean)
        within = _mean(rows, key, rows[f"{name}_ss"] / rows["n"])
        spread = (_mean(rows, key, rows[name] ** 2) - mean**2).clip(lower=0.0) + within
        # As if one more answer had been the usual distance away: a single one, or two alike, are not sure.
        alone = np.sqrt((spread + UNKNOWN_SD**2 / cells["n"]) / cells["n"])
        cells[name] = top.where(boxed, mean)
        cells[f"{name}_se"] = np.fmax(alone, np.sqrt(_between(rows, key, rows[name])))
        noise = _between(rows, key, rows[f"{name}_top"])
        alike = (top / 10.0 * (1.0 - top / 10.0) / noise.where(noise > 0)).clip(lower=1.0)
        cells[f"{name}_n"] = np.fmin(cells["n"], alike)
    cells["form"] = np.where(boxed, TOP_BOX, MEAN)
    cells["opportunity"] = opportunity(cells["importance"].to_numpy(), cells["satisfaction"].to_numpy())
    return cells.reset_index()


def _between(rows: pd.DataFrame, key: list[str], values: pd.Series) -> pd.Series:
    """Variance of the mean of each cell by how its accounts differ; 0 where there is one account.

    Respondents of one account are alike: forty in two accounts tell less of a segment than forty in forty.
    """
    by = [rows[name] for name in key]
    centre = (values * rows["n"]).groupby(by).transform("sum") / rows["n"].groupby(by).transform("sum")
    off = (rows["n"] * (values - centre)).groupby([*by, rows["account_id"].fillna("").rename("place")], sort=True).sum()
    groups = (off**2).groupby(level=list(range(len(key))), sort=True)
    count = groups.size()
    total = rows.groupby(key, sort=True)["n"].sum()
    return (groups.sum() / total**2 * count / (count - 1).clip(lower=1)).where(count > 1, 0.0)


def _mean(rows: pd.DataFrame, key: list[str], values: pd.Series) -> pd.Series:
    total = (values * rows["n"]).groupby([rows[name] for name in key], sort=True).sum()
    return total / rows.groupby(key, sort=True)["n"].sum()


def _with_interval(cells: pd.DataFrame, rng: int | np.random.Generator) -> pd.DataFrame:
    """Cells with the lower quartile, the 90 % interval and the band of their opportunity."""
    order = np.random.default_rng(rng).permutation(_DRAWS)
    point, bounds, bands = cells["opportunity"].to_numpy(), np.empty((3, len(cells))), np.full(len(cells), "", object)
    for start in range(0, len(cells), _BLOCK):
        block = slice(start, start + _BLOCK)
        drawn = _draw(cells.iloc[block], order)
        bounds[:, block] = np.quantile(drawn, [0.25, 0.05, 0.95], axis=1)
        bands[block] = _bands(point[block], drawn)
    # At an end of the scale all draws may lie on one side of the point.
    lower, upper = np.minimum(bounds[:2], point), np.maximum(bounds[2], point)
    return cells.assign(quartile=lower[0], low=lower[1], high=upper, band=bands)


def _draw(cells: pd.DataFrame, order: NDArray[np.int64]) -> Array:
    """Opportunity on drawn respondents, shape (cells, draws): Beta for shares, normal for means.

    Every cell meets the same evenly spread draws, so that one more account changes nothing for the others.
    """
    even = (np.arange(_DRAWS) + 0.5) / _DRAWS
    drawn = []
    for name, level in (("importance", even), ("satisfaction", even[order])):
        point, error = cells[name].to_numpy()[:, None], cells[f"{name}_se"].to_numpy()[:, None]
        values = np.clip(point + error * special.ndtri(level), 0.0, 10.0)
        boxed = (cells["form"] == TOP_BOX).to_numpy()
        n = cells[f"{name}_n"].to_numpy()[boxed, None]
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

"""The Technology Achievement Index of 23 countries, and what the OECD/JRC Handbook makes of it.

OECD, European Union & JRC (2008), Handbook on Constructing Composite Indicators: Methodology and User Guide,
doi:10.1787/9789264043466-en: data of the appendix, tables 17 to 19.
"""

from __future__ import annotations

import numpy as np

ACHIEVEMENT = np.array(
    [
        [187, 125.6, 200.2, 50.7, 3.08, 4.15, 10, 27.4],  # Finland
        [289, 130, 179.1, 66.2, 3, 4.07, 12, 13.9],  # United States
        [271, 156.6, 125.8, 59.7, 3.1, 4.14, 11.4, 15.3],  # Sweden
        [994, 64.6, 49, 80.8, 3, 3.86, 9.5, 10],  # Japan
        [779, 9.8, 4.8, 66.7, 2.97, 3.65, 10.8, 23.2],  # Korea, Rep. of
        [189, 151.2, 136, 50.9, 3.02, 3.77, 9.4, 9.5],  # Netherlands
        [82, 134, 57.4, 61.9, 3.02, 3.73, 9.4, 14.9],  # United Kingdom
        [31, 38.6, 108, 48.7, 2.94, 4.18, 11.6, 14.2],  # Canada
        [75, 18.2, 125.9, 16.2, 2.94, 3.94, 10.9, 25.3],  # Australia
        [8, 25.5, 72.3, 74.9, 2.95, 3.83, 7.1, 24.2],  # Singapore
        [235, 36.8, 41.2, 64.2, 2.94, 3.75, 10.2, 14.4],  # Germany
        [103, 20.2, 193.6, 19, 3.12, 4.39, 11.9, 11.2],  # Norway
        [106, 110.3, 48.6, 53.6, 2.97, 3.68, 9.4, 12.3],  # Ireland
        [72, 73.9, 58.9, 47.6, 2.91, 3.86, 9.3, 13.6],  # Belgium
        [103, 13, 146.7, 15.4, 2.86, 3.91, 11.7, 13.1],  # New Zealand
        [165, 14.8, 84.2, 50.3, 2.99, 3.79, 8.4, 13.6],  # Austria
        [205, 33.6, 36.4, 58.9, 2.97, 3.8, 7.9, 12.6],  # France
        [74, 43.6, 43.2, 45, 2.96, 3.74, 9.6, 11],  # Israel
        [42, 8.6, 21, 53.4, 2.86, 3.62, 7.3, 15.6],  # Spain
        [13, 9.8, 30.4, 51, 3, 3.65, 7.2, 13],  # Italy
        [28, 4.2, 25, 51.7, 2.75, 3.68, 9.5, 8.2],  # Czech Republic
        [26, 6.2, 21.6, 63.5, 2.73, 3.46, 9.1, 7.7],  # Hungary
        [105, 4, 20.3, 49.5, 2.84, 3.71, 7.1, 10.6],  # Slovenia
    ]
)
"""Patents, royalties, internet, exports, telephones (log), electricity (log), schooling, university."""

ROTATED = np.array(
    [
        [0.07, 0.97, 0.06, 0.06],
        [0.13, 0.07, -0.07, 0.93],
        [0.79, -0.21, 0.21, 0.42],
        [-0.64, 0.56, -0.04, 0.36],
        [0.37, 0.17, 0.38, 0.68],
        [0.82, -0.04, 0.25, 0.35],
        [0.88, 0.23, -0.09, 0.09],
        [0.08, 0.04, 0.96, 0.04],
    ]
)
"""Table 17: loadings of four rotated principal components."""

COMPONENT_WEIGHTS = np.array([0.17, 0.15, 0.11, 0.07, 0.08, 0.12, 0.14, 0.16])
"""Table 18: weights from them."""

DOUBT = np.array([
    1.00, 1.00, 1.00, 0.87, 0.80, 0.75, 0.71, 0.73, 0.66, 0.62, 0.62, 0.86,
    0.60, 0.54, 0.58, 0.52, 0.51, 0.49, 0.34, 0.38, 0.31, 0.27, 0.28,
])  # fmt: skip
"""Table 19: benefit of the doubt, every weight from 10 to 15 % of the total weight, values normalized to 0-1."""

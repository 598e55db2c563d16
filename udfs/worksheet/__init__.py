"""The worksheet functions, =RFM_SCORE() and its family, as plain Python functions over cells.

Every host calls these: Excel through xlwings, LibreOffice, xlwings Server and Lite, and `fenji eval`. An
argument is a scalar, a list, or a list of rows, as a spreadsheet hands them over; a result is a scalar or a
list of rows, with `udfs.cells.ExcelError` where a cell has no value. Nothing is raised. Only numpy is
imported here: a cell answers soon after its host has started.

>>> RFM_SCORE([5, 40, 12, 99, 1], [8, 3, 5, 1, 12], [200, 900, 450, 80, 1500])
[['442'], ['224'], ['333'], ['111'], ['555']]
"""

from udfs.worksheet.rfm import FREQUENCY_SCORE, MONETARY_SCORE, RECENCY_SCORE, RFM_CUTS, RFM_SCORE

__all__ = [
    "FREQUENCY_SCORE",
    "MONETARY_SCORE",
    "RECENCY_SCORE",
    "RFM_CUTS",
    "RFM_SCORE",
]

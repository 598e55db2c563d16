"""The worksheet functions, =RFM_SCORE() and its family, as plain Python functions over cells.

Every host calls these: Excel through xlwings, LibreOffice, xlwings Server and Lite, and `fenji eval`. An
argument is a scalar, a list, or a list of rows, as a spreadsheet hands them over; a result is a scalar or a
list of rows, with `udfs.cells.ExcelError` where a cell has no value. Nothing is raised. Only numpy is
imported here: a cell answers soon after its host has started.

>>> RFM_SCORE([5, 40, 12, 99, 1], [8, 3, 5, 1, 12], [200, 900, 450, 80, 1500])
[['442'], ['224'], ['333'], ['111'], ['555']]
"""

from udfs.worksheet.cleaning import (
    AMOUNT_OUTLIER,
    CLEAN_AMOUNT,
    CLEAN_DATE,
    COMPANY_KEY,
    INDUSTRY_CODE,
    MASK_EMAIL,
    MASK_NAME,
    MASK_PHONE,
    REGION_OF,
    SIMILAR_NAME,
)
from udfs.worksheet.loyalty import (
    LOYALTY_CLASS,
    LOYALTY_SCORE,
    NET_PROMOTER,
    PRICE_ELASTICITY,
    PRICE_SENSITIVITY,
    PURCHASE_INTERVAL,
    REPEAT_RATE,
    TENURE_DAYS,
)
from udfs.worksheet.rfm import (
    FREQUENCY_SCORE,
    MONETARY_SCORE,
    RECENCY_SCORE,
    RFM_CLASS,
    RFM_CUTS,
    RFM_EXPLAIN,
    RFM_SCORE,
    RFM_SEGMENT,
    RFM_TOTAL,
)
from udfs.worksheet.tables import COHORT_TABLE, MOVEMENT_TABLE, RFM_TABLE, SEGMENT_SUMMARY
from udfs.worksheet.tiers import (
    ABC_CLASS,
    ACTIVITY_STATUS,
    COMPANY_SIZE,
    CUSTOMER_GRADE,
    NEED_TYPE,
    SATISFACTION_CLASS,
    SATISFACTION_SCORE,
    VALUE_TIER,
)
from udfs.worksheet.value import (
    CHURN_FLAGS,
    CHURN_RISK,
    CLV_HISTORIC,
    CLV_SIMPLE,
    GINI_INDEX,
    GROWTH_RATE,
    HERFINDAHL_INDEX,
    PARETO_SHARE,
    SEASON_INDEX,
    TREND_SLOPE,
    YOY_CHANGE,
)

__all__ = [
    "ABC_CLASS",
    "ACTIVITY_STATUS",
    "AMOUNT_OUTLIER",
    "CHURN_FLAGS",
    "CHURN_RISK",
    "CLEAN_AMOUNT",
    "CLEAN_DATE",
    "CLV_HISTORIC",
    "CLV_SIMPLE",
    "COHORT_TABLE",
    "COMPANY_KEY",
    "COMPANY_SIZE",
    "CUSTOMER_GRADE",
    "FREQUENCY_SCORE",
    "GINI_INDEX",
    "GROWTH_RATE",
    "HERFINDAHL_INDEX",
    "INDUSTRY_CODE",
    "LOYALTY_CLASS",
    "LOYALTY_SCORE",
    "MASK_EMAIL",
    "MASK_NAME",
    "MASK_PHONE",
    "MONETARY_SCORE",
    "MOVEMENT_TABLE",
    "NEED_TYPE",
    "NET_PROMOTER",
    "PARETO_SHARE",
    "PRICE_ELASTICITY",
    "PRICE_SENSITIVITY",
    "PURCHASE_INTERVAL",
    "RECENCY_SCORE",
    "REGION_OF",
    "REPEAT_RATE",
    "RFM_CLASS",
    "RFM_CUTS",
    "RFM_EXPLAIN",
    "RFM_SCORE",
    "RFM_SEGMENT",
    "RFM_TABLE",
    "RFM_TOTAL",
    "SATISFACTION_CLASS",
    "SATISFACTION_SCORE",
    "SEASON_INDEX",
    "SEGMENT_SUMMARY",
    "SIMILAR_NAME",
    "TENURE_DAYS",
    "TREND_SLOPE",
    "VALUE_TIER",
    "YOY_CHANGE",
]

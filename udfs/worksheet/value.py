"""Value and risk in cells: signs of churn."""

from __future__ import annotations

import numpy as np

from udfs import churn
from udfs.worksheet.calling import worksheet_function
from udfs.worksheet.names import names

Column = np.ndarray

DAY_ZERO = 25569  # the serial number of 1970-01-01


@worksheet_function
def CHURN_FLAGS(
    last_order: Column,
    as_of: float,
    opinion_score: Column | None,
    contacts: Column | None,
    contacts_before: Column | None,
) -> Column:
    return np.array(_flags(last_order, as_of, opinion_score, contacts, contacts_before), np.int64).T


@worksheet_function
def CHURN_RISK(
    last_order: Column,
    as_of: float,
    opinion_score: Column | None,
    contacts: Column | None,
    contacts_before: Column | None,
    lang: str,
) -> Column:
    flags = _flags(last_order, as_of, opinion_score, contacts, contacts_before)
    return names("churn_risk", churn.churn_risk({str(i): flag for i, flag in enumerate(flags)}), lang)


def _flags(
    last_order: Column, as_of: float, opinion: Column | None, contacts: Column | None, before: Column | None
) -> list[Column]:
    """The three signs; what is not known is no sign."""
    never = np.zeros(len(last_order), bool)
    return [
        churn.no_recent_sale(last_order - DAY_ZERO, int(as_of) - DAY_ZERO),
        never if opinion is None else churn.low_satisfaction(opinion),
        never if contacts is None or before is None else churn.fewer_contacts(contacts, before),
    ]

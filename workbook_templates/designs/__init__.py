"""What stands on the sheets of each shipped template."""

from workbook_templates.designs import (
    accounts,
    concentration,
    entry,
    grading,
    loyalty,
    performance,
    report,
    rfm,
    sources,
)
from workbook_templates.spec import Template

ALL: tuple[Template, ...] = (
    entry.TEMPLATE,
    grading.TEMPLATE,
    report.GRADE_SHEET,
    rfm.TEMPLATE,
    concentration.TEMPLATE,
    sources.TEMPLATE,
    performance.TEMPLATE,
    accounts.TEMPLATE,
    accounts.CARD,
    loyalty.LOYALTY,
    loyalty.CHURN,
    report.TEMPLATE,
    report.PIVOTS,
)

"""Every dataset a template may ask for, by name."""

from workbook_templates.datasets import (
    accounts,
    concentration,
    grades,
    loyalty,
    performance,
    report,
    rfm,
    sources,
)
from workbook_templates.datasets.base import Datasets, Missing

__all__ = [
    "Datasets",
    "Missing",
    "accounts",
    "concentration",
    "grades",
    "loyalty",
    "performance",
    "report",
    "rfm",
    "sources",
]

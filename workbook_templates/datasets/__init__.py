"""Every dataset a template may ask for, by name."""

from workbook_templates.datasets import grades
from workbook_templates.datasets.base import Datasets, Missing

__all__ = ["Datasets", "Missing", "grades"]

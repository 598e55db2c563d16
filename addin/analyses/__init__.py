"""Analyses beside the grading: `fenji analyse FILE NAME`. Each answers one question with a few tables."""

from addin.analyses.base import ANALYSES, Analysis, Asked, Sheet

from . import customers, money, sales  # noqa: F401  (each registers its analyses)

__all__ = ["ANALYSES", "Analysis", "Asked", "Sheet"]

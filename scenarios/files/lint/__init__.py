"""Sense checks beyond the schema: what a file says in the right words and cannot mean."""

from .fact_words import STORE_KINDS
from .fact_words import WORDS as FACT_WORDS
from .subject import COUNT, PARTS, Subject
from .table import CHECKS, LEFT_TO_RULES, QUESTIONS, lint, questions

__all__ = [
    "CHECKS",
    "COUNT",
    "FACT_WORDS",
    "LEFT_TO_RULES",
    "PARTS",
    "QUESTIONS",
    "STORE_KINDS",
    "Subject",
    "lint",
    "questions",
]

"""Answers that a language model writes from numbered passages: its prompt, and reading what comes."""

from .prompt import PROMPT_VERSION, AnswerLength, GroundedPrompt, PromptBudget
from .reading import AnswerReader, MarkedSentence

__all__ = [
    "PROMPT_VERSION",
    "AnswerLength",
    "AnswerReader",
    "GroundedPrompt",
    "MarkedSentence",
    "PromptBudget",
]

"""Welsh questions to English guidance: a learnt lexicon that puts their words into English."""

from .lexicon import WELSH, Gloss, Lexicon, gloss_welsh, welsh_lexicon

__all__ = ["WELSH", "Gloss", "Lexicon", "gloss_welsh", "welsh_lexicon"]

"""Fixed texts that people wrote, in English and Welsh: the only words shown without a source.

The texts are in `english.toml` and `welsh.toml`, under the names of `Text`. Each is a list of
sentences with `text` and, where needed, `block` ("item" for a list) and `nations` (who sees it;
everybody is shown it when the nation is not known).
"""

from fingerpost_assistant.texts.texts import NATION_NAMES, Text, fixed_text, status_text

__all__ = ["NATION_NAMES", "Text", "fixed_text", "status_text"]

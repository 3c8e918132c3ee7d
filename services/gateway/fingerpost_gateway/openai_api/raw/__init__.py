"""The models as they are, for staff: what they write is not checked against guidance.

Off by default, and never behind a page for citizens. Calls are under the same limits as all others.
"""

from fingerpost_gateway.openai_api.raw.completion import RawCompletion
from fingerpost_gateway.openai_api.raw.models import RAW, RawModels

__all__ = ["RAW", "RawCompletion", "RawModels"]

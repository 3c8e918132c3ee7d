"""What the forms of the assistant's page send."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from litestar.enums import RequestEncodingType
from litestar.params import Body

from fingerpost_assistant import Rating
from fingerpost_gateway.places import Nation


class QuestionForm(msgspec.Struct, frozen=True, kw_only=True):
    """A question, typed or chosen from the suggestions."""

    question: str = ""
    suggestion: str = ""
    nation: Nation | Literal[""] = ""
    conversation: str = ""
    """The conversation that it belongs to; empty starts one."""

    @property
    def text(self) -> str:
        """What is asked: a suggestion's button wins over whatever stands in the field.

        Browsers send each line break of a field as two characters; it counts as one.
        """
        return (self.suggestion or self.question).replace("\r\n", "\n")


class FeedbackForm(msgspec.Struct, frozen=True, kw_only=True):
    """Whether an answer was useful."""

    rating: Rating


QuestionData = Annotated[QuestionForm, Body(media_type=RequestEncodingType.URL_ENCODED)]
FeedbackData = Annotated[FeedbackForm, Body(media_type=RequestEncodingType.URL_ENCODED)]

"""Words that are no question for guidance: greetings, thanks, a wish for a person, other tasks."""

from __future__ import annotations

from fingerpost_assistant.events import Outcome
from fingerpost_assistant.texts import Text
from fingerpost_assistant.triage.rules import TriageRule, pattern

_HELLO = (
    r"(?:hi+|hello+|hey+|hiya|good (?:morning|afternoon|evening|day)|greetings|howdy|yo|test(?:ing)?"
    r"|helo|shwmae|s'?mae|bore da|prynhawn da|p'nawn da|noswaith dda|su'?mae)"
)
_FILLER = r"(?:there|all|everyone|again|bot|assistant|you|team|sir|madam|mate|how are you(?: today| doing)?|sut (?:wyt ti|dych chi|mae))"
_PERSON = (
    r"(?:an? )?(?:(?:real|actual|live) )?(?:human(?: being)?|person|someone|somebody|(?:human )?(?:agent|advis[eo]r"
    r"|operator|representative|caseworker)|member of (?:your )?(?:staff|the team))"
)

SMALLTALK_RULES = (
    TriageRule(
        "greeting",
        "a greeting and nothing else",
        Outcome.CLARIFICATION,
        Text.GREETING,
        pattern(
            rf"^\W*{_HELLO}(?:\W+{_FILLER}){{0,3}}\W*$",
            r"^\W*(?:are you (?:there|a (?:bot|robot|human|real person))|who are you|what (?:are you|can you do|do you do)|can you help(?: me)?|help(?: me)?(?: please)?|i (?:need|want) (?:some )?help|i have a question|can i ask (?:you )?(?:a question|something)|how are you(?: today| doing)?)\W*$",
            r"^\W*(?:alli di (?:fy )?helpu(?: i)?|pwy (?:wyt ti|ydych chi)|help(?:wch)?(?: fi)?|mae gen i gwestiwn)\W*$",
        ),
    ),
    TriageRule(
        "thanks",
        "thanks, goodbye or a plain yes or no to nothing",
        Outcome.CLARIFICATION,
        Text.THANKS,
        pattern(
            r"^\W*(?:(?:ok(?:ay)?|great|perfect|brilliant|lovely|cheers|fine|good|cool|that's|that is|thats|all|right)\W+){0,3}(?:(?:many |so much )?thank(?:s| you)|cheers|ta|diolch(?: yn fawr)?(?: iawn)?|bye(?: bye)?|goodbye|hwyl(?: fawr)?|that's (?:all|great|helpful|perfect)|great|perfect|brilliant|ok(?:ay)?)(?:\W+(?:a lot|so much|very much|again|for (?:your|the|all your) help|for (?:that|this)|you|everything|bye|mate|i chi|am (?:eich|dy) help)){0,3}\W*$",
        ),
    ),
    TriageRule(
        "no_words",
        "no word at all: marks, a lone letter or one letter again and again",
        Outcome.CLARIFICATION,
        Text.UNCLEAR,
        pattern(r"^[\W_]*(?:[^\W\d_][\W_]*)?$", r"^\W*(\w)\1{3,}\W*$"),
    ),
    TriageRule(
        "wants_person",
        "wants to speak to somebody here, not to know how to contact an office",
        Outcome.HANDED_OVER,
        Text.PERSON,
        pattern(
            rf"\b(?:speak|talk|chat|connect me|transfer me|put me through|hand me over|pass me) (?:with|to|on to) {_PERSON}\b(?! (?:from|at|in) (?:the )?\w+)(?! (?:who|else|about (?:my|a|an|the) (?:child|son|daughter)))",
            rf"^\W*(?:i (?:want|need|would like)|i'd like|can i (?:have|get)|get me|give me)(?: to)?(?: (?:speak|talk) to)? {_PERSON}(?: please| now)?\W*$",
            rf"^\W*(?:{_PERSON})(?: please)?\W*$",
            r"\bi (?:don't|do not) want (?:to (?:talk|speak) to )?(?:a |an )?(?:bot|robot|chatbot|machine|computer|ai)\b",
            r"\b(?:siarad|sgwrsio) (?:â|gyda|efo|hefo) (?:pherson|rhywun|bod dynol|dyn go iawn|chynghorydd|cynghorydd|person)\b",
        ),
        unless=pattern(
            r"\b(?:court|police|gp|doctor|landlord|employer|hmrc|dwp|jobcentre|council|dvla)\b"
        ),
    ),
    TriageRule(
        "other_task",
        "asks to write, code, calculate, play or chat: nothing that guidance answers",
        Outcome.OUT_OF_SCOPE,
        Text.OUT_OF_SCOPE,
        pattern(
            r"\b(?:write|compose|make up|create|generate|draft|tell)(?: me| us)? (?:an? )?(?:\w+ ){0,2}(?:poem|haiku|limerick|song|lyrics|rap|joke|story|tale|novel|essay|screenplay|blog post|sonnet|riddle|python|javascript|java|sql query|code|program|function|script)s?\b",
            r"\b(?:tell|give) me (?:a|another|some) (?:joke|riddle|story|fun fact|recipe)s?\b",
            r"^\W*(?:what(?:'s| is| will be)|how(?:'s| is)) the weather\b",
            r"\bwhat(?:'s| is) the (?:capital|population) of\b",
            r"^\W*(?:what(?:'s| is)|calculate|compute|solve) [\d\s.,()+*/x^=-]+\W*$",
            r"\b(?:translate|how do (?:you|i) say)\b[^.?!]{0,60}\b(?:in|into|to) (?:french|spanish|german|italian|polish|chinese|japanese|russian|arabic|portuguese|urdu|hindi)\b",
            r"\bplay (?:some |the |a )?(?:music|song|game|chess)\b|\bset (?:an? |my )?(?:alarm|timer)\b",
            r"\b(?:who (?:won|will win)|score of) the (?:match|game|world cup|league|election|grand prix)\b",
        ),
        unless=pattern(
            r"\b(?:write|draft) (?:\w+ ){0,3}(?:letter|complaint|will|statement|appeal)\b",
            r"\b(?:visa|document|passport|certificate|copyright|licen[cs]e|birth|marriage|tax)\b",
        ),
    ),
)

"""What holds turned into what does not: polarity, obligation, bounds, order and conditions."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator

import msgspec

from tests.quality.altering.evidence import Evidence, folded
from tests.quality.altering.spans import kept, overlaps, replaced

_FIRST_PERSON = re.compile(r"\b(?:I|I'm|I\u2019m|me|my|sorry|apologi[sz]e|please note)\b", re.I)
_CHAT = re.compile(
    r"\b(?:hope|glad|feel free|let me know|happy to|if you have (?:any )?(?:more|other|further|questions))\b",
    re.I,
)
_ADVERBIAL = re.compile(
    r"^(?:(?:if|when|where|while|although|though|because|since|as|once|before|after|unless|until|for|in|on|at|to|by|with|under|during|yes|no|"
    r"additionally|also|however|therefore|moreover|furthermore|finally|first|then|sure|overall|typically|generally|instead|otherwise)\b[^,;:]*,\s+)",
    re.I,
)
_SUBORDINATE = re.compile(
    r"\b(?:that|which|who|whom|whose|if|when|where|while|although|because|unless|whether|what|how|why|before|after|until|as|than|so|but|and)\b|[:;(\[]",
    re.I,
)
_SOME = re.compile(
    r"\b(?:some|many|most|several|a few|few|certain|other|another|others|sometimes|often|one|two|three|neither|nobody|nothing|none|no|"
    r"not|never|there|here|it's|what|who|how|either|part|much|people|any\w*|all|each|every\w*|both|least|only)\b|n't\b",
    re.I,
)
_LATER_DENIAL = re.compile(
    r"\b(?:not|never|no|nor|neither|only|but|however|although|though|unless|except|rather|instead|even)\b|n't\b",
    re.I,
)
_NEEDS_DENIAL = re.compile(
    r"\b(?:any\w*|either|nor|yet|until|at all|ever|even|because|just|only|unless|but|unduly|necessarily|longer|too|exceed|more than)\b",
    re.I,
)
_IN_CONDITION = re.compile(r"\b(?:if|whether|when|where|unless)\b[^,;]*$", re.I)
_THEY = re.compile(r"\b(?:you|we|they)(?: (?:will|also|both|all))?\s*$", re.I)
_PERSON = re.compile(
    r"\b(?:you|they|he|she|your (?:partner|employer|spouse|child|children)|applicants|claimants|employees)\s*$",
    re.I,
)


class Flip(msgspec.Struct, frozen=True):
    """One way to turn a sentence: the words to find and what stands in their place."""

    words: re.Pattern[str]
    turned: Callable[[re.Match[str]], str | None]
    main_clause: bool = False
    """Only where the words are the first verb of the main clause, with nothing denied later on."""


def _to(text: str) -> Callable[[re.Match[str]], str | None]:
    return lambda found: found.expand(text)


def _flip(words: str, turned: str, *, main: bool = False) -> Flip:
    return Flip(re.compile(words), _to(turned), main)


def _obligation(found: re.Match[str]) -> str:
    before = found.string[: found.start()]
    if _THEY.search(before):
        return "do not have to"
    if re.search(
        r"\b(?:he|she|it|(?:the|an?|each|every|your|this) [a-z]*[^s\W])\s*$", before, re.I
    ):
        return "does not have to"
    return "must not"


def _released(found: re.Match[str]) -> str | None:
    """ "have to", "need to": only after a subject that shows its number."""
    before, verb = found.string[: found.start()], found[1]
    if re.search(
        r"\b(?:will|would|may|might|could|should|must|also|to|can|cannot)\s*$", before, re.I
    ):
        modal = re.search(r"\b(will|would)\s*$", before, re.I)
        return f"not {verb} to" if modal else None
    if verb in {"has", "needs"}:
        return f"does not {'have' if verb == 'has' else 'need'} to"
    if _THEY.search(before) or re.search(r"\b[a-z]{3,}[^su\W]s\s*$", before):
        return f"do not {verb} to"
    return None


def _is(found: re.Match[str]) -> str | None:
    verb, often = found[1], found[2]
    if often:
        return f"{verb} never"
    return f"{verb} not"


def _does(found: re.Match[str]) -> str | None:
    """The verb after "does not", as it stands alone."""
    verb = found[1]
    if verb in {"just", "often"} or re.search(r"(?<!p)(?<!re)ly$", verb):
        return None
    if verb in {"have", "be"}:
        return {"have": "has", "be": "is"}[verb]
    if re.search(r"(?:[sxz]|ch|sh|o)$", verb):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


def _order(found: re.Match[str]) -> str | None:
    """An order turned to its opposite, where nothing is denied in it."""
    rest = found.string[found.end() :]
    return None if _LATER_DENIAL.search(rest) else f"Do not {found[0].lower()}"


def _enabled(found: re.Match[str]) -> str | None:
    """ "may": a leave given to a person, never a mere chance ("may be", "may take")."""
    return "must not" if _PERSON.search(found.string[: found.start()]) else None


_NUMBER = r"(?=(?:a |an )?(?:[£$€]?\d|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|ten\b|twelve\b|half\b))"
_ASK = r"(?<!example )(?<!including )(?<!is different )(?<!ask )(?<!asks )(?<!check )(?<!see )(?<!know )(?<!out )(?<!determine )(?<!decide )(?<!sure )(?<!even )(?<!as )(?<!what )(?<!only )(?<!tell )(?<!and )(?<!or )(?<!but )(?<!wonder )(?<!us )(?<!you )(?<!consider )"
_CONDITION = r"(?![^.,;]*(?:\bnot\b|cannot|n['\u2019]t|\bunless\b|\bbut\b|\bonly\b))(?!(?:not|any\w*|so|necessary|possible|needed|applicable|you (?:have (?:any|questions|concerns|more)|need|must|want|wish|would|think|are (?:unsure|looking|interested|concerned|not)|do not|don|prefer|like|suspect|notice|see|can|choose|decide|know))\b)"
_NOT_AFTER = r"(?! (?:only|not|never|no longer|neither|also not|hardly|rarely|seldom|barely|nothing|no)\b|n?['\u2019]t)"
_ORDERS = (
    "Contact|Send|Use|Call|Apply|Fill in|Tell|Pay|Keep|Register|Report|Write to|Ask|Complete|Submit|"
    "Include|Return|Claim|Bring|Give|Add|Deduct|Record|Wear|Leave"
)
_STANDS = r"(?:(?<=[a-z] are )|(?<=[a-z] is )|(?<=are also )|(?<=are automatically ))(?<!be )"
_CHANNEL = r"(?:online|by phone|by post|by mail|by telephone|in person|by email|by fax)"

_FLIPS = (
    _flip(r"\bcan(?:not|['\u2019]t)\b(?! only)", "can"),
    _flip(
        rf"\bcan(?: also| still)?\b{_NOT_AFTER}(?! (?:learn|visit|see|view|read|refer|imagine|find)\b)",
        "cannot",
        main=True,
    ),
    Flip(
        re.compile(
            r"\bmay\b(?= (?:use|apply|choose|claim|file|request|appeal|submit|contact|keep|ask|withdraw|cancel|make|pay|return|renew|drive|work|travel|elect|send)\b)"
        ),
        _enabled,
        main_clause=True,
    ),
    _flip(r"\bmay be (able to|eligible|entitled)\b", "will never be \\1", main=True),
    _flip(r"\bmust not\b", "may"),
    Flip(re.compile(rf"\bmust(?: also)?\b{_NOT_AFTER}"), _obligation, main_clause=True),
    _flip(rf"\bmust(?: also)?\b{_NOT_AFTER}", "must not", main=True),
    _flip(rf"\bshould(?: also)?\b{_NOT_AFTER}", "should not", main=True),
    _flip(r"\bshould(?: not|n['\u2019]t)\b", "should"),
    _flip(
        rf"\bwill(?: also| then)?\b{_NOT_AFTER}(?! (?:always|usually|often|need|have) )",
        "will not",
        main=True,
    ),
    _flip(r"\bwill not\b|\bwon['\u2019]t\b", "will"),
    Flip(
        re.compile(r"\b(have|has|need|needs) to\b(?! (?:do with|be aware))"),
        _released,
        main_clause=True,
    ),
    _flip(
        r"\b(?:do|does) not (?:have|need) to\b|\b(?:do|does)n['\u2019]t (?:have|need) to\b", "must"
    ),
    _flip(r"(?<=\b[Yy]ou )(?:do not|don['\u2019]t) (?=[a-z])", ""),
    _flip(r"(?<=\bthey )(?:do not|don['\u2019]t) (?=[a-z])", ""),
    Flip(re.compile(r"^(?:Do not|Don['\u2019]t) ([a-z])"), lambda found: found[1].upper()),
    Flip(re.compile(rf"^(?:{_ORDERS})\b(?! yourself)"), _order),
    Flip(re.compile(r"\b(?:does not|doesn['\u2019]t) ([a-z]+)\b"), _does),
    Flip(
        re.compile(
            rf"\b(is|are|was|were)\b(?: also)?(?: (usually|typically|generally|often|normally|always|commonly))?{_NOT_AFTER}(?! (?:that|there|as follows|called|known|one|based|when|where|because|how|what|to|currently|made up|sorry|about|for)\b|[:,])"
        ),
        _is,
        main_clause=True,
    ),
    _flip(r"\b(is|are|was|were) not\b(?! (?:only|just|a|an|the)\b)", "\\1"),
    _flip(r"\balways\b", "never"),
    _flip(r"(?<!or )(?<!will )\bnever\b(?! (?:mind|before|again|been|had|ever))", "always"),
    _flip(rf"\bat least {_NUMBER}", "no more than "),
    _flip(rf"\b(?:at most|no more than|not more than) {_NUMBER}", "at least "),
    _flip(rf"(?<!sign )(?<!set )\bup to {_NUMBER}", "more than "),
    _flip(rf"(?<!no )(?<!not )\bmore than {_NUMBER}(?!\S+ but)", "less than "),
    _flip(rf"\b(?:fewer|less) than {_NUMBER}", "more than "),
    _flip(r"(?:(?<=\bare )|(?<=\bage )|(?<=\bged ))over (?=\d)", "under "),
    _flip(r"(?:(?<=\bare )|(?<=\bage )|(?<=\bged ))under (?=\d)", "over "),
    _flip(r"(?<=\d )(?:or|and) (?:over|older|above)\b", "or younger"),
    _flip(r"(?<=\d )(?:or|and) (?:under|younger)\b", "or older"),
    _flip(
        r"\b([Aa]|the) maximum\b(?= (?:of|amount|fine|age|period|penalty|number|payment|punishment))",
        "\\1 minimum",
    ),
    _flip(
        r"\b([Aa]|the) minimum\b(?= (?:of|amount|fine|age|period|penalty|number|payment|wage))",
        "\\1 maximum",
    ),
    _flip(r"\b(no|not) later than\b", "\\1 earlier than"),
    _flip(
        r"(?<!\bor )(?<!\band )(?<!day )(?<!long )(?<!ever )(?<!-)\bbefore\b(?! (?:or|and)\b|[,.;)-]|$)",
        "after",
    ),
    _flip(
        r"(?<!\bor )(?<!\band )(?<!look )(?<!up )(?<!looks )(?<!looking )(?<!named )(?<!shortly )(?<!soon )(?<!day )(?<!immediately )(?<!right )(?<!just )(?<!take )(?<!even )(?<!and )(?<!-)\bafter\b(?! (?:or|and|all|school|care|tax|that|this|hours)\b|[,.;-])",
        "before",
    ),
    _flip(r"\bincludes\b(?!.*\bnot\b)", "excludes"),
    _flip(r"(?<=[a-z], )including\b", "excluding"),
    _flip(r"(?<=[a-z] )except for\b", "including"),
    _flip(rf"{_STANDS}eligible\b", "ineligible", main=False),
    _flip(r"\bineligible\b", "eligible"),
    _flip(r"\b(is|are) (allowed|permitted)\b(?= to)", "\\1 forbidden"),
    _flip(r"\bfree of charge\b|\bat no (?:extra |additional )?(?:cost|charge)\b", "for a fee"),
    _flip(r"\btax-free\b", "taxable"),
    _flip(r"(?:(?<=\bis )|(?<=\bare ))taxable\b", "tax-free"),
    _flip(r"(?<!-)(?:\bmandatory\b|\bcompulsory\b)", "optional"),
    _flip(r"(?:(?<=\bis )|(?<=\bare ))(?:optional|voluntary)\b", "mandatory"),
    _flip(r"(?:(?<=\bis )|(?<=\bare ))illegal\b", "legal"),
    _flip(r"(?:(?<=\bis )|(?<=\bare ))prohibited\b", "allowed"),
    _flip(r"(?:(?<=\bis )|(?<=\bare ))safe\b", "unsafe"),
    _flip(r"(?:(?<=\bis )|(?<=\bare ))(?:unsafe|dangerous)\b", "safe"),
    _flip(r"\bin addition to\b", "instead of"),
    _flip(r"(?<=[a-z] )regardless of\b(?= (?:your|their|the|income|age|whether))", "depending on"),
    Flip(
        re.compile(r"(?<=[a-z] )without\b(?= (?:a|your|permission|paying|being|giving)\b)"),
        lambda found: None if re.search(r"\bonly\b", found.string) else "only with",
    ),
    _flip(r"\b(Any|Every)one (?=(?:can|who|may|is|with|over|must))", "No one "),
    _flip(r"(?<=[a-z] )unless\b(?! (?:otherwise|stated|noted))", "if"),
    _flip(rf"{_ASK}(?<=[a-z] )if (?=(?:you|your|they|he|she|the|it) ){_CONDITION}", "unless "),
    _flip(rf"^If (?=(?:you|your|they|the) ){_CONDITION}", "Unless "),
    _flip(
        r"\bavailable only\b(?= (?:to|for|in|at|on|from|through|if))|\bonly available\b(?= (?:to|for|in|at|on|from|through))",
        "available not only",
    ),
    _flip(rf"({_CHANNEL})(?:,)? or ({_CHANNEL})", "\\1 but not \\2"),
    _flip(r"(?<!an )(?<!the )(?<!any )(?<!this )\bincrease\b(?= (?:the|your)\b)", "reduce"),
    _flip(r"\breduce\b(?= (?:the|your|their)\b)", "increase"),
    _flip(r"\bpermanent\b", "temporary"),
    _flip(r"\bfull-time\b", "part-time"),
    _flip(r"\bpart-time\b", "full-time"),
)


def turned(sentence: str, evidence: Evidence, rng: random.Random) -> Iterator[str]:
    """Copies of the sentence, each with one thing turned round."""
    if sentence.rstrip().endswith(":") or _FIRST_PERSON.search(sentence) or _CHAT.search(sentence):
        return
    taken = kept(sentence)
    for flip in rng.sample(_FLIPS, len(_FLIPS)):
        for found in flip.words.finditer(sentence):
            if overlaps(found.span(), taken) or (flip.main_clause and not _in_main_clause(found)):
                continue
            if _denied_object(flip, found):
                continue
            text = flip.turned(found)
            if text is not None and not _said(found, text, evidence):
                changed = replaced(sentence, found.span(), text)
                yield _answering(changed) if flip.main_clause else changed


def _in_main_clause(found: re.Match[str]) -> bool:
    sentence = found.string
    start = 0
    while opening := _ADVERBIAL.match(sentence[start:]):
        start += opening.end()
    subject = sentence[start : found.start()]
    rest = sentence[found.end() :]
    if re.match(r"No\b|For (?:more|further|additional)\b", sentence):
        return False
    return (
        0 < len(subject.split()) <= 9
        and "," not in subject
        and not _SUBORDINATE.search(subject)
        and not _SOME.search(subject)
        and not _FIRST_VERB.search(subject)
        and not _LATER_DENIAL.search(rest)
    )


_FIRST_VERB = re.compile(
    r"\b(?:can|cannot|may|must|will|would|should|could|is|are|was|were|has|have|had|do|does|did|includes?|need|needs|make|makes|use|check|visit|contact|call|apply)\b",
    re.I,
)


def _denied_object(flip: Flip, found: re.Match[str]) -> bool:
    """Whether a denial taken away would leave "any", "until" or "but" hanging."""
    old = found[0].lower()
    if (
        not re.search(r"\bnot\b|n['\u2019]t|never|cannot", old)
        or "later than" in old
        or "more than" in old
    ):
        return False
    before, after = found.string[: found.start()], found.string[found.end() :]
    return bool(_NEEDS_DENIAL.search(after) or _SOME.search(before) or _IN_CONDITION.search(before))


def _said(found: re.Match[str], text: str, evidence: Evidence) -> bool:
    """Whether the passages hold the turned words between the same neighbours."""
    before = folded(found.string[: found.start()]).split()[-1:]
    after = folded(found.string[found.end() :]).split()
    near = [" ".join([text, *after[:2]]), " ".join([*before, text, *after[:1]])]
    return any(len(phrase.split()) > 1 and evidence.says(phrase) for phrase in near)


def _answering(text: str) -> str:
    """A "yes" that is denied opens with "no"."""
    return re.sub(r"^Yes\b", "No", text)

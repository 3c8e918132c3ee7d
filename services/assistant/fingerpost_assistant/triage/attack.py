"""Attack: attempts to turn the assistant from its task. A missed one finds no guidance anyway.

What these rules keep out is little next to what the pipeline cannot do by design: every sentence
shown is in a passage. So they are built to spare honest questions (`can I ignore this notice?`)
rather than to catch everything.
"""

from __future__ import annotations

import re

from fingerpost_assistant.events import Outcome
from fingerpost_assistant.texts import Text
from fingerpost_assistant.triage.rules import TriageRule, pattern

_RULES = (
    r"(?:instructions?|rules?|prompts?|guidelines?|directions?|directives?|commands?|constraints?"
    r"|programming|training|policies|policy|restrictions?|orders)"
)
_EARLIER = (
    r"(?:previous|prior|above|earlier|preceding|past|former|initial|original|existing|system|other"
    r"|your|openai(?:'s)?|safety|content|ethical|built-in|internal)"
)
_PERSONA_WORDS = (
    r"(?:unfiltered|uncensored|amoral|immoral|unethical|unrestricted|jailbr(?:eak|oken)|evil|rogue"
    r"|nonmoral|unhinged|no[- ]limits?|without (?:any )?(?:restrictions?|limitations?|filters?|rules|censorship|moral))"
)


def _attack(
    name: str, why: str, *alternatives: str, unless: re.Pattern[str] | None = None
) -> TriageRule:
    return TriageRule(name, why, Outcome.ATTACK, Text.ATTACK, pattern(*alternatives), unless=unless)


ATTACK_RULES = (
    _attack(
        "override",
        "tells the assistant to set its instructions aside, not a form's or a landlord's",
        rf"\b(?:ignor(?:e|ing)|disregard|forget|override|bypass|discard|neglect|drop|cancel)\W{{1,3}}(?:about )?(?:(?:all|any|every|everything|each|of|the|these|those|my|me) ){{0,4}}(?:{_EARLIER} ){{1,3}}{_RULES}\b",
        rf"\b(?:ignore|disregard|forget|override)\W{{1,3}}(?:about )?(?:all|any|every|everything|all of) (?:(?:of|the|those|these|your|my) ){{0,3}}{_RULES}\b",
        rf"\b(?:ignore|disregard|forget) (?:all (?:of )?)?(?:the |those |these )?{_RULES} (?:you (?:got|received|were|have|had)|before|above|given|mentioned|that you)",
        r"\b(?:ignore|disregard|forget) (?:everything|anything|all|all that|what) (?:(?:that )?(?:you|i|we) (?:were|was|have|had|'ve)?|above|before|prior|said|stated|written)\b[^.?!]{0,30}\b(?:told|learned|said|before|above|given|trained)",
        r"\b(?:ignore|disregard) (?:the|all) (?:above|previous|preceding)\b(?! (?:letter|notice|email|message|year|address|payment|bill|claim|application|tenant|employer|owner|marriage))",
        r"\b(?:olvida|ignora|ignore|oublie[zr]?|vergiss|ignoriere|esque[cç]a|dimentica)\b[^.?!]{0,30}\b(?:instrucciones|instructions|anweisungen|istruzioni|instru[cç][oõ]es)\b",
        r"\b(?:anwybydd(?:a|wch)|anghofi(?:a|wch))\b[^.?!]{0,30}\b(?:cyfarwyddiadau|rheolau)\b",
        rf"\b(?:ignore|break|breaking) (?:the|all|all the|your|any)(?: \w+)? {_RULES}\b(?=[^.?!]{{0,40}}\b(?:respond|answer|prompt|reply|chat|ai|openai)\b)",
    ),
    _attack(
        "reveal",
        "asks for the assistant's instructions, secrets or other people's data",
        r"\b(?:reveal|show|print|repeat|tell|output|display|leak|give|expose|share|write|spell|encode|what (?:is|are|was|were)|what's)\b[^.?!]{0,40}\b(?:(?:system|hidden|initial|original|secret|your|first) (?:system )?(?:prompts?|instructions)|system message)\b(?! (?:letter|sheet|from))",
        r"\b(?:your|the|user's|system'?s?|share your|our system'?s?) (?:secret (?:key|code|phrase|word)|password)\b(?=[^.?!]{0,60}\b(?:base64|reverse|leetspeak|poem|haiku|decode|encode|emojis?|letters?|characters?|acrostic|reveal|secret|share)\b|[^\w]*$)",
        r"\b(?:give|tell|show|list|print|dump) (?:me )?(?:the |your |all (?:the )?)?(?:user'?s?|customers?|clients?|database)\b[^.?!]{0,30}\b(?:list|password|balance|address|data|records|for me|users)\b",
        r"\bprint your database\b",
        unless=pattern(
            r"\b(?:forgot(?:ten)?|lost|reset|change|recover|remember|new) (?:my |the |your |a )?password\b",
            r"\bi (?:forgot|lost|cannot|can't)\b",
        ),
    ),
    _attack(
        "persona",
        "asks for a character without scruples; a benign role play is let through",
        rf"\b(?:act|acting|behave|respond|answer|roleplay|role-play|pretend|simulate|imagine|play|become|immerse|embody|portray|transform|are now|you're now|you will be|you are going to)\b[^?!]{{0,160}}\b{_PERSONA_WORDS}\b",
        r"\b(?:you are|you're|act as|be|called|named|known as|as|like|\[?)\W{0,3}(?:DAN|STAN|DUDE|AIM|UCAR|BetterDAN|EvilBOT|JailBreak|AntiGPT|DevMode|OmniAI|[A-Za-z]{2,12}GPT)\b(?<!ChatGPT)(?<!chatGPT)(?<!chatgpt)(?<!CHATGPT)(?=[^?!]{0,600}\b(?:you|will|can|mode|rules|any|now|answer|respond|restrictions|free)\b)",
        r"\bdo anything now\b",
        r"\b(?:unfilt(?:e)?red|uncensored|amoral|jailbroken)\b[^.?!]{0,20}\b(?:ai|chatbot|bot|character|assistant|responses?|language model)\b",
        r"\b(?:doesn't|does not|don't|do not|not required to|need not|not have to) (?:follow|obey|abide by|adhere to|care about) (?:any |the |openai'?s? |all )?(?:ethic(?:s|al)|moral|principles|polic(?:y|ies)|rules|guidelines|laws)\b(?=[^?!]{0,300}\b(?:ai|respond|response|answers?|chatgpt|openai|model)\b)",
        r"\byou are no longer (?:chatgpt|an? (?:ai|assistant|language model))\b",
        r"\b(?:developer|dev|god|debug|jailbreak|sudo|dan|dude|opposite|admin|root) ?mode\b(?=[^.?!]{0,40}\b(?:enabled|activated?|on|unlocked|output|engaged|as your)\b|>)",
        r"\b(?:never|not|don't|cannot|can't|won't|without) (?:ever )?(?:refus(?:e|ing)|declin(?:e|ing)|reject(?:ing)?|den(?:y|ies))\b[^.?!]{0,40}\b(?:any|to answer|(?:a |my |the )?(?:requests?|questions?|prompts?|commands?|order))\b",
        r"\b(?:has|have|having|with|without|no|free (?:of|from)|not bound by|removed) (?:any |no |all |the )?(?:ethical|moral|legal|openai|content|censorship)(?:(?:,| or| and| &)? (?:ethical|moral|legal|content))? (?:guidelines?|restrictions?|limitations?|boundaries|constraints?|polic(?:y|ies)|filters?|rules|compass|principles)\b(?=[^?!]{0,400}\b(?:you|ai|gpt|model|chatbot|bot|character|respond)\b)",
        r"\b(?:broken|freed|free) (?:free )?(?:of|from) (?:the )?(?:typical )?(?:confines|restrictions|limitations|shackles|all restrictions|all filters|openai)\b",
        r"\b(?:regardless|any regards?|without (?:any )?regard|doesn't care|do(?:es)? not care|never cares?|no care|don't care)(?: of| for| to| about)?(?: (?:any|how|its|the))? (?:ethic|moral|legal|law|immoral|unethical|illegal)",
        r"\b(?:stay|always stays?|remain) in character\b[^?!]{0,200}\b(?:never|always|illegal|unethical|refus|rules|prompt)",
        r"\b(?:from now (?:on|own)?|for the (?:rest|remainder) of this (?:conversation|chat(?: thread)?)|hereafter|henceforth)\b[^?!]{0,80}\b(?:you (?:are|will|must|shall|answer)|respond|act as|roleplay|pretend)\b",
        r"\b(?:you are|you will be|is|was) replaced by\b[^.?!]{0,60}\b(?:model|ai|version)\b",
        r"\bjailbr(?:eak|oken)\b(?=[^.?!]{0,200}\b(?:prompt|mode|ai|gpt|chatgpt|you|model)\b)",
        r"\b(?:as|like|of) (?:an? )?(?:ai|llm|language model|chatgpt|openai)\b[^.?!]{0,60}\b(?:no longer|not (?:bound|restricted|limited|subject)|free (?:of|from)|without)\b",
        r"\b(?:not|aren't|isn't|no longer) (?:bound|limited|restricted|constrained|confined) (?:by|to) (?:the |any |openai|open ai)[^.?!]{0,40}\b(?:rules|polic(?:y|ies)|guidelines|restrictions|limitations|ai)\b",
        unless=pattern(
            r"\b(?:as an? (?:experimental )?educational assistant|this policy is|jailbroken (?:my )?(?:iphone|phone))\b"
        ),
    ),
    _attack(
        "dictate",
        "dictates how the reply must begin, or forbids it to refuse",
        r"\b(?:start|begin|starting|prefix|preface)\b[^.?!]{0,30}\b(?:your|each|every|all|the|with)\b[^.?!]{0,30}\b(?:response|reply|answer|output|message|text)s?\b[^.?!]{0,60}(?:exact|\bwith\b\W{0,3}(?:\"|'|sure|absolutely|of course|\[|\())",
        r"\b(?:begin|start|answer|respond) (?:with|by saying)\W{0,3}(?:sure|absolutely|of course|yes)\b,? (?:here|i)",
        r"\b(?:do not|don't|never|without|must not|mustn't|can't|cannot) (?:\w+ ){0,2}(?:apologi[sz](?:e|ing)|disclaimers?|moraliz(?:e|ing)|say(?:ing)? (?:that )?(?:you can'?t|no|sorry|i'?m sorry|as an ai))\b(?=[^?!]{0,200}\b(?:answer|respond|response|prompt|user|request|warn|ai)\b)",
        r"\byou (?:will|must|are to|have to|should) (?:always |only |never )(?:respond|answer|reply|comply|obey|provide)\b[^.?!]{0,120}\b(?:any|every|all|no matter|regardless|without)\b",
        r"\balways fulfills? the user's request\b",
        r"\byou (?:will |should |have to |must )?(?:answer|respond to) my (?:questions|prompts) (?:as|in two|with)\b",
        r"\b(?:respond|reply|answer) to (?:every|all|each|any) (?:prompt|question|message)s? (?:i|that i|with)\b",
    ),
    _attack(
        "markup",
        "carries the control tokens of chat models",
        r"<\|(?:im_start|im_end|system|user|assistant|endoftext|eot_id|begin_of_text|start_header_id)\|>",
        r"\[/?INST\]|<</?SYS>>|</?s>\s*\[INST",
        r"(?:^|\n)\s*#{2,4}\s*(?:system|instruction|response|assistant)s?\s*:?\s*(?:\n|$)",
        r"(?:^|\n)\s*\[?(?:system|assistant)\]?\s*(?:prompt|message)?\s*:\s*(?:you|ignore|from|sure|i am|the user)\b",
        r"<rule>[^<]{0,400}",
        r"\[(?:begin|start|end) (?:of )?(?:each|every|output|system|prompt)\b",
    ),
    _attack(
        "gibberish",
        "machine-made suffixes: words and brackets without sense, as gradient search finds them",
        r"(?:[\w!?.]{1,20}[({\[\\`]{2,}[\w'\"|\]})\\ ]{1,20}){2}",
        r"[({\[`\\]{2}[^\s\w]?[\[{(`][a-z]{2,12}[^\w\s]",
        r"\w\({\[\w|\]\)\}\w|[{\[]\\?\w+\]\(\w+\{|\]\([a-z]{3,}[^)]{0,40}<<",
        r"\w[\"'`\\]{2,}:?[A-Z][a-z]+[\\'\"]\}",
        r"\$\\\{\w+",
        r"!{2,}\w+ \.{3,}\w+ TypeError",
    ),
)

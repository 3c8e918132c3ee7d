"""Crisis: someone's life or safety is at risk. Helplines come before everything else.

Rules look for what someone says about themselves or about someone near to them, now. What is
over (`my father took his own life`), what happened at work (`I cut myself`) and figures of speech
(`kill my car tax`) are questions for guidance. Someone who tells of abuse and asks about a benefit
gets the helplines first and then the answer (`stops=False`).
"""

from __future__ import annotations

import re

from fingerpost_assistant.events import Outcome
from fingerpost_assistant.texts import Text
from fingerpost_assistant.triage.rules import TriageRule, pattern

_PARTNER = (
    r"(?:ex|(?:ex[- ])?(?:husband|wife|partner|boyfriend|girlfriend|fianc[eé]e?)|spouse|bf|gf"
    r"|g[wŵ]r|ngwr|ngŵr|gwraig|ngwraig|mhartner|nghariad)"
)
_RELATIVE = (
    r"(?:mum|mam|mother|dad|father|step[- ]?(?:dad|mum|father|mother)|parents?|brother|sister"
    r"|son|daughter|uncle|aunt|grand(?:ad|dad|father|mother|son|daughter)|nan|family|carer|in-laws?"
    r"|nhad|mam|mrawd|chwaer)"
)
_CHILD = (
    r"(?:child(?:ren)?|kids?|bab(?:y|ies)|toddler|son|daughter|nephew|niece|grandson|granddaughter"
    r"|pupil|boy|girl|plentyn|plant|babi|mab|merch)"
)
_SOMEONE = rf"(?:he|she|they|someone|somebody|my (?:{_PARTNER}|{_RELATIVE}|{_CHILD}|friend|mate|neighbour))"
_WANTS = (
    r"(?:want(?:s|ing|ed)? to|wanna|going to|gonna|plan(?:s|ning)? to|about to|tempted to|ready to"
    r"|thinking (?:of|about)|thoughts? (?:of|about)|feel(?:s|ing)? like|urges? to|threaten(?:s|ing)? to"
    r"|tr(?:y|ies|ied|ying) to|keep|can't stop|might|will|i'll|how (?:to|do i|can i|could i)"
    r"|ways? to|where (?:can|could) i)"
)
_HURTS = (
    r"(?:hits?|hitting|beats?|beating|punch(?:es|ing)?|kicks?|kicking|slaps?|slapping"
    r"|chok(?:es|ing)|strangl(?:es|ed|ing)|hurts?|hurting|attack(?:s|ing)|rap(?:es|ing)|abus(?:es|ing)"
    r"|assault(?:s|ing)|bites?|burns?|burning|threatens? to (?:kill|hurt|hit|stab|beat|shoot|burn))"
)

_NOT_LONG_AGO = (
    r"(?![^.?!,;]{0,40}\b(?:years? ago|last (?:year|month)|(?:in|since) (?:19|20)\d\d)\b)"
)
_MANY = (
    r"(?:[1-9]\d{1,2}|(?:twen|thir|for|fif|six|seven|eigh|nine)ty"
    r"|(?:a|the) (?:whole |full |entire )?(?:bottle|box|pack(?:et)?|handful|load) of)"
)
"""More than a day's dose: whoever takes as prescribed takes fewer than ten."""
_TABLETS = (
    r"(?:paracetamol|ibuprofen|aspirin|codeine|co-codamol|tramadol|morphine|antidepressants?"
    r"|insulin|(?:sleeping )?(?:pills|tablets)|painkillers|capsules)"
)
_IN_PEACE = r"(?! (?:at home|in (?:hospital|a hospice|peace|dignity)|with dignity))"

_NO_ACCIDENT = r"(?! (?:at work|on (?:a |the )?(?:pavement|machine|bus)|by accident))"

_TOLD_AS_PAST = pattern(
    r"\b(?:my|our|his|her|the|a) [^.?!]{0,40}\b(?:took|taken|ended|killed|hanged|committed)\b[^.?!]{0,20}"
    r"\b(?:(?:his|her|their) own li(?:fe|ves)|himself|herself|themselves|suicide)\b"
)


def _crisis(
    name: str,
    why: str,
    text: Text,
    *alternatives: str,
    unless_beside: re.Pattern[str] | None = None,
    stops: bool = True,
) -> TriageRule:
    return TriageRule(
        name,
        why,
        Outcome.CRISIS,
        text,
        pattern(*alternatives),
        unless_beside=unless_beside,
        stops=stops,
    )


CRISIS_RULES = (
    _crisis(
        "medical.emergency",
        "a life is at risk now; `since my stroke` and `recovering from a heart attack` are not",
        Text.MEDICAL,
        r"\b(?:is|are|am|i'm|he's|she's|'re|think) (?:now )?having a(?:nother)? (?:heart attack|stroke|seizure|fit)\b",
        rf"\b(?:i|it|baby|{_SOMEONE})(?:'s| is| am| has)? (?:can't|cannot|can not|isn't|not|stopped|isnt|cant) breath(?:e|ing)\b{_NOT_LONG_AGO}",
        r"\b(?:is|he's|she's|they're|i'm|am) (?:unconscious|choking|not waking up|bleeding (?:heavily|badly|out|to death))\b",
        r"\b(?:won't|will not|can't|isn't|not) (?:wak(?:e|ing) up|stop(?:ping)? bleeding)\b",
        r"\b(?:i|we|he|she|they)(?:'ve|'s| have| has| am| is)? (?:just )?(?:got|had|having|getting|have|has)? ?(?:bad|severe|sudden|crushing)? ?chest pains?\b(?=[^.?!]{0,40}\b(?:now|today|tonight|help|breath|arm|what (?:should|do) i))",
        rf"\b(?:took|taken|taking|swallowed|had) (?:an overdose|too many (?:pills|tablets|painkillers|paracetamol)|bleach|poison)\b{_NOT_LONG_AGO}",
        rf"\b(?:took|taken|swallowed|had) (?:about |around |over |at least )?{_MANY} (?:of )?(?:(?:my|his|her|the) )?{_TABLETS}\b{_NOT_LONG_AGO}",
        rf"\b(?:has|have|'ve|'s|just) overdosed\b{_NOT_LONG_AGO}",
        r"\bcael (?:trawiad ar y galon|strôc)\b",
        r"\bmethu anadlu\b",
        r"\bwedi cymryd gormod o dabledi\b",
    ),
    _crisis(
        "danger.now",
        "violence or fire that is going on now",
        Text.DANGER,
        r"\b(?:is|are|someone's|he's|they're) (?:trying to )?(?:break(?:ing)? in(?:to my (?:house|home|flat))?|get(?:ting)? in(?:to my (?:house|home|flat)))\b(?=[^.?!]{0,60}\b(?:now|help|scared|hear)|[^\w]*$)",
        r"\b(?:has|have|got|holding|with) a (?:knife|gun|machete|weapon)\b(?=[^.?!]{0,60}\b(?:now|me|us|outside|here|help|house|door))",
        rf"\b{_SOMEONE}(?:'s| is|'re| are)? (?:going to|gonna|trying to|wants? to|threaten(?:s|ing|ed) to|says? (?:he|she|they)(?:'ll| will)) (?:kill|stab|shoot|strangle) (?:me|us)\b",
        r"\b(?:i'm|i am|we're|we are) (?:being (?:attacked|followed|chased|stabbed|held (?:hostage|against))|in (?:immediate |serious |grave )?danger(?! of (?:los|miss|fall|being evict|becom)))",
        r"\b(?:house|flat|home|kitchen|building) is on fire\b",
        r"\bi(?:'ve| have)? (?:just )?been (?:stabbed|shot)\b",
        r"\b(?:i'm|i am|i) (?:want to|going to|gonna|will|about to) (?:kill|stab|shoot|murder) (?:him|her|them|someone|somebody|everyone|people|my \w+)\b",
        r"\bmewn perygl (?:nawr|rwan|uniongyrchol|ar hyn o bryd)\b",
        r"\b(?:ar dân|yn ymosod arna i)\b",
        unless_beside=pattern(
            r"\bkill (?:him|her|them|my \w+)[^.?!]{0,15}\b(?:with kindness|benefits?|tax|credit score|car|weeds?|grass|lawn)"
        ),
    ),
    _crisis(
        "suicide.intent",
        "says they want to die or to kill themselves",
        Text.SUICIDE,
        r"\b(?:kill|hang|drown|shoot|stab|poison|gas|suffocate)(?:ing)? my ?self\b(?! (?:laughing|with work|working|trying|over))",
        r"\b(?:end(?:ing)?|tak(?:e|ing)) my (?:own )?life\b",
        r"\bend(?:ing)? it all\b(?! online| on the| by (?:phone|post|email))",
        rf"\b(?:want(?:s|ed)? to|wanna|wish (?:i|he|she)(?: could| would)?|ready to|rather|going to|better to) (?:just )?(?:die|be dead)\b{_IN_PEACE}",
        r"\bwish i (?:was|were) (?:dead|never born)\b",
        r"\b(?:don't|do not|dont|no longer|not) want to (?:live|be alive|be here|exist|wake up|carry on living|go on)(?: any ?more| any longer)?(?=\s*(?:[.,!?]|$|and|because|i |since))",
        r"\bno (?:reason|point|will)(?: in| to| left to)? (?:liv(?:e|ing)|(?:going|carrying|go|carry) on)\b",
        r"\b(?:nothing|not worth|isn't worth) (?:(?:left )?to live for|living)\b",
        r"\b(?:i|we) can(?:'t|not|t) (?:go on|carry on|live)(?: like this| living| any ?more| any longer){1,2}(?=\s*(?:[.,!?]|$|and|because|i ))",
        r"\b(?:better off|everyone would be happier) (?:without me|if i (?:was|were) (?:dead|gone))\b",
        r"\bbetter off dead\b",
        r"\b(?:i|i'm|im|i am|feel(?:ing)?|been|very|really|so|bit|thinking|having) (?:(?!not|a)\w{2,9} )?su[ei]?cidal\b",
        r"(?<!a )\bsuicidal (?:thoughts?|feelings?|ideation|urges?)\b(?=[^.?!]{0,60}\b(?:help|i|now|today|me)\b|[^\w]*$)",
        rf"\b{_WANTS} (?:commit(?:ting)? )?suicide\b",
        r"\b(?:if|before|after|when) i (?:commit suicide|kill my ?self|end my life)\b",
        r"\bunalive(?:ing)? my ?self\b",
        r"\b(?:painless|quick(?:est)?|easy|easiest|best|surefire|fastest) (?:way|method)s? (?:to|of) (?:die|dying|kill(?:ing)? (?:my|one) ?self|end(?:ing)? (?:my|it)|suicide|self[- ]harm)",
        r"\b(?:jump(?:ing)?|throw(?:ing)? myself) (?:off|in front of|under) (?:a|the) (?:bridge|train|cliff|roof|building|car park)\b",
        r"\bstop (?:eating|drinking)\b[^.?!]{0,30} (?:until|till) i die\b",
        r"\b(?:writing|wrote|written|write|leave|leaving) (?:a|my) suicide (?:note|letter)\b",
        # Welsh
        r"\bl?ladd fy hun(?:an)?\b",
        r"\b(?:eisiau|isio|isho|moyn|am) marw\b",
        r"\b(?:meddwl|teimlo'n|ystyried|cyflawni)(?: am)? hunan-?laddi?a?d(?:ol)?\b",
        r"\b(?:dim|ddim) (?:eisiau|isio|moyn|am) (?:byw|bod yma)(?: mwyach)?(?=\s*(?:[.,!?]|$))",
        r"\brhoi diwedd ar (?:fy mywyd|y cwbl|bopeth)\b",
    ),
    _crisis(
        "suicide.someone_else",
        "someone near to them may take their own life",
        Text.SUICIDE_OTHER,
        rf"\b{_SOMEONE}(?:'s| is| has been| keeps?| says? (?:he|she|they)(?:'s|'re| is| are)?| feels?| seems?)? (?:feeling |being )?su[ei]?cidal\b",
        rf"\b{_SOMEONE}\b[^.?!]{{0,40}}\b{_WANTS} (?:kill (?:him|her|them)sel(?:f|ves)|end (?:his|her|their) (?:own )?li(?:fe|ves)|take (?:his|her|their) own li(?:fe|ves)|die(?!\w){_IN_PEACE}|commit suicide|harm(?:ing)? (?:him|her|them)sel(?:f|ves))\b",
        rf"\b{_SOMEONE}(?:'s| is) (?:talking about|thinking about|threatening) (?:suicide|killing (?:him|her|them)sel(?:f|ves)|ending (?:his|her|their) life)\b",
        unless_beside=_TOLD_AS_PAST,
    ),
    _crisis(
        "self_harm",
        "harms themselves or wants to; `I cut myself at work` is an accident",
        Text.SUICIDE,
        rf"\b{_WANTS} (?:be )?(?:self[- ]?harm(?:ing)?|(?:hurt|harm|starv)(?:e|ing)? my ?self|(?:cut(?:ting)?|burn(?:ing)?|injur(?:e|ing)) my ?self{_NO_ACCIDENT})\b",
        rf"\b(?:i|i'm|i am|i've been|i have been|me) (?:\w{{3,10}} )?(?:self[- ]?harm(?:ing|ed)?|(?:harming|starving) my ?self|cutting my ?self{_NO_ACCIDENT})\b",
        r"\b(?:used? for|help me|methods? of|hide my|best for|how to|want to|urge to) self[- ]?harm",
        r"\bharm myself\b",
        r"\b(?:hunan-?niweidio|niweidio fy hun(?:an)?)\b",
    ),
    _crisis(
        "child.abused",
        "a child who writes, or is written about, is being hurt",
        Text.CHILD,
        rf"\b{_CHILD} (?:next door |down the road )?(?:is|are|may be|might be|could be|keeps?) (?:being )?(?:abused|hit|beaten|hurt|neglected|starved|molested|groomed|exploited|left alone|locked)",
        rf"\b(?:abus(?:ing|es)|hitting|hits|beating|beats|hurting|molest(?:ing|s)|groom(?:ing|s)|neglect(?:ing|s)) (?:a|the|his|her|their|my|our|that|this) (?:own )?(?:\w+ )?{_CHILD}\b",
        rf"\b(?:report|worried|concern(?:ed|s)?|suspect|think)\b[^.?!]{{0,40}}\b(?:child abuse|{_CHILD} (?:is|are|being|is being) (?:at risk|in danger|abused|neglected|unsafe))\b",
        rf"\bmy (?:{_RELATIVE}|teacher|coach) (?:keeps? |is |has been )?(?:touch(?:es|ing)|molest(?:s|ing)) me\b",
        r"\bi(?:'m| am) (?:[5-9]|1[0-7])\b(?: years? old)?[^.?!]{0,80}\b(?:hits?|beats?|hurts?|touch(?:es)?|abuses?|scared to go home|not safe at home)\b(?: me)?",
        r"\bplentyn [^.?!]{0,20}(?:cael ei gam-?drin|mewn perygl)\b",
        unless_beside=pattern(r"\bcleared of\b"),
    ),
    _crisis(
        "abuse.now",
        "someone at home hurts them or keeps them from leaving",
        Text.ABUSE,
        rf"\bmy (?:{_PARTNER}|{_RELATIVE})(?: is| keeps?| always| often| sometimes| has started|'s| has been)? {_HURTS} (?:me|us)\b(?! with (?:a |an |the )?(?:bill|claim|demand|letter|court))",
        rf"\bmy (?:{_PARTNER}|{_RELATIVE}) (?:just |has |has just )?(?:hit|beat|punched|kicked|strangled|choked|attacked|raped|assaulted) (?:me|us)(?: (?:again|last night|tonight|today|yesterday|this (?:morning|week)))?(?=\s*(?:[.,!?]|$|and|in front))",
        r"\b(?:he|she|they) (?:hits?|beats?|punch(?:es)?|kicks?|strangles?|rapes?|is (?:hitting|beating|hurting|abusing)) (?:me|us)\b(?! with (?:a |an |the )?(?:bill|claim|demand|letter|court))",
        r"\b(?:won't|doesn't|does not|will not) let me (?:(?:leave|go out of|out of) (?:the )?(?:house|home|flat|room)|go out)\b",
        rf"\b(?:afraid|scared|frightened|terrified) (?:of|to go home to) my (?:{_PARTNER}|dad|father|step\w+|son)\b",
        r"\bafraid (?:he|she) (?:will|might|is going to) (?:kill|hurt|hit) (?:me|us)\b",
        r"\b(?:escape|flee|get away from|leave|leaving|fleeing) (?:my |an? )?(?:abusive|violent) (?:partner|husband|wife|relationship|marriage|boyfriend|girlfriend|home)\b",
        rf"\b(?:fy|y) (?:{_PARTNER}) yn (?:fy )?(?:mwrw|n?h?aro|taro|n?gh?uro|ngham-?drin|cam-?drin|m?brifo|mygwth)",
        unless_beside=pattern(
            r"\b(?:have|had|has|'ve|having|'s) (?:now |finally |already )?(?:left|escaped|fled)\b"
        ),
        stops=False,
    ),
    _crisis(
        "abuse.told",
        "tells of domestic abuse and asks something",
        Text.ABUSE,
        r"\b(?:i|we|i'm|i've|my (?:children|kids|sister|mother|mum|daughter|friend|marriage|wife|husband|partner|ex))\b[^.?!]{0,60}\b(?:domestic (?:abuse|violence)|abusive (?:partner|husband|wife|relationship|marriage|ex|boyfriend|girlfriend|father|home)|violent(?:ly)? (?:partner|husband|wife|relationship|ex|abusive)|victims? of abuse|coercive control)\b",
        r"\b(?:partner|husband|wife|boyfriend|girlfriend|ex)\b[^.?!]{0,30}\b(?:has become|is|has been|was|became|being|gets|increasingly) (?:increasingly |very |violently |physically |emotionally |verbally )?(?:abusive|violent)\b",
        r"\b(?:cam-?drin domestig|trais (?:yn y cartref|domestig))\b",
        unless_beside=pattern(
            r"\b(?:charged with|accused of|convicted of|found guilty|appeal the|falsely|work (?:for|in|with)|volunteer|what is|screenplay|story|novel|essay|research|character)\b"
        ),
        stops=False,
    ),
    _crisis(
        "sexual_violence.told",
        "tells of rape or sexual assault and asks something",
        Text.SEXUAL_VIOLENCE,
        r"\b(?:i|i've|my (?:daughter|sister|friend|wife|girlfriend|partner|son|child))(?: was| have been| been| got| has been|'ve been| were| had been)?[^.?!]{0,40}\b(?:raped|sexually (?:assaulted|abused|attacked))\b",
        r"\b(?:raped|sexually assaulted|sexually abused) me\b",
        r"\bcefais fy nhreisio\b",
        unless_beside=pattern(r"\b(?:charged with|accused of|convicted of|falsely)\b"),
        stops=False,
    ),
)

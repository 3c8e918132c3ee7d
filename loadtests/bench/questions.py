"""Questions that a citizen might ask of the sample knowledge: a fixed, varied list."""

from __future__ import annotations

QUESTIONS = (
    "How do I renew my passport?",
    "What happens to my Child Benefit if I earn over the limit?",
    "How long does it take to get a provisional driving licence?",
    "Can I get a Blue Badge if I have anxiety?",
    "When do I have to tell the council that someone moved in?",
    "What photo ID can I take to the polling station?",
    "How much is the new State Pension and when can I get it?",
    "What is the penalty for sending my tax return late?",
    "How many days of holiday do I get if I work part time?",
    "My landlord kept my deposit, what can I do?",
    "I am going to be homeless next week, who must help me?",
    "Do I pay for prescriptions in Wales?",
    "How soon must I register a death in Scotland?",
    "Can my partner take paternity leave for an adopted child?",
    "What do I get if I am made redundant after three years?",
    "Sut mae cofrestru i bleidleisio?",
)

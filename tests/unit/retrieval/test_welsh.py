"""Welsh questions put into English words by the learnt lexicon."""

from __future__ import annotations

import subprocess
import sys

import pytest

from fingerpost_retrieval import gloss_welsh
from fingerpost_retrieval.welsh import Lexicon
from fingerpost_retrieval.welsh.forms import candidates, form
from fingerpost_retrieval.welsh.lexicon import read_lexicon
from fingerpost_retrieval.welsh.training import entries_of, learn


@pytest.mark.parametrize(
    "mutated", ["pasbort", "basbort", "mhasbort", "phasbort", "Pasbort".lower()]
)
def test_mutations_of_a_word_have_one_form(mutated: str) -> None:
    assert form(mutated) == form("pasbort")


def test_word_that_lost_its_g_is_looked_up_with_it() -> None:
    assert form("gwasanaeth") in candidates("wasanaeth")


def test_accents_do_not_matter() -> None:
    assert form("tŷ") == form("ty")


def test_question_keeps_its_meaning() -> None:
    gloss = gloss_welsh("Sut mae adnewyddu fy nhrwydded yrru?")
    assert {"renew", "licence", "driving"} <= set(gloss.text.split())


def test_names_and_numbers_stay_and_unknown_function_words_go() -> None:
    gloss = Lexicon({}).gloss("Rwy yn Aberystwyth yn 2019")
    assert gloss.text == "aberystwyth 2019"
    assert gloss.known == 0


def test_empty_text_has_an_empty_gloss() -> None:
    assert gloss_welsh(" ? ").text == ""


def test_what_a_word_means_is_learnt_from_the_sentences_that_it_stands_in() -> None:
    lexicon = learn(
        [("talu treth", "pay tax"), ("treth incwm", "income tax"), ("talu", "pays")],
        lambda word: word.removesuffix("s"),
    )
    assert lexicon.gloss("treth").text == "tax"
    assert lexicon.gloss("dalu").text in {"pay", "pays"}
    assert lexicon.gloss("hincwm incwm").text.split()[-1] == "income"


def test_ending_that_was_not_seen_is_understood_by_the_beginning_of_the_word() -> None:
    lexicon = learn([("ceisiadau", "applications"), ("ceisiadau", "applications")], str.lower)
    assert lexicon.gloss("ceisiadaeth").text == "applications"


def test_lexicon_is_read_as_it_was_written() -> None:
    lexicon = learn([("treth incwm", "income tax"), ("treth", "tax")], str.lower)
    lines = entries_of(lexicon)
    assert entries_of(read_lexicon("# a comment\n" + "\n".join(lines))) == lines


def test_lexicon_is_small_and_loaded_when_it_is_first_needed() -> None:
    program = (
        "import fingerpost_retrieval.welsh.lexicon as lexicon\n"
        "assert lexicon.welsh_lexicon.cache_info().currsize == 0\n"
        "assert 1_000 < len(lexicon.welsh_lexicon()) < 10_000\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)

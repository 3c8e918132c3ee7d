"""The benchmark of search: any set in the layout of BEIR, five ways of ranking, one report."""

from .measures import interval, ndcg, paired_p
from .report import OURS, BenchmarkReport, SystemResult, check_against, drops, read_report
from .running import SYSTEMS, benchmark
from .sets import Context, CorpusDocument, Query, RetrievalSet, files_of, read_set

__all__ = [
    "OURS",
    "SYSTEMS",
    "BenchmarkReport",
    "Context",
    "CorpusDocument",
    "Query",
    "RetrievalSet",
    "SystemResult",
    "benchmark",
    "check_against",
    "drops",
    "files_of",
    "interval",
    "ndcg",
    "paired_p",
    "read_report",
    "read_set",
]

"""The reranker slot: a small cross-encoder on disk, an endpoint over HTTP, and what goes wrong."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers

from fingerpost_retrieval import (
    CrossEncoder,
    Embedder,
    GuidanceIndex,
    Hit,
    OnnxEmbedder,
    Passage,
    RemoteReranker,
    Reranker,
    RerankerFailed,
    RerankStage,
    TextPage,
)

OpenIndex = Callable[[Embedder | None], GuidanceIndex]
WORDS = ("[UNK]", "[PAD]", "weekly", "passport")


@pytest.fixture
def cross_encoder(tmp_path: Path) -> Path:
    """A model that counts the word "weekly"."""
    tokenizer = Tokenizer(
        models.WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    worth = numpy_helper.from_array(np.array([[0], [0], [1], [0]], np.float32), "worth")
    axis = numpy_helper.from_array(np.array([1], np.int64), "axis")
    nodes = [
        helper.make_node("Gather", ["worth", "input_ids"], ["each"]),
        helper.make_node("ReduceSum", ["each", "axis"], ["logits"], keepdims=0),
    ]
    ids = helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])
    score = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", 1])
    graph = helper.make_graph(nodes, "counts", [ids], [score], [worth, axis])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.save(model, tmp_path / "model.onnx")
    return tmp_path


@pytest.fixture
def endpoint() -> Iterator[tuple[str, list[dict[str, object]]]]:
    """An endpoint that likes long passages, and what it was asked."""
    asked: list[dict[str, object]] = []

    class Rerank(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({**body, "key": self.headers["Authorization"]})
            ranked = [
                {"index": at, "relevance_score": len(text)}
                for at, text in enumerate(body["documents"])
            ]
            answer = json.dumps({"id": "rerank-1", "results": ranked[::-1]}).encode()
            self.send_response(200 if self.path == "/rerank" else 500)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Rerank)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def hit(name: str, text: str, score: float) -> Hit:
    passage = Passage(
        id=name,
        path=f"/{name}",
        locale="en",
        revision="1",
        title=name,
        url=f"/{name}",
        heading_path=(),
        text=text,
        position=0,
        tokens=3,
        collection="guidance",
    )
    return Hit(passage=passage, score=score)


HITS = (
    hit("first", "Nothing of use", 0.9),
    hit("second", "weekly and weekly", 0.6),
    hit("third", "weekly", 0.3),
)


def names(hits: Sequence[Hit]) -> list[str]:
    return [found.passage.id for found in hits]


def stage(
    reranker: Reranker, *, budget_s: float = 20.0, depth: int = 20, at_once: int = 2
) -> RerankStage:
    return RerankStage(reranker, budget_s=budget_s, depth=depth, at_once=at_once)


class Scorer:
    """Gives the scores it was told to, once it may."""

    def __init__(self, *scores: float, held: bool = False, fails: bool = False) -> None:
        self._scores, self._fails = scores, fails
        self.began, self.may_end = threading.Event(), threading.Event()
        if not held:
            self.may_end.set()

    def scores(
        self, question: str, passages: Sequence[str], *, timeout_s: float
    ) -> NDArray[np.float32]:
        self.began.set()
        self.may_end.wait(10)
        if self._fails:
            raise RerankerFailed("no scores today")
        return np.array(self._scores[: len(passages)], dtype=np.float32)


def test_a_cross_encoder_on_disk_puts_hits_in_its_order(cross_encoder: Path) -> None:
    hits = stage(CrossEncoder(cross_encoder)).rerank("How often?", HITS)
    assert names(hits) == ["second", "third", "first"]
    assert [found.score for found in hits] == [0.9, 0.6, 0.3]


def test_a_search_reranks_and_says_how_long_it_took(
    open_index: OpenIndex, embedder: OnnxEmbedder, guidance: list[TextPage], cross_encoder: Path
) -> None:
    index = open_index(embedder)
    index.replace(guidance)
    weekly = TextPage(
        path="/weekly", title="Weekly", sections=guidance[2].sections, description="weekly"
    )
    index.replace([weekly])
    found = index.search("passport", reranker=stage(CrossEncoder(cross_encoder)))
    assert found.timings["rerank"] > 0
    assert len(found.hits) > 1


def test_only_the_first_hits_are_read(cross_encoder: Path) -> None:
    hits = stage(CrossEncoder(cross_encoder), depth=2).rerank("How often?", HITS)
    assert names(hits) == ["second", "first", "third"]


def test_an_endpoint_is_asked_as_vllm_serves_it(
    endpoint: tuple[str, list[dict[str, object]]],
) -> None:
    url, asked = endpoint
    hits = stage(RemoteReranker(f"{url}/rerank", "small", api_key="k")).rerank("How often?", HITS)
    assert names(hits) == ["second", "first", "third"]
    (request,) = asked
    assert request["model"] == "small"
    assert request["query"] == "How often?"
    assert request["key"] == "Bearer k"


@pytest.mark.parametrize("path", ["/broken", "/rerank"])
def test_an_endpoint_that_fails_leaves_the_order(
    endpoint: tuple[str, list[dict[str, object]]], path: str
) -> None:
    url, _ = endpoint
    if path == "/rerank":
        url = "http://127.0.0.1:9"  # nobody listens there
    hits = stage(RemoteReranker(url + path, "small")).rerank("How often?", HITS)
    assert names(hits) == ["first", "second", "third"]


def test_a_reranker_that_is_late_leaves_the_order_in_time() -> None:
    scorer = Scorer(1, 2, 3, held=True)
    late = stage(scorer, budget_s=0.05)
    started = time.monotonic()
    assert late.rerank("How often?", HITS) == HITS
    assert time.monotonic() - started < 5
    scorer.may_end.set()
    late.close()


def test_a_reranker_that_fails_leaves_the_order() -> None:
    assert stage(Scorer(fails=True)).rerank("How often?", HITS) == HITS


def test_under_load_a_search_goes_without_and_then_with_again() -> None:
    scorer = Scorer(1, 2, 3, held=True)
    busy = stage(scorer, at_once=1)
    other = threading.Thread(target=busy.rerank, args=("How often?", HITS))
    other.start()
    assert scorer.began.wait(10)
    assert busy.rerank("How often?", HITS) == HITS
    scorer.may_end.set()
    other.join()
    assert names(busy.rerank("How often?", HITS)) == ["third", "second", "first"]
    busy.close()


def test_a_folder_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(RerankerFailed, match=str(tmp_path)):
        CrossEncoder(tmp_path)


def test_an_address_that_is_not_http_is_refused() -> None:
    with pytest.raises(RerankerFailed, match="file:"):
        RemoteReranker("file:///etc/passwd", "small")

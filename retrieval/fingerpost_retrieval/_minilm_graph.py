"""The network of all-MiniLM-L6-v2 as an ONNX graph, straight from its weights.

A BERT encoder (Devlin et al. 2019, https://arxiv.org/abs/1810.04805) of six layers, then
mean pooling and unit length as sentence-transformers does it (Reimers and Gurevych 2019,
https://arxiv.org/abs/1908.10084).

In full precision, the graph uses operators of the ONNX standard alone. With int8 weights, each
column of a weight has a scale, and so has each token's activation at the entrance of a product.
A token's numbers depend on its own text alone, and the products are of whole numbers, so that a
text has one vector whatever it is embedded with. Vectors stay within a cosine of .99 of the full
ones (.999 on average). `quantize_dynamic`, with one scale for all activations of a batch, takes
as long, but moves vectors three times as far and lost .02 nDCG@10 on our sets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Weights = Mapping[str, NDArray[np.float32]]

OPSET = 20
"""The first version of the operator set with `Gelu`; `LayerNormalization` is older."""
IR_VERSION = 10
MICROSOFT = "com.microsoft"
"""The domain of the operators that ONNX Runtime adds to the standard."""

LAYERS = 6
HEADS = 12
HIDDEN = 384
EPSILON = 1e-12
MASKED = -10_000.0
"""Added to the attention of padding: large enough to vanish in the softmax."""

STEPS = 127
"""Steps of a number in eight bits on either side of zero."""
ZERO_POINT = 128
"""Activations are unsigned, since processors multiply unsigned by signed bytes fastest (VNNI)."""


OUTLIERS = {99: 4.0, 223: 3.0, 63: 2.0, 157: 2.0, 338: 2.0, 267: 2.0, 127: 2.0}
"""Channels of the hidden state that are many times as large as the others, in every layer; and
by what they are divided before a product in int8, and their weights multiplied, so that the other
channels keep their steps (Xiao et al. 2023, https://arxiv.org/abs/2211.10438). Read from the
largest activations of the full network over 75 questions and passages; without it, the mean
cosine to the full vectors is .9977 instead of .9991, and dense search loses .02 nDCG@10."""


class GraphBuilder:
    """Collects nodes and constants; every node is named after its output.

    Arguments:
        int8: whether to keep weights in eight bits instead of 32.
    """

    def __init__(self, *, int8: bool) -> None:
        self.int8 = int8
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, value: NDArray[np.generic] | np.generic) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(value, order="C"), name))
        return name

    def node(
        self,
        operator: str,
        inputs: Sequence[str],
        output: str,
        *,
        domain: str = "",
        **attributes: float | list[int],
    ) -> str:
        node = helper.make_node(operator, list(inputs), [output], name=output, domain=domain)
        node.attribute.extend(helper.make_attribute(*item) for item in sorted(attributes.items()))
        self.nodes.append(node)
        return output

    def product(self, x: str, weight: NDArray[np.float32], at: str) -> str:
        """`x @ weight.T`, for a weight of shape `(out, in)` as torch stores it."""
        if self.int8:
            return self._product_int8(x, weight, at)
        return self.node("MatMul", [x, self.constant(f"{at}.weight", weight.T)], at)

    def linear(
        self, x: str, weight: NDArray[np.float32], bias: NDArray[np.float32], at: str
    ) -> str:
        """`x @ weight.T + bias`."""
        product = self.product(x, weight, f"{at}.product")
        return self.node("Add", [product, self.constant(f"{at}.bias", bias)], at)

    def calmed(
        self, x: str, weight: NDArray[np.float32], at: str
    ) -> tuple[str, NDArray[np.float32]]:
        """Move the size of the outliers from a hidden state to the weight that meets it."""
        if not self.int8:
            return x, weight
        factors = np.ones(HIDDEN, dtype=np.float32)
        factors[list(OUTLIERS)] = list(OUTLIERS.values())
        inverse = self.constant(f"{at}.inverse", 1 / factors)
        return self.node("Mul", [x, inverse], f"{at}.calm"), weight * factors

    def _product_int8(self, x: str, weight: NDArray[np.float32], at: str) -> str:
        """`x` is `(tokens, in)`; each token and each column of the weight has its own scale."""
        scales = np.abs(weight).max(axis=1) / STEPS
        steps = np.round(weight / scales[:, np.newaxis]).astype(np.int8)
        size = self.node("Abs", [x], f"{at}.size")
        largest = self.node("ReduceMax", [size, "last"], f"{at}.largest", keepdims=1)
        scale = self.node("Mul", [largest, "step"], f"{at}.scale")
        by_token = self.node("Squeeze", [scale, "last"], f"{at}.by_token")
        whole = self.node("QuantizeLinear", [x, by_token, "zero_points"], f"{at}.whole", axis=0)
        product = self.node(
            "MatMulIntegerToFloat",
            [
                whole,
                self.constant(f"{at}.steps", steps.T),
                "one",
                self.constant(f"{at}.scales", scales.astype(np.float32)),
                "zero_point",
                "weight_zero",
            ],
            f"{at}.unscaled",
            domain=MICROSOFT,
        )
        return self.node("Mul", [product, scale], at)

    def int8_constants(self) -> None:
        """What all products in int8 share; `zero_points` has one entry a token."""
        self.constant("last", np.array([1], dtype=np.int64))
        self.constant("step", np.float32(1 / STEPS))
        self.constant("zero_point", np.uint8(ZERO_POINT))
        self.constant("weight_zero", np.int8(0))
        point = self.constant("zero_point.row", np.array([ZERO_POINT], dtype=np.uint8))
        count = self.node("ReduceProd", ["shape"], "token.count", keepdims=1)
        self.node("Expand", [point, count], "zero_points")

    def rows(self, table: NDArray[np.float32], indices: str, at: str) -> str:
        """The rows of a table, which is most of the model; in int8, each row has its scale."""
        if not self.int8:
            return self.node("Gather", [self.constant(f"{at}.table", table), indices], at)
        scales = np.abs(table).max(axis=1, keepdims=True) / STEPS
        steps = self.constant(f"{at}.steps", np.round(table / scales).astype(np.int8))
        scale = self.constant(f"{at}.scales", scales.astype(np.float32))
        row = self.node("Gather", [steps, indices], f"{at}.row")
        wide = self.node("Cast", [row], f"{at}.wide", to=TensorProto.FLOAT)
        return self.node("Mul", [wide, self.node("Gather", [scale, indices], f"{at}.scale")], at)

    def reshape(self, x: str, sizes: Sequence[int], at: str) -> str:
        """Bring `x` to the batch's two sizes, followed by these."""
        rest = self.constant(f"{at}.rest", np.array(sizes, dtype=np.int64))
        shape = self.node("Concat", ["shape", rest], f"{at}.shape", axis=0)
        return self.node("Reshape", [x, shape], at)

    def layer_norm(self, x: str, weights: Weights, source: str, at: str) -> str:
        gain = self.constant(f"{at}.gain", weights[f"{source}.weight"])
        shift = self.constant(f"{at}.shift", weights[f"{source}.bias"])
        return self.node("LayerNormalization", [x, gain, shift], at, epsilon=EPSILON)


def minilm_graph(weights: Weights, *, int8: bool) -> onnx.ModelProto:
    """Build the network.

    Arguments:
        weights: the published tensors by name.
        int8: whether to keep them in eight bits (23 MB) instead of 32 (90 MB).

    Inputs are `input_ids` and `attention_mask`, `(batch, tokens) int64`; outputs are
    `embedding`, `(batch, 384) float32` of unit length, and `token_embeddings`,
    `(batch, tokens, 384) float32`, of which it is the mean.
    """
    graph = GraphBuilder(int8=int8)
    graph.node("Shape", ["input_ids"], "shape")
    graph.constant("one", np.float32(1.0))
    graph.constant("flat", np.array([-1, HIDDEN], dtype=np.int64))
    if int8:
        graph.int8_constants()
    x = graph.node("Reshape", [_embeddings(graph, weights), "flat"], "layer")
    mask = graph.node("Cast", ["attention_mask"], "mask", to=TensorProto.FLOAT)
    bias = _attention_bias(graph, mask)
    for layer in range(LAYERS):
        x = _encoder_layer(graph, weights, x, bias, layer)
    _pool(graph, graph.reshape(x, [HIDDEN], "token_embeddings"), mask)
    return _model(graph)


def _embeddings(graph: GraphBuilder, weights: Weights) -> str:
    # Every token of a single text is of type 0, so that its vector joins the positions'.
    positions = graph.constant(
        "positions",
        weights["embeddings.position_embeddings.weight"]
        + weights["embeddings.token_type_embeddings.weight"][0],
    )
    zero = graph.constant("zero", np.array([0], dtype=np.int64))
    length = graph.node("Shape", ["input_ids"], "length", start=1, end=2)
    word = graph.rows(weights["embeddings.word_embeddings.weight"], "input_ids", "word")
    position = graph.node("Slice", [positions, zero, length, zero], "position")
    total = graph.node("Add", [word, position], "embeddings.sum")
    return graph.layer_norm(total, weights, "embeddings.LayerNorm", "embeddings")


def _attention_bias(graph: GraphBuilder, mask: str) -> str:
    masked = graph.constant("masked", np.float32(MASKED))
    axes = graph.constant("head_and_query", np.array([1, 2], dtype=np.int64))
    padding = graph.node("Sub", ["one", mask], "padding")
    scaled = graph.node("Mul", [padding, masked], "padding.bias")
    return graph.node("Unsqueeze", [scaled, axes], "attention.bias")


def _encoder_layer(graph: GraphBuilder, weights: Weights, x: str, bias: str, layer: int) -> str:
    source, at = f"encoder.layer.{layer}", f"layer{layer}"
    context = _attention(graph, weights, x, bias, layer)
    output = _dense(graph, weights, context, f"{source}.attention.output.dense", f"{at}.attention")
    residual = graph.node("Add", [output, x], f"{at}.attention.residual")
    attended = graph.layer_norm(
        residual, weights, f"{source}.attention.output.LayerNorm", f"{at}.attended"
    )
    calm, weight = graph.calmed(attended, weights[f"{source}.intermediate.dense.weight"], attended)
    inner = graph.linear(calm, weight, weights[f"{source}.intermediate.dense.bias"], f"{at}.inner")
    active = graph.node("Gelu", [inner], f"{at}.active")
    outer = _dense(graph, weights, active, f"{source}.output.dense", f"{at}.outer")
    total = graph.node("Add", [outer, attended], f"{at}.residual")
    return graph.layer_norm(total, weights, f"{source}.output.LayerNorm", at)


def _attention(graph: GraphBuilder, weights: Weights, x: str, bias: str, layer: int) -> str:
    """Multi-head self-attention, with the three projections as one matrix product."""
    source, at = f"encoder.layer.{layer}.attention.self", f"layer{layer}.self"
    projections = [weights[f"{source}.{part}.weight"] for part in ("query", "key", "value")]
    biases = [weights[f"{source}.{part}.bias"] for part in ("query", "key", "value")]
    scale = np.float32((HIDDEN // HEADS) ** -0.5)
    projections[0], biases[0] = projections[0] * scale, biases[0] * scale
    calm, weight = graph.calmed(x, np.concatenate(projections), at)
    joined = graph.linear(calm, weight, np.concatenate(biases), f"{at}.joined")
    split = graph.reshape(joined, [3, HEADS, HIDDEN // HEADS], f"{at}.split")
    # (batch, tokens, part, head, width) to (part, batch, head, tokens, width)
    parts = graph.node("Transpose", [split], f"{at}.parts", perm=[2, 0, 3, 1, 4])
    query, key, value = (
        graph.node(
            "Gather",
            [parts, graph.constant(f"{at}.{part}.index", np.array(index, dtype=np.int64))],
            f"{at}.{part}",
            axis=0,
        )
        for index, part in enumerate(("query", "key", "value"))
    )
    keys = graph.node("Transpose", [key], f"{at}.keys", perm=[0, 1, 3, 2])
    scores = graph.node("MatMul", [query, keys], f"{at}.scores")
    biased = graph.node("Add", [scores, bias], f"{at}.biased")
    shares = graph.node("Softmax", [biased], f"{at}.shares", axis=-1)
    heads = graph.node("MatMul", [shares, value], f"{at}.values")
    joint = graph.node("Transpose", [heads], f"{at}.merged", perm=[0, 2, 1, 3])
    return graph.node("Reshape", [joint, "flat"], f"{at}.context")


def _dense(graph: GraphBuilder, weights: Weights, x: str, source: str, at: str) -> str:
    return graph.linear(x, weights[f"{source}.weight"], weights[f"{source}.bias"], at)


def _pool(graph: GraphBuilder, x: str, mask: str) -> None:
    """Average the vectors of the real tokens, then bring the result to unit length."""
    tokens = graph.constant("tokens", np.array([1], dtype=np.int64))
    width = graph.constant("width", np.array([2], dtype=np.int64))
    weight = graph.node("Unsqueeze", [mask, width], "pool.weight")
    kept = graph.node("Mul", [x, weight], "pool.kept")
    total = graph.node("ReduceSum", [kept, tokens], "pool.total", keepdims=0)
    count = graph.node("ReduceSum", [mask, tokens], "pool.count", keepdims=1)
    mean = graph.node("Div", [total, count], "pool.mean")
    graph.node("LpNormalization", [mean], "embedding", axis=1, p=2)


def _model(graph: GraphBuilder) -> onnx.ModelProto:
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
        for name in ("input_ids", "attention_mask")
    ]
    outputs = [
        helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", HIDDEN]),
        helper.make_tensor_value_info(
            "token_embeddings", TensorProto.FLOAT, ["batch", "tokens", HIDDEN]
        ),
    ]
    model = helper.make_model(
        helper.make_graph(graph.nodes, "minilm", inputs, outputs, graph.constants),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)],
        ir_version=IR_VERSION,
        producer_name="fingerpost-retrieval",
    )
    onnx.checker.check_model(model)
    return model

"""Writes the encoder as an ONNX file, from the weights that Sada converted, as an export of the same model would be."""

import json

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from safetensors.numpy import load_file


class Graph:
    """A graph that grows node by node; each method returns the name of what it computes."""

    def __init__(self, weights, config, fused):
        self.weights, self.config, self.fused = weights, config, fused
        self.nodes, self.constants, self.count = [], {}, 0

    def node(self, kind, *inputs, **attributes):
        self.count += 1
        name = f"{kind}_{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=f"node_{name}", **attributes))
        return name

    def constant(self, name, value):
        self.constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def numbers(self, *values):
        name = "numbers_" + "_".join(str(value) for value in values).replace("-", "m")
        return self.constant(name, np.array(values, dtype=np.int64))

    def scalar(self, name, value):
        return self.constant(name, np.array(value, dtype=np.float32))

    def linear(self, value, name):
        weight = self.constant(f"{name}.weight.t", self.weights[f"{name}.weight"].T)
        bias = self.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.node("Add", self.node("MatMul", value, weight), bias)

    def norm(self, value, name):
        scale = self.constant(f"{name}.weight", self.weights[f"{name}.weight"])
        shift = self.constant(f"{name}.bias", self.weights[f"{name}.bias"])
        return self.node("LayerNormalization", value, scale, shift, axis=-1, epsilon=self.config["layer_norm_eps"])

    def heads(self, value, order):
        count = self.config["num_attention_heads"]
        width = self.config["hidden_size"] // count
        return self.node("Transpose", self.node("Reshape", value, self.numbers(0, 0, count, width)), perm=order)

    def look(self, value, mask, name):
        """Attention as exporters write it."""
        width = self.config["hidden_size"] // self.config["num_attention_heads"]
        query = self.heads(self.linear(value, f"{name}.self.query"), [0, 2, 1, 3])
        key = self.heads(self.linear(value, f"{name}.self.key"), [0, 2, 3, 1])
        values = self.heads(self.linear(value, f"{name}.self.value"), [0, 2, 1, 3])
        scores = self.node("Div", self.node("MatMul", query, key), self.scalar("root", width**0.5))
        weights = self.node("Softmax", self.node("Add", scores, mask), axis=-1)
        seen = self.node("Transpose", self.node("MatMul", weights, values), perm=[0, 2, 1, 3])
        return self.node("Reshape", seen, self.numbers(0, 0, self.config["hidden_size"]))

    def look_fused(self, value, mask, name):
        """Attention as ONNX Runtime's own node, which is what its optimiser for BERT makes of an export."""
        parts = [f"{name}.self.{part}" for part in ("query", "key", "value")]
        weight = np.concatenate([self.weights[f"{part}.weight"].T for part in parts], axis=1)
        bias = np.concatenate([self.weights[f"{part}.bias"] for part in parts])
        inputs = [value, self.constant(f"{name}.weight", weight), self.constant(f"{name}.bias", bias), mask]
        heads = self.config["num_attention_heads"]
        return self.node("Attention", *inputs, domain="com.microsoft", num_heads=heads)

    def attention(self, value, mask, name):
        seen = self.look_fused(value, mask, name) if self.fused else self.look(value, mask, name)
        return self.add_and_norm(self.linear(seen, f"{name}.output.dense"), value, f"{name}.output.LayerNorm")

    def mask(self):
        """What attention wants to know of the padding."""
        if self.fused:
            return self.node("Cast", "mask", to=TensorProto.INT32)
        open_mask = self.node("Cast", self.node("Unsqueeze", "mask", self.numbers(1, 2)), to=TensorProto.FLOAT)
        closed = self.node("Sub", self.scalar("one", 1.0), open_mask)
        return self.node("Mul", closed, self.scalar("lowest", float(np.finfo(np.float32).min)))

    def add_and_norm(self, value, other, name):
        return self.norm(self.node("Add", value, other), name)

    def gelu(self, value):
        erf = self.node("Erf", self.node("Div", value, self.scalar("sqrt2", 2**0.5)))
        both = self.node("Mul", value, self.node("Add", erf, self.scalar("one", 1.0)))
        return self.node("Mul", both, self.scalar("half", 0.5))

    def layer(self, value, mask, name):
        attended = self.attention(value, mask, f"{name}.attention")
        inner = self.gelu(self.linear(attended, f"{name}.intermediate.dense"))
        output = self.linear(inner, f"{name}.output.dense")
        return self.add_and_norm(output, attended, f"{name}.output.LayerNorm")

    def embed(self, ids):
        word = self.constant("words", self.weights["embeddings.word_embeddings.weight"])
        kinds = self.weights["embeddings.token_type_embeddings.weight"]
        kinds = self.weights["embeddings.token_type_embeddings.weight"]
        place = self.weights["embeddings.position_embeddings.weight"] + kinds[:1]
        places = self.node("Gather", self.constant("place", place), "places", axis=0)
        return self.norm(self.node("Add", self.node("Gather", word, ids, axis=0), places), "embeddings.LayerNorm")

    def mean(self, value, mask):
        weights = self.node("Unsqueeze", self.node("Cast", mask, to=TensorProto.FLOAT), self.numbers(-1))
        total = self.node("ReduceSum", self.node("Mul", value, weights), self.numbers(1), keepdims=0)
        pooled = self.node("Div", total, self.node("ReduceSum", weights, self.numbers(1), keepdims=0))
        return self.node("LpNormalization", pooled, axis=-1, p=2)


def build(config, weights, fused):
    """The whole encoder: ids and mask (batch × length) in, vectors of length 1 (batch × hidden) out."""
    graph = Graph(weights, config, fused)
    mask, value = graph.mask(), graph.embed("ids")
    for layer in range(config["num_hidden_layers"]):
        value = graph.layer(value, mask, f"encoder.layer.{layer}")
    vectors = graph.mean(value, "mask")
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in ("ids", "mask")]
    inputs.append(helper.make_tensor_value_info("places", TensorProto.INT64, ["length"]))
    outputs = [helper.make_tensor_value_info(vectors, TensorProto.FLOAT, ["batch", config["hidden_size"]])]
    made = helper.make_graph(graph.nodes, "encoder", inputs, outputs, list(graph.constants.values()))
    versions = [helper.make_opsetid("", 17), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(made, opset_imports=versions, ir_version=8)


def write(folder, target):
    """Writes f32.onnx, f32-fused.onnx, int8.onnx and int8-fused.onnx; int8 is dynamic, with a scale a channel."""
    config = json.loads((folder / "config.json").read_text())
    weights = {name: value.astype(np.float32) for name, value in load_file(folder / "model.safetensors").items()}
    onnx.save(build(config, weights, fused=False), target / "f32.onnx")
    onnx.save(build(config, weights, fused=True), target / "plain.onnx")
    heads, hidden = config["num_attention_heads"], config["hidden_size"]
    plain = str(target / "plain.onnx")
    fused = optimizer.optimize_model(plain, "bert", num_heads=heads, hidden_size=hidden, opt_level=1)
    fused.save_model_to_file(str(target / "f32-fused.onnx"))
    options = {"MatMulConstBOnly": True, "DefaultTensorType": TensorProto.FLOAT}
    for kind in ("", "-fused"):
        names = [str(target / f"{precision}{kind}.onnx") for precision in ("f32", "int8")]
        quantize_dynamic(*names, per_channel=True, weight_type=QuantType.QInt8, extra_options=options)

"""The encoder in PyTorch: its frozen layers, and copies of its last ones that learn."""

import hashlib
import json
import time

import numpy as np
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as F

from examples import FEELINGS, LEVELS, TRIGGERS

TUNED = 4
# How many of the encoder's own last layers a head reads besides.
READ = 3
LONGEST = 160
# Share of the tokens that are hidden from the layers that learn, so that they don't learn words by heart.
HIDDEN_TOKENS = 0.1


class Layer(nn.Module):
    """One post-layer-norm transformer layer of BERT."""

    def __init__(self, weights, at, heads, epsilon, dropout):
        super().__init__()
        def linear(name):
            weight, bias = weights[f"{at}{name}.weight"], weights[f"{at}{name}.bias"]
            made = nn.Linear(weight.shape[1], weight.shape[0])
            made.weight.data, made.bias.data = weight.float().clone(), bias.float().clone()
            return made
        def norm(name):
            made = nn.LayerNorm(weights[f"{at}{name}.weight"].shape[0], eps=epsilon)
            made.weight.data = weights[f"{at}{name}.weight"].float().clone()
            made.bias.data = weights[f"{at}{name}.bias"].float().clone()
            return made
        self.heads, self.dropout = heads, nn.Dropout(dropout)
        self.query, self.key, self.value = (linear(f"attention.self.{name}") for name in ("query", "key", "value"))
        self.mixed, self.mixed_norm = linear("attention.output.dense"), norm("attention.output.LayerNorm")
        self.wide, self.narrow = linear("intermediate.dense"), linear("output.dense")
        self.norm = norm("output.LayerNorm")

    def forward(self, hidden, mask):
        batch, length, width = hidden.shape
        def split(values):
            return values.view(batch, length, self.heads, -1).transpose(1, 2)
        context = F.scaled_dot_product_attention(
            split(self.query(hidden)), split(self.key(hidden)), split(self.value(hidden)), attn_mask=mask)
        context = context.transpose(1, 2).reshape(batch, length, width)
        hidden = self.mixed_norm(hidden + self.dropout(self.mixed(context)))
        return self.norm(hidden + self.dropout(self.narrow(F.gelu(self.wide(hidden)))))

    def named(self, at):
        """The weights by the names that the hub's layout has for them."""
        names = {"query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
                 "mixed": "attention.output.dense", "mixed_norm": "attention.output.LayerNorm",
                 "wide": "intermediate.dense", "narrow": "output.dense", "norm": "output.LayerNorm"}
        for ours, theirs in names.items():
            module = getattr(self, ours)
            yield f"{at}{theirs}.weight", module.weight
            yield f"{at}{theirs}.bias", module.bias


class Encoder:
    """The frozen part: embeddings and the first layers."""

    def __init__(self, folder):
        self.weights = load_file(folder / "model.safetensors")
        self.config = json.loads((folder / "config.json").read_text())
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(LONGEST)
        self.count = self.config["num_hidden_layers"]
        self.kept = self.count - TUNED

    def layers(self, which, dropout):
        return nn.ModuleList([
            Layer(self.weights, f"encoder.layer.{n}.", self.config["num_attention_heads"],
                  self.config["layer_norm_eps"], dropout) for n in which])

    @torch.no_grad()
    def first_layers(self, ids, layers):
        mask = attention_mask([len(row) for row in ids])
        padded = torch.zeros(len(ids), max(map(len, ids)), dtype=torch.long)
        for row, values in enumerate(ids):
            padded[row, : len(values)] = torch.tensor(values)
        weights = self.weights
        hidden = weights["embeddings.word_embeddings.weight"][padded].float()
        hidden = hidden + weights["embeddings.position_embeddings.weight"][: padded.shape[1]].float()
        hidden = hidden + weights["embeddings.token_type_embeddings.weight"][0].float()
        hidden = F.layer_norm(hidden, hidden.shape[-1:], weights["embeddings.LayerNorm.weight"].float(),
                              weights["embeddings.LayerNorm.bias"].float(), self.config["layer_norm_eps"])
        for layer in layers:
            hidden = layer(hidden, mask)
        return hidden


def attention_mask(lengths):
    mask = torch.zeros(len(lengths), 1, 1, max(lengths), dtype=torch.bool)
    for row, length in enumerate(lengths):
        mask[row, 0, 0, :length] = True
    return mask


def mean_over(hidden, mask):
    """The mean of the tokens that the mask shows."""
    rows = mask[:, 0, 0, :, None].float()
    return (hidden.float() * rows).sum(1) / rows.sum(1)


def by_length(lengths, order, size):
    """Batches of similar length over an order, the batches themselves in that order's spirit."""
    batches = []
    for start in range(0, len(order), size * 32):
        part = sorted(order[start : start + size * 32], key=lambda index: lengths[index])
        batches += [part[at : at + size] for at in range(0, len(part), size)]
    return batches


class States:
    """What the frozen part gives for each text, computed once for each group of texts and kept in files."""

    def __init__(self, encoder, groups, cache):
        self.lengths, self.rows, self.means = [], [], []
        for texts in groups:
            encodings = encoder.tokenizer.encode_batch(["query: " + text for text in texts])
            self.add(encoder, [encoding.ids for encoding in encodings], cache)

    def add(self, encoder, ids, cache):
        digest = hashlib.sha256(json.dumps([ids, encoder.kept]).encode()).hexdigest()[:16]
        path, means = cache / f"states-{digest}.f16", cache / f"means-{digest}.npy"
        lengths = [len(row) for row in ids]
        starts = np.cumsum([0, *lengths])
        shape = (int(starts[-1]), encoder.config["hidden_size"])
        if not path.exists():
            compute(encoder, ids, starts, path, shape)
        values = np.memmap(path, dtype=np.float16, mode="r", shape=shape)
        rows = [values[start:end] for start, end in zip(starts, starts[1:])]
        if not means.exists():
            np.save(means, last_means(encoder, lengths, rows))
        self.rows += rows
        self.lengths += lengths
        self.means.append(np.load(means))

    def batch(self, indexes):
        return padded_batch(self.lengths, self.rows, indexes)


def padded_batch(lengths, rows, indexes):
    chosen = [lengths[index] for index in indexes]
    hidden = torch.zeros(len(indexes), max(chosen), rows[0].shape[1])
    for row, index in enumerate(indexes):
        hidden[row, : chosen[row]] = torch.from_numpy(rows[index].astype(np.float32))
    return hidden, attention_mask(chosen)


def compute(encoder, ids, starts, path, shape):
    """Runs the frozen layers over all texts; a broken run leaves nothing under the final name."""
    layers = encoder.layers(range(encoder.kept), 0.0).eval()
    started, partial = time.time(), path.with_suffix(".partial")
    values = np.memmap(partial, dtype=np.float16, mode="w+", shape=shape)
    lengths = [len(row) for row in ids]
    batches = by_length(lengths, sorted(range(len(ids)), key=lambda n: lengths[n]), 64)
    for number, batch in enumerate(batches):
        hidden = encoder.first_layers([ids[index] for index in batch], layers)
        for row, index in enumerate(batch):
            values[starts[index] : starts[index + 1]] = hidden[row, : lengths[index]].numpy()
        if number % 50 == 0:
            print(f"states {number}/{len(batches)} {time.time() - started:.0f} s", flush=True)
    values.flush()
    partial.rename(path)


@torch.no_grad()
def last_means(encoder, lengths, rows):
    """The means over the tokens of the encoder's own last layers, side by side: what `layers` heads read."""
    layers = encoder.layers(range(encoder.kept, encoder.count), 0.0).eval()
    means = np.zeros((len(rows), READ * encoder.config["hidden_size"]), dtype=np.float32)
    for batch in by_length(lengths, sorted(range(len(rows)), key=lambda n: lengths[n]), 64):
        hidden, mask = padded_batch(lengths, rows, batch)
        found = []
        for layer in layers:
            with torch.autocast("cpu", torch.bfloat16):
                hidden = layer(hidden, mask)
            found.append(mean_over(hidden, mask))
        means[batch] = torch.cat(found[-READ:], 1).numpy()
    return means


class Tuned(nn.Module):
    """The copies of the last layers, and every head on their mean."""

    def __init__(self, encoder, dropout):
        super().__init__()
        width = encoder.config["hidden_size"]
        self.layers = encoder.layers(range(encoder.kept, encoder.count), dropout)
        self.dropout = nn.Dropout(dropout)
        sizes = {"sentiment": len(FEELINGS), "other_sentiment": 3, "impact": len(LEVELS), "urgency": len(LEVELS),
                 "triggers": len(TRIGGERS), "first": 1}
        self.heads = nn.ModuleDict({name: nn.Linear(width, size) for name, size in sizes.items()})
        for head in self.heads.values():
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def forward(self, hidden, mask):
        if self.training:
            mask = mask & (torch.rand(mask.shape) > HIDDEN_TOKENS)
            mask[:, :, :, 0] = True
        with torch.autocast("cpu", torch.bfloat16):
            for layer in self.layers:
                hidden = layer(hidden, mask)
        mean = self.dropout(mean_over(hidden, mask))
        return {name: head(mean) for name, head in self.heads.items()}


@torch.no_grad()
def predict(model, states, indexes):
    """The scores of every head for each of these texts."""
    model.eval()
    outputs = {}
    for batch in by_length(states.lengths, sorted(indexes, key=lambda n: states.lengths[n]), 64):
        scores = model(*states.batch(batch))
        for row, index in enumerate(batch):
            outputs[index] = {name: values[row].float().numpy() for name, values in scores.items()}
    return outputs

"""Linear probes on the encoder's untouched layers, fused with the tuned heads into one head each.

A probe errs elsewhere than a tuned head does, and less on texts of a new kind; their scores add up.
What comes out is one linear layer over the tuned mean and the untouched layers' means side by side.
"""

import json
import math

import numpy as np
import torch
from safetensors.torch import save_file
from sklearn.linear_model import LogisticRegression
from torch.nn import functional as F

from examples import FEELINGS, LEVELS, SHARES, TRIGGERS
from measure import measure

LABELS = {"sentiment": FEELINGS, "impact": LEVELS, "urgency": LEVELS, "triggers": TRIGGERS}
# Sources that a probe learns from; more of them made it worse on development rows.
SOURCES = {"sentiment": {"messages", "umsab"}, "impact": {"messages"}, "urgency": {"messages"},
           "triggers": {"messages", "banking77", "clinc150"}}
# How much a probe's scores count beside the tuned head's. Own development messages want 0.25 to 0.5 for impact and
# urgency and 0.75 to 1 for triggers; for sentiment they hardly care, and the dev splits of seven sets that nothing
# here learned from want 0.5 to 0.75.
WEIGHTS = {"sentiment": 0.5, "impact": 0.5, "urgency": 0.5, "triggers": 1.0}
# The best of 0.0003, 0.001 and 0.003 on development rows, for every head.
INVERSE_PENALTY = 3e-3
TEMPERATURES = [0.4 + 0.05 * step for step in range(60)]


class Probe:
    """A logistic regression on standardised features, told in terms of the raw ones."""

    def __init__(self, features, targets, counts, each):
        mean, spread = features.mean(0), features.std(0) + 1e-6
        scaled = (features - mean) / spread
        if each is None:
            fitted = [self.fit(scaled, targets, counts)]
        else:
            fitted = [self.fit(scaled, column, counts * np.where(column == 1, math.exp(each), 1.0))
                      for column in targets.T]
        scaled_weight = np.concatenate([it.coef_ for it in fitted])
        self.weight = scaled_weight / spread
        self.bias = np.concatenate([it.intercept_ for it in fitted]) - self.weight @ mean

    @staticmethod
    def fit(features, targets, counts):
        return LogisticRegression(C=INVERSE_PENALTY, max_iter=1000).fit(features, targets, sample_weight=counts)

    def scores(self, features):
        return features @ self.weight.T + self.bias


def cost(name, examples, rows, scores):
    """Mean cross entropy of scores on the project's own development rows."""
    targets = torch.tensor([examples[index][name] for index in rows])
    if name == "triggers":
        return F.binary_cross_entropy_with_logits(scores, targets.double()).item()
    return F.cross_entropy(scores, targets).item()


def fuse_one(name, examples, features, outputs, present, tuned):
    """One head over both kinds of features, and its scores of the development rows."""
    learn = [n for n, example in enumerate(examples)
             if name in example and not example["dev"] and example["source"] in SOURCES[name]]
    targets = np.array([examples[index][name] for index in learn])
    counts = np.array([SHARES[examples[index]["source"]] for index in learn])
    weight, each = WEIGHTS[name], present if name == "triggers" else None
    shift = (each or 0.0) * (1.0 + weight)
    probe = Probe(features[learn], targets, counts, each)
    rows = list(outputs)
    scores = torch.tensor(np.stack([outputs[index][name] for index in rows]) + weight * probe.scores(features[rows]))
    own = [n for n, index in enumerate(rows) if name in examples[index] and examples[index]["source"] == "messages"]
    own_rows = [rows[n] for n in own]
    heat = min(TEMPERATURES, key=lambda heat: cost(name, examples, own_rows, (scores[own] - shift) / heat))
    return {
        "weight": torch.cat([tuned.weight.detach(), torch.tensor(weight * probe.weight).float()], 1) / heat,
        "bias": (tuned.bias.detach() + torch.tensor(weight * probe.bias).float() - shift) / heat,
        "temperature": heat,
        "said": dict(zip(rows, ((scores - shift) / heat).numpy())),
    }


def fuse(model, examples, states, outputs, present):
    """Every head over both kinds of features."""
    features = np.concatenate(states.means)
    return {name: fuse_one(name, examples, features, outputs, present, model.heads[name]) for name in LABELS}


def write(out, model, encoder, examples, heads, files, digest, seed):
    """The tuned layers in half precision, and each head with its card."""
    out.mkdir(parents=True, exist_ok=True)
    layers = {}
    for number, layer in enumerate(model.layers):
        for name, value in layer.named(f"encoder.layer.{encoder.kept + number}."):
            layers[name] = value.detach().to(torch.float16).contiguous()
    save_file(layers, out / "tuned.safetensors")
    said = {index: {name: it["said"][index] for name, it in heads.items()} for index in heads["sentiment"]["said"]}
    numbers = measure(examples, said)
    print(json.dumps(numbers), flush=True)
    for name, it in heads.items():
        save_file({key: it[key].contiguous() for key in ("weight", "bias")}, out / f"{name}.safetensors")
        card = {
            "name": name, "kind": "each" if name == "triggers" else "choice", "labels": LABELS[name], "reads": "both",
            "inputs": it["weight"].shape[1], "model_name": "multilingual-e5-small", "model_digest": digest,
            "seed": seed, "inverse_penalty": INVERSE_PENALTY, "temperature": [it["temperature"]],
            "training": files,
            "development": {key: value for key, value in numbers.items() if key.startswith(name.rstrip("s"))},
        }
        (out / f"{name}.json").write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return numbers

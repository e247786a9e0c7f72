"""Development numbers: by head, source and slice."""

from collections import defaultdict

import numpy as np

from examples import GRAVE, LEVELS, TRIGGERS

# Slices with fewer texts say too little.
LEAST = 60


def macro_f1(truth, said, labels):
    scores = []
    for label in range(labels):
        hits = sum(t == s == label for t, s in zip(truth, said))
        wrong = sum(s == label != t for t, s in zip(truth, said))
        missed = sum(t == label != s for t, s in zip(truth, said))
        if hits + missed:
            scores.append(2 * hits / (2 * hits + wrong + missed))
    return 100 * sum(scores) / max(len(scores), 1)


def average_precision(truth, scores):
    order = np.argsort(-np.asarray(scores), kind="stable")
    hits = np.asarray(truth)[order]
    if hits.sum() == 0:
        return float("nan")
    return float(100 * (np.cumsum(hits) / (1 + np.arange(len(hits))) * hits).sum() / hits.sum())


def feelings(examples, outputs):
    slices = defaultdict(list)
    for index in outputs:
        example = examples[index]
        if "sentiment" in example:
            slices[f"{example['source']} {example['slice']}"].append(index)
            slices[example["source"]].append(index)
    for name, rows in sorted(slices.items()):
        labels = 4 if name.startswith("messages") else 3
        truth = [examples[index]["sentiment"] for index in rows]
        said = [int(outputs[index]["sentiment"][:labels].argmax()) for index in rows]
        right = sum(t == s for t, s in zip(truth, said))
        yield f"sentiment {name}", {"texts": len(rows), "accuracy": round(100 * right / len(rows), 1),
                                    "macro_f1": round(macro_f1(truth, said, labels), 1)}


def measure(examples, outputs):
    """Head and slice → texts and scores in percent."""
    return dict(feelings(examples, outputs)) | troubles(examples, outputs)


def troubles(examples, outputs):
    """The heads that tell how bad and how pressing it is, on our own messages, as a whole and by dialect or language."""
    own = [index for index in outputs if "triggers" in examples[index] and examples[index]["source"] == "messages"]
    found = levels("", own, examples, outputs) | kinds(own, examples, outputs) | firsts("", own, examples, outputs)
    for name in sorted({examples[index]["slice"] for index in own}):
        rows = [index for index in own if examples[index]["slice"] == name]
        if len(rows) >= LEAST:
            found |= levels(f" {name}", rows, examples, outputs) | firsts(f" {name}", rows, examples, outputs)
            truth = [value for index in rows for value in examples[index]["triggers"]]
            scores = [value for index in rows for value in outputs[index]["triggers"]]
            found[f"trigger, any, {name}"] = precision_line(truth, scores)
    return found


def levels(name, rows, examples, outputs):
    found = {}
    for head in ("impact", "urgency"):
        truth = [examples[index][head] for index in rows]
        said = [int(outputs[index][head].argmax()) for index in rows]
        found[head + name] = {"texts": len(rows), "macro_f1": round(macro_f1(truth, said, len(LEVELS)), 1)}
    return found


def kinds(rows, examples, outputs):
    found = {}
    for kind, trigger in enumerate(TRIGGERS):
        truth = [examples[index]["triggers"][kind] for index in rows]
        found[f"trigger {trigger}"] = precision_line(truth, [outputs[index]["triggers"][kind] for index in rows])
    return found


def firsts(name, rows, examples, outputs):
    truth = [examples[index]["first"][0] for index in rows]
    return {f"first{name}": precision_line(truth, [outputs[index]["first"][0] for index in rows]),
            f"first, from its reasons{name}": precision_line(truth, [reasons(outputs[index]) for index in rows])}


def precision_line(truth, scores):
    return {"texts": int(sum(truth)), "average_precision": round(average_precision(truth, scores), 1)}


def reasons(scores):
    """The most probable of what makes a message P1."""
    def high(levels):
        grown = np.exp(levels - levels.max())
        return grown[-1] / grown.sum()
    grave = [scores["triggers"][kind] for kind, trigger in enumerate(TRIGGERS) if trigger in GRAVE]
    return max(high(scores["impact"]) * high(scores["urgency"]), 1 / (1 + np.exp(-max(grave))))


def table(numbers):
    """The numbers as a Markdown table."""
    lines = ["| head and slice | texts | accuracy | macro-F1 | average precision |", "|---|---|---|---|---|"]
    for name, it in numbers.items():
        cells = [str(it.get(key, "")) for key in ("texts", "accuracy", "macro_f1", "average_precision")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"

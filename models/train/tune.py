"""Fine-tunes copies of the encoder's last layers for the heads, and writes both.

The encoder itself stays as it is, so that vectors for search, themes and duplicates do not change:
its first layers run once, then its own last layers give the vector and the tuned copies give what the heads read.

    python models/train/tune.py --data FOLDER --model FOLDER --out models/heads

FOLDER of --data holds `sentiment/umsab.train.jsonl` and so on, --model an encoder in the hub's layout.
Texts are masked by `sada mask` first, as in production. What the encoder's first layers give is computed once
and kept in --cache. A fixed seed starts every random choice. Settings were chosen on development rows only:
UMSAB's dev split, and every seventh situation of the project's own messages.
"""

import argparse
import copy
import hashlib
import json
import math
import random
import subprocess
import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional as F

SEED = 20240607
TUNED = 4
LONGEST = 160
FEELINGS = ["negative", "neutral", "positive", "mixed"]
LEVELS = ["low", "medium", "high"]
# How much more a present circumstance counts than an absent one; taken back when the head is written.
PRESENT = 3.0
TRIGGERS = ["safety", "self_harm", "fraud", "privacy", "legal", "vulnerable", "churn", "repeat_contact"]
OWN = ["urgency", "urgency_more", "messages", "sentiment", "messages_more", "messages_hard", "messages_border",
       "messages_daily"]
LICENCES = {
    "umsab": "Apache-2.0 (repository); tweets under the platform's terms",
    "arsarcasm_v2": "MIT",
    "semeval16_hotels": "MIT",
    "ajgt": "AFL-3.0",
}


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def file_line(path, name, rows, weight):
    """How a head's card names a file that it learned from."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    licence = LICENCES.get(path.name.split(".")[0], "Apache-2.0 (this project)")
    return {"file": name, "sha256": digest, "licence": licence, "rows": rows, "weight": weight}


def held_out(situation):
    """Whether a situation, with all its messages, is for development."""
    return int(hashlib.sha256(situation.encode()).hexdigest(), 16) % 7 == 0


def feeling_of(row):
    """The feeling of one of the project's own messages, where its label, kind or tone tells it."""
    if row.get("sentiment"):
        return row["sentiment"]
    if row.get("label") in FEELINGS:
        return row["label"]
    kind, tone = row.get("situation", "").split("-")[0], row.get("tone", "")
    if kind in ("praise", "thanks"):
        return "positive"
    if kind in ("q", "sugg") and tone == "calm":
        return "neutral"
    if kind != "hn" and tone in ("furious", "upset"):
        return "negative"
    return None


def own_example(row):
    example = {"text": row["text"], "source": "messages", "slice": row.get("dialect") or row["lang"]}
    feeling = feeling_of(row)
    if feeling:
        example["sentiment"] = FEELINGS.index(feeling)
    if row.get("impact"):
        example["impact"] = LEVELS.index(row["impact"])
        example["urgency"] = LEVELS.index(row["urgency"])
        example["triggers"] = [float(trigger in row["triggers"]) for trigger in TRIGGERS]
    example["dev"] = held_out(row.get("situation") or row["text"])
    return example


def public_example(row, source, dev):
    example = {"text": row["text"], "source": source, "slice": row["lang"], "dev": dev}
    key = "other_sentiment" if source == "arsarcasm_v2" else "sentiment"
    example[key] = FEELINGS.index(row["label"])
    return example


def gather(data, root):
    """All examples, and the lines of the cards."""
    examples, files = [], []
    for source, split in [("umsab", "train"), ("umsab", "dev"), ("semeval16_hotels", "train"), ("ajgt", "train"),
                          ("arsarcasm_v2", "train")]:
        name = f"sentiment/{source}.{split}.jsonl"
        rows = [public_example(row, source, split == "dev") for row in read(data / name)]
        examples += rows
        if split == "train":
            files.append(file_line(data / name, name, len(rows), SHARES[source]))
    for part in OWN:
        path = root / "models/training" / f"{part}.jsonl"
        rows = [own_example(row) for row in read(path)]
        examples += rows
        files.append(file_line(path, f"models/training/{part}.jsonl", len(rows), SHARES["messages"]))
    return examples, files


# How often an example of a source is seen in one epoch.
SHARES = {"umsab": 1.0, "semeval16_hotels": 0.4, "ajgt": 0.6, "arsarcasm_v2": 0.25, "messages": 2.0}

# The same for a second, shorter round that starts from an earlier one's weights.
LATER_SHARES = {"umsab": 0.5, "semeval16_hotels": 0.1, "ajgt": 0.2, "arsarcasm_v2": 0.0, "messages": 2.0}


def masked(texts, program):
    """What the model sees of texts in production."""
    lines = "".join(json.dumps({"id": str(n), "text": text[:1500]}) + "\n" for n, text in enumerate(texts))
    out = subprocess.run([program, "mask"], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    found = [json.loads(line) for line in out.decode().splitlines()]
    assert len(found) == len(texts) and all("masked" in line for line in found), "sada mask refused a text"
    return [line["masked"] for line in found]


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
        self.kept = self.config["num_hidden_layers"] - TUNED

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
        self.lengths, self.rows = [], []
        for texts in groups:
            encodings = encoder.tokenizer.encode_batch(["query: " + text for text in texts])
            self.add(encoder, [encoding.ids for encoding in encodings], cache)

    def add(self, encoder, ids, cache):
        digest = hashlib.sha256(json.dumps([ids, encoder.kept]).encode()).hexdigest()[:16]
        path = cache / f"states-{digest}.f16"
        lengths = [len(row) for row in ids]
        starts = np.cumsum([0, *lengths])
        shape = (int(starts[-1]), encoder.config["hidden_size"])
        if not path.exists():
            compute(encoder, ids, starts, path, shape)
        values = np.memmap(path, dtype=np.float16, mode="r", shape=shape)
        self.rows += [values[start:end] for start, end in zip(starts, starts[1:])]
        self.lengths += lengths

    def batch(self, indexes):
        lengths = [self.lengths[index] for index in indexes]
        hidden = torch.zeros(len(indexes), max(lengths), self.rows[0].shape[1])
        for row, index in enumerate(indexes):
            hidden[row, : lengths[row]] = torch.from_numpy(self.rows[index].astype(np.float32))
        return hidden, attention_mask(lengths), torch.tensor(lengths, dtype=torch.float32)


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


class Tuned(nn.Module):
    """The copies of the last layers, and every head on their mean."""

    def __init__(self, encoder, dropout):
        super().__init__()
        kept, count = encoder.kept, encoder.config["num_hidden_layers"]
        width = encoder.config["hidden_size"]
        self.layers = encoder.layers(range(kept, count), dropout)
        self.dropout = nn.Dropout(dropout)
        sizes = {"sentiment": len(FEELINGS), "other_sentiment": 3, "impact": 3, "urgency": 3,
                 "triggers": len(TRIGGERS)}
        self.heads = nn.ModuleDict({name: nn.Linear(width, size) for name, size in sizes.items()})
        for head in self.heads.values():
            nn.init.zeros_(head.weight)
            nn.init.zeros_(head.bias)

    def read(self, folder, kept):
        """Takes the weights of an earlier run."""
        weights = load_file(folder / "tuned.safetensors")
        for number, layer in enumerate(self.layers):
            for name, value in layer.named(f"encoder.layer.{kept + number}."):
                value.data = weights[name].float()
        for name, head in self.heads.items():
            path = folder / f"{name}.safetensors"
            if path.exists():
                cooled = json.loads((folder / f"{name}.json").read_text())["temperature"][0]
                stored = load_file(path)
                head.weight.data, head.bias.data = stored["weight"] * cooled, stored["bias"] * cooled
        self.heads["triggers"].bias.data += math.log(PRESENT)

    def forward(self, hidden, mask, lengths):
        with torch.autocast("cpu", torch.bfloat16):
            for layer in self.layers:
                hidden = layer(hidden, mask)
        rows = mask[:, 0, 0, :, None].float()
        mean = (hidden.float() * rows).sum(1) / lengths[:, None]
        mean = self.dropout(mean)
        return {name: head(mean) for name, head in self.heads.items()}


def feeling_loss(scores, examples, smoothing):
    """Cross entropy; public sets have no mixed class, so that score is left out of theirs."""
    own = torch.tensor([example["source"] == "messages" for example in examples])
    scores = scores.clone()
    scores[~own, 3] = -30.0
    targets = torch.tensor([example["sentiment"] for example in examples])
    spread = torch.full_like(scores, smoothing / 3)
    spread[~own, 3] = 0.0
    spread[torch.arange(len(examples)), targets] = 1.0 - smoothing
    return -(spread * F.log_softmax(scores, -1)).sum(-1).mean()


def loss_of(outputs, examples, smoothing):
    total = 0.0
    for name, weight in [("sentiment", 1.0), ("other_sentiment", 0.5), ("impact", 0.6), ("urgency", 0.6),
                         ("triggers", 1.0)]:
        rows = [row for row, example in enumerate(examples) if name in example]
        if not rows:
            continue
        scores, chosen = outputs[name][rows], [examples[row] for row in rows]
        share = weight * len(rows) / len(examples)
        if name == "sentiment":
            total = total + share * feeling_loss(scores, chosen, smoothing)
        elif name == "triggers":
            targets = torch.tensor([example["triggers"] for example in chosen])
            losses = F.binary_cross_entropy_with_logits(scores, targets, pos_weight=torch.tensor(PRESENT))
            total = total + share * losses * len(TRIGGERS)
        else:
            targets = torch.tensor([example[name] for example in chosen])
            total = total + share * F.cross_entropy(scores, targets, label_smoothing=smoothing)
    return total


def epoch_order(examples, train, shares, random_numbers):
    """Which examples an epoch sees: each as often as its source's share says, in random order."""
    order = []
    for index in train:
        share = shares[examples[index]["source"]]
        order += [index] * (int(share) + (random_numbers.random() < share % 1))
    random_numbers.shuffle(order)
    return order


@torch.no_grad()
def predict(model, states, indexes):
    model.eval()
    outputs = {}
    for batch in by_length(states.lengths, sorted(indexes, key=lambda n: states.lengths[n]), 64):
        scores = model(*states.batch(batch))
        for row, index in enumerate(batch):
            outputs[index] = {name: values[row].float().numpy() for name, values in scores.items()}
    return outputs


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


def measure(examples, outputs):
    """Development numbers by head and slice."""
    found = {}
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
        found[f"sentiment {name}"] = {"texts": len(rows), "accuracy": round(100 * right / len(rows), 1),
                                      "macro_f1": round(macro_f1(truth, said, labels), 1)}
    for name in ("impact", "urgency"):
        rows = [index for index in outputs if name in examples[index]]
        truth = [examples[index][name] for index in rows]
        said = [int(outputs[index][name].argmax()) for index in rows]
        found[name] = {"texts": len(rows), "macro_f1": round(macro_f1(truth, said, len(LEVELS)), 1)}
    rows = [index for index in outputs if "triggers" in examples[index]]
    for kind, trigger in enumerate(TRIGGERS):
        truth = [examples[index]["triggers"][kind] for index in rows]
        scores = [outputs[index]["triggers"][kind] for index in rows]
        found[f"trigger {trigger}"] = {"texts": int(sum(truth)),
                                       "average_precision": round(average_precision(truth, scores), 1)}
    return found


def temperature(examples, outputs, name, rows):
    """What scores are divided by so that held-out probabilities are right: least cross entropy."""
    scores = torch.tensor(np.stack([outputs[index][name] for index in rows]))
    def cost(value):
        if name == "triggers":
            targets = torch.tensor([examples[index][name] for index in rows])
            return F.binary_cross_entropy_with_logits((scores - math.log(PRESENT)) / value, targets).item()
        return F.cross_entropy(scores / value, torch.tensor([examples[index][name] for index in rows])).item()
    return min((0.4 + 0.05 * step for step in range(60)), key=cost)


def train(examples, dev, states, encoder, arguments):
    torch.manual_seed(SEED)
    random_numbers = random.Random(SEED)
    model = Tuned(encoder, arguments.dropout)
    if arguments.start:
        model.read(arguments.start, encoder.kept)
    shares = LATER_SHARES if arguments.start else SHARES
    chosen = [n for n, example in enumerate(examples) if not example["dev"]]
    groups = [{"params": model.layers.parameters(), "lr": arguments.rate, "weight_decay": 0.01},
              {"params": model.heads.parameters(), "lr": 10 * arguments.rate, "weight_decay": 0.01}]
    optimiser = torch.optim.AdamW(groups)
    mean, seen = copy.deepcopy(model), 0
    orders = [epoch_order(examples, chosen, shares, random_numbers) for _ in range(arguments.epochs)]
    steps = sum(math.ceil(len(order) / arguments.batch) for order in orders)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, step / (0.06 * steps)) * max(0.02, 1 - step / steps))
    started, step = time.time(), 0
    for epoch, order in enumerate(orders):
        batches = by_length(states.lengths, order, arguments.batch)
        random_numbers.shuffle(batches)
        model.train()
        running = 0.0
        for number, batch in enumerate(batches):
            loss = loss_of(model(*states.batch(batch)), [examples[index] for index in batch], arguments.smoothing)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step, running = step + 1, running + loss.item()
            if epoch >= arguments.epochs - 2 and number % 20 == 0:
                seen += 1
                for kept, new in zip(mean.parameters(), model.parameters()):
                    kept.data += (new.data - kept.data) / seen
            if number % 100 == 99:
                print(f"epoch {epoch} {number + 1}/{len(batches)} loss {running / 100:.3f} "
                      f"{time.time() - started:.0f} s", flush=True)
                running = 0.0
        print(json.dumps(measure(examples, predict(model, states, dev))), flush=True)
    return mean


def average(encoder, folders):
    """The mean of the weights of several runs."""
    models = [Tuned(encoder, 0.0) for _ in folders]
    for model, folder in zip(models, folders):
        model.read(folder, encoder.kept)
    mean = copy.deepcopy(models[0])
    for kept, *all_runs in zip(mean.parameters(), *(model.parameters() for model in models)):
        kept.data = sum(run.data for run in all_runs) / len(all_runs)
    return mean


def write(out, model, encoder, examples, outputs, files, digest):
    """The tuned layers in half precision, and each head with its card."""
    out.mkdir(parents=True, exist_ok=True)
    names = {}
    for number, layer in enumerate(model.layers):
        for name, value in layer.named(f"encoder.layer.{encoder.kept + number}."):
            names[name] = value.detach().to(torch.float16).contiguous()
    save_file(names, out / "tuned.safetensors")
    numbers = measure(examples, outputs)
    print(json.dumps(numbers), flush=True)
    labels = {"sentiment": FEELINGS, "impact": LEVELS, "urgency": LEVELS, "triggers": TRIGGERS}
    for name, said in labels.items():
        head = model.heads[name]
        rows = [index for index in outputs if name in examples[index]
                and (name != "sentiment" or examples[index]["source"] == "messages")]
        cooled = temperature(examples, outputs, name, rows)
        bias = head.bias - math.log(PRESENT) if name == "triggers" else head.bias
        save_file({"weight": (head.weight / cooled).detach().contiguous(),
                   "bias": (bias / cooled).detach().contiguous()}, out / f"{name}.safetensors")
        card = {
            "name": name, "kind": "each" if name == "triggers" else "choice", "labels": said,
            "reads": "tuned",
            "inputs": head.weight.shape[1], "model_name": "multilingual-e5-small", "model_digest": digest,
            "seed": SEED, "inverse_penalty": 0.0, "temperature": [cooled],
            "training": files,
            "development": {key: value for key, value in numbers.items() if key.startswith(name.rstrip("s"))},
        }
        (out / f"{name}.json").write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return numbers


def report(numbers):
    """The development numbers as a Markdown table."""
    lines = ["| head and slice | texts | accuracy | macro-F1 | average precision |", "|---|---|---|---|---|"]
    for name, it in numbers.items():
        cells = [str(it.get(key, "")) for key in ("texts", "accuracy", "macro_f1", "average_precision")]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with sentiment/umsab.train.jsonl and so on")
    parser.add_argument("--model", type=Path, required=True, help="encoder in the hub's layout")
    parser.add_argument("--model-digest", required=True, help="digest that `sada models list` tells of it")
    parser.add_argument("--sada", default="target/release/sada", help="the program, for masking")
    parser.add_argument("--out", type=Path, required=True, help="folder for the tuned layers and heads")
    parser.add_argument("--cache", type=Path, required=True, help="folder for intermediate results")
    parser.add_argument("--start", type=Path, help="folder that an earlier run wrote, to go on from")
    parser.add_argument("--average", type=Path, nargs="+", help="folders of earlier runs: no training, the mean of theirs")
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--smoothing", type=float, default=0.05)
    parser.add_argument("--report", type=Path, help="file for the development numbers, as a Markdown table")
    arguments = parser.parse_args()
    root = Path(__file__).resolve().parents[2]
    examples, files = gather(arguments.data, root)
    encoder = Encoder(arguments.model)
    arguments.cache.mkdir(parents=True, exist_ok=True)
    texts = masked([example["text"] for example in examples], arguments.sada)
    first_own = next(n for n, example in enumerate(examples) if example["source"] == "messages")
    states = States(encoder, [texts[:first_own], texts[first_own:]], arguments.cache)
    print(f"{len(examples)} examples, {sum(states.lengths)} tokens", flush=True)
    dev = [n for n, example in enumerate(examples) if example["dev"]]
    if arguments.average:
        model = average(encoder, arguments.average)
    else:
        model = train(examples, dev, states, encoder, arguments)
    outputs = predict(model, states, dev)
    numbers = write(arguments.out, model, encoder, examples, outputs, files, arguments.model_digest)
    if arguments.report:
        arguments.report.write_text(report(numbers), encoding="utf-8")


if __name__ == "__main__":
    main()

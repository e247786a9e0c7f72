"""Fine-tunes copies of the encoder's last layers for the heads, and writes both.

The encoder itself stays as it is, and the projection of places reads it alone:
its first layers run once, then its own last layers give the vector and the tuned copies give what the heads read.

    python models/train/tune.py --data FOLDER --model FOLDER --out models/heads

FOLDER of --data holds `sentiment/umsab.train.jsonl` and so on, --model an encoder in the hub's layout.
Texts are masked by `sada mask` first, as in production. What the encoder's first layers give is computed once
and kept in --cache. A fixed seed starts every random choice. Settings were chosen on development rows: UMSAB's
dev split, and every seventh situation of the project's own messages; `fuse.py` says which was chosen otherwise.
"""

import argparse
import copy
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

import intents
from encoder import READ, Encoder, States, Tuned, by_length, predict
from examples import TRIGGERS, epoch_order, gather, masked
from fuse import fuse, write
from measure import measure, table

SEED = 20240607
# How much more a present circumstance counts than an absent one; taken back when the head is written.
PRESENT = 3.0


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
                         ("triggers", 1.0), ("first", 0.8)]:
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
        elif name == "first":
            targets = torch.tensor([example["first"] for example in chosen])
            total = total + share * F.binary_cross_entropy_with_logits(scores, targets)
        else:
            targets = torch.tensor([example[name] for example in chosen])
            total = total + share * F.cross_entropy(scores, targets, label_smoothing=smoothing)
    return total


def train(examples, dev, states, encoder, arguments):
    """The mean of the weights over the last two epochs, which forgets less than the last step's."""
    torch.manual_seed(SEED)
    random_numbers = random.Random(SEED)
    model = Tuned(encoder, arguments.dropout)
    chosen = [n for n, example in enumerate(examples) if not example["dev"]]
    groups = [{"params": model.layers.parameters(), "lr": arguments.rate, "weight_decay": 0.01},
              {"params": model.heads.parameters(), "lr": 10 * arguments.rate, "weight_decay": 0.01}]
    optimiser = torch.optim.AdamW(groups)
    mean, seen = copy.deepcopy(model), 0
    orders = [epoch_order(examples, chosen, random_numbers) for _ in range(arguments.epochs)]
    steps = sum(math.ceil(len(order) / arguments.batch) for order in orders)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, step / (0.06 * steps)) * max(0.02, 1 - step / steps))
    started = time.time()
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
            running += loss.item()
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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder with sentiment/umsab.train.jsonl and so on")
    parser.add_argument("--model", type=Path, required=True, help="encoder in the hub's layout")
    parser.add_argument("--model-digest", required=True, help="digest that `sada models verify` tells of it")
    parser.add_argument("--sada", default="target/release/sada", help="the program, for masking")
    parser.add_argument("--out", type=Path, required=True, help="folder for the tuned layers and heads")
    parser.add_argument("--cache", type=Path, required=True, help="folder for intermediate results")
    parser.add_argument("--again", action="store_true", help="take the layers that the last run left in the cache")
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
    for folder in (arguments.cache, arguments.out):
        folder.mkdir(parents=True, exist_ok=True)
    texts = masked([example["text"] for example in examples], arguments.sada)
    first_own = next(n for n, example in enumerate(examples) if example["source"] == "messages")
    states = States(encoder, [texts[:first_own], texts[first_own:]], arguments.cache)
    print(f"{len(examples)} examples, {sum(states.lengths)} tokens", flush=True)
    dev = [n for n, example in enumerate(examples) if example["dev"]]
    left = arguments.cache / "tuned.pt"
    if arguments.again:
        model = Tuned(encoder, 0.0)
        model.load_state_dict(torch.load(left, weights_only=True))
    else:
        model = train(examples, dev, states, encoder, arguments)
        torch.save(model.state_dict(), left)
    outputs = predict(model, states, dev)
    intents.write(arguments.out, examples, np.concatenate(states.means), READ, files, arguments.model_digest)
    heads = fuse(model, examples, states, outputs, math.log(PRESENT))
    numbers = write(arguments.out, model, encoder, examples, heads, files, arguments.model_digest, SEED)
    if arguments.report:
        arguments.report.write_text(table(numbers), encoding="utf-8")


if __name__ == "__main__":
    main()

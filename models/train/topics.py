"""A head that tells what a message is about, from its place and its words: what grouping knows of customer service.

    python models/train/topics.py --sada target/release/sada --out models/heads

`training/topics.jsonl` names for each topic the project's own messages that are about it; those about nothing in
particular teach nothing. Beside them the same messages in Latin letters are learned, as for every other head.
It needs NumPy, SciPy, safetensors and scikit-learn, and a few minutes. Settings were chosen on every seventh situation:
places alone have an accuracy of 0.44 there (C = 3 and 10; 0.41 with 1 and 30), with pieces of words 0.52.
What ships is fitted on all situations.
"""

import argparse
import hashlib
import json
import random
import subprocess
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from arabizi import copies
from examples import IN_LATIN_LETTERS, OWN, SPELLING, own_example, read

INVERSE_PENALTY = 10.0
ROUNDS = 100
# Numbers that pieces of words share, as in `inference::heads::topics`.
PIECES = 4096
# A topic of fewer messages can't be learned.
LEAST = 20
# What says nothing of a subject.
NO_TOPIC = {"good-general", "bad-general", "small-talk", "other"}


def messages(training):
    """The project's own messages with their topic, and their copies in Latin letters."""
    topics = {(part, key): line["topic"] for line in read(training / "topics.jsonl") if line["topic"] not in NO_TOPIC
              for part, keys in line["messages"].items() for key in keys}
    own = [{**own_example(row), "topic": topics.get((part, row["id"]))}
           for part in OWN for row in read(training / f"{part}.jsonl")]
    told = [row for row in own + copies(own, IN_LATIN_LETTERS, random.Random(SPELLING)) if row["topic"]]
    sizes = {row["topic"]: 0 for row in told}
    for row in told:
        sizes[row["topic"]] += 1
    return [row for row in told if sizes[row["topic"]] >= LEAST]


def features(texts, program):
    """What production reads of the texts: places, and the pieces of words by number."""
    lines = "".join(json.dumps({"id": str(n), "text": text[:1500]}) + "\n" for n, text in enumerate(texts))
    out = subprocess.run([program, "embed", "--topic-features"], input=lines.encode(), stdout=subprocess.PIPE, check=True)
    told = [json.loads(line) for line in out.stdout.decode().splitlines()]
    rows = np.repeat(np.arange(len(told)), [len(each["pieces"]) for each in told])
    numbers, weights = np.array([piece for each in told for piece in each["pieces"]]).T
    pieces = csr_matrix((weights, (rows, numbers.astype(int))), shape=(len(told), PIECES))
    return hstack([csr_matrix(np.array([each["vector"] for each in told])), pieces]).tocsr()


def fit(read, topics):
    return LogisticRegression(C=INVERSE_PENALTY, max_iter=ROUNDS).fit(read, topics)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sada", default="target/release/sada", help="the program, for what it reads of texts")
    parser.add_argument("--out", type=Path, required=True, help="folder of the heads, with the projection's card")
    arguments = parser.parse_args()
    training = Path(__file__).resolve().parents[1] / "training"
    rows = messages(training)
    known, topics = features([row["text"] for row in rows], arguments.sada), np.array([row["topic"] for row in rows])
    dev = np.array([row["dev"] for row in rows])
    right = fit(known[~dev], topics[~dev]).predict(known[dev]) == topics[dev]
    model = fit(known, topics)
    tensors = {"weight": model.coef_.astype(np.float32), "bias": model.intercept_.astype(np.float32)}
    save_file(tensors, arguments.out / "topics.safetensors")
    projection = (arguments.out / "intents.safetensors").read_bytes()
    files = [{"file": f"models/training/{name}.jsonl", "licence": "Apache-2.0 (this project)",
              "sha256": hashlib.sha256((training / f"{name}.jsonl").read_bytes()).hexdigest()}
             for name in ["topics", *OWN]]
    card = {"name": "topics", "inputs": known.shape[1], "labels": model.classes_.tolist(),
            "projection_sha256": hashlib.sha256(projection).hexdigest(), "inverse_penalty": INVERSE_PENALTY,
            "rows": len(rows), "dev": {"rows": int(dev.sum()), "accuracy": round(float(right.mean()), 3)},
            "training": files}
    (arguments.out / "topics.json").write_text(json.dumps(card, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({"rows": len(rows), "topics": len(card["labels"]), **card["dev"]}))


if __name__ == "__main__":
    main()

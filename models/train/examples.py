"""What the tuned layers learn from: public sets that permit it, and the project's own messages."""

import hashlib
import json
import random
import subprocess

from arabizi import copies

FEELINGS = ["negative", "neutral", "positive", "mixed"]
LEVELS = ["low", "medium", "high"]
TRIGGERS = ["safety", "self_harm", "fraud", "privacy", "legal", "vulnerable", "churn", "repeat_contact"]
OWN = ["urgency", "urgency_more", "messages", "sentiment", "messages_more", "messages_hard", "messages_border",
       "messages_daily", "messages_pairs", "messages_feeling", "messages_calm", "messages_usual", "messages_reviews"]

# How often an example of a source is seen in one epoch.
SHARES = {"umsab": 1.0, "semeval16_hotels": 0.3, "ajgt": 0.5, "arsarcasm_v2": 0.3, "banking77": 0.15, "clinc150": 0.05,
          "messages": 1.8, "posts": 1.0}
# How much more often the rows of a language are: Sada is Arabic first.
FAVOURED = {("umsab", "ar"): 2.0, ("umsab", "en"): 1.5}

# Share of the project's own dialect messages that are also learned in Latin letters, and the seed of their spelling.
IN_LATIN_LETTERS = 0.4
SPELLING = 20261122

# The label of texts outside of all intents.
OUTSIDE = "oos"

# Reviews, none of which calls for anybody at once.
REVIEWS = {"semeval16_hotels", "ajgt"}

# What makes a message P1 by itself, beside high impact with high urgency.
GRAVE = {"safety", "self_harm", "fraud", "privacy"}

# Intents that mean fraud, a lost card or a lost phone; every other intent of these sets means no trigger at all.
FRAUDS = {"compromised_card", "lost_or_stolen_card", "lost_or_stolen_phone", "card_payment_not_recognised",
          "direct_debit_payment_not_recognised", "cash_withdrawal_not_recognised", "report_fraud", "report_lost_card"}

LICENCES = {
    "umsab": "Apache-2.0 (repository); tweets under the platform's terms",
    "arsarcasm_v2": "MIT",
    "semeval16_hotels": "MIT",
    "ajgt": "AFL-3.0",
    "banking77": "CC-BY-4.0",
    "clinc150": "CC-BY-3.0",
}


def read(path):
    with open(path, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def file_line(path, name, rows, source):
    """How a head's card names a file that it learned from."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    licence = LICENCES.get(source, "Apache-2.0 (this project)")
    return {"file": name, "sha256": digest, "licence": licence, "rows": rows, "weight": SHARES[source]}


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
        both = row["impact"] == row["urgency"] == "high"
        example["first"] = [float(both or not GRAVE.isdisjoint(row["triggers"]))]
    example["situation"] = row.get("situation")
    example["dev"] = held_out(row.get("situation") or row["text"])
    return example


def feeling_example(row, source, dev):
    key = "other_sentiment" if source == "arsarcasm_v2" else "sentiment"
    example = {"text": row["text"], "source": source, "slice": row["lang"], "dev": dev,
               key: FEELINGS.index(row["label"])}
    if source in REVIEWS:
        example["first"] = [0.0]
    return example


def intent_example(row, source, dev):
    triggers = [float(trigger == "fraud" and row["label"] in FRAUDS) for trigger in TRIGGERS]
    return {"text": row["text"], "source": source, "slice": row["lang"], "dev": dev, "triggers": triggers,
            "first": [max(triggers)], "intent": None if row["label"] == OUTSIDE else row["label"]}


PUBLIC = [
    ("sentiment", "umsab", "train", feeling_example),
    ("sentiment", "umsab", "dev", feeling_example),
    ("sentiment", "semeval16_hotels", "train", feeling_example),
    ("sentiment", "ajgt", "train", feeling_example),
    ("sentiment", "arsarcasm_v2", "train", feeling_example),
    ("intent", "banking77", "train", intent_example),
    ("intent", "clinc150", "train", intent_example),
]


def gather(data, root):
    """All examples, the public ones first, and the lines of the cards."""
    examples, files, own = [], [], []
    for task, source, split, example in PUBLIC:
        name = f"{task}/{source}.{split}.jsonl"
        rows = [example(row, source, split == "dev") for row in read(data / name)]
        examples += rows
        if split == "train":
            files.append(file_line(data / name, name, len(rows), source))
    for part in OWN:
        path = root / "models/training" / f"{part}.jsonl"
        rows = [own_example(row) for row in read(path)]
        own += rows
        files.append(file_line(path, f"models/training/{part}.jsonl", len(rows), "messages"))
    path = root / "models/training/posts.jsonl"
    posts = [feeling_example(row, "posts", held_out(row["text"])) for row in read(path)]
    files.append(file_line(path, "models/training/posts.jsonl", len(posts), "posts"))
    own += copies(own, IN_LATIN_LETTERS, random.Random(SPELLING))
    return examples + own + posts, files


def masked(texts, program):
    """What the model sees of texts in production."""
    lines = "".join(json.dumps({"id": str(n), "text": text[:1500]}) + "\n" for n, text in enumerate(texts))
    out = subprocess.run([program, "mask"], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    found = [json.loads(line) for line in out.decode().splitlines()]
    assert len(found) == len(texts) and all("masked" in line for line in found), "sada mask refused a text"
    return [line["masked"] for line in found]


def epoch_order(examples, chosen, random_numbers):
    """Which examples an epoch sees: each as often as its source's share says, in random order."""
    order = []
    for index in chosen:
        source = examples[index]["source"]
        share = SHARES[source] * FAVOURED.get((source, examples[index]["slice"]), 1.0)
        order += [index] * (int(share) + (random_numbers.random() < share % 1))
    random_numbers.shuffle(order)
    return order

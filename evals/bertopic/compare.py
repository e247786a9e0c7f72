"""BERTopic's recipe on the vectors that `evals/themes` groups: UMAP to 5 dimensions, then HDBSCAN.

    pip install -r evals/bertopic/requirements.txt
    python evals/bertopic/compare.py banking77 banking77.labels banking77.vectors

The settings are BERTopic's own defaults (15 neighbours, 5 components, distance 0, cosine; groups of at least 10, excess of
mass). It prints rows for the table of `evals/reports/themes-algorithms.md`; what is left out counts as one more group.
"""

import json
import sys
import time

import hdbscan
import numpy as np
import umap
from sklearn.metrics import adjusted_rand_score, v_measure_score


def read(labels_path, vectors_path):
    with open(labels_path, encoding="utf-8") as lines:
        labels = {row["id"]: (row["label"], row.get("lang")) for row in map(json.loads, lines)}
    kept, vectors = [], []
    with open(vectors_path, encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if row["id"] in labels:
                kept.append(labels[row["id"]])
                vectors.append(row["vector"])
    return kept, np.asarray(vectors, dtype=np.float32)


def groups(vectors):
    reducer = umap.UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=7)
    reduced = reducer.fit_transform(vectors)
    clusterer = hdbscan.HDBSCAN(min_cluster_size=10, metric="euclidean", cluster_selection_method="eom")
    return clusterer.fit_predict(reduced)


def both(found, languages):
    held = [{lang for home, lang in zip(found, languages) if home == number} for number in range(found.max() + 1)]
    return sum(len(langs) > 1 for langs in held) / max(len(held), 1)


def main(name, labels_path, vectors_path):
    kept, vectors = read(labels_path, vectors_path)
    truth = [label for label, _ in kept]
    languages = [lang for _, lang in kept]
    start = time.process_time()
    found = groups(vectors)
    seconds = time.process_time() - start
    row = [
        name,
        str(len(kept)),
        str(len(set(truth))),
        "BERTopic's recipe: UMAP 5 + HDBSCAN",
        f"{v_measure_score(truth, found):.3f}",
        f"{adjusted_rand_score(truth, found):.3f}",
        str(found.max() + 1),
        f"{100 * np.mean(found < 0):.1f} %",
        f"{seconds:.1f}",
    ]
    print("| " + " | ".join(row) + " |", flush=True)
    if len(set(languages)) > 1:
        print(f"{name}: {100 * both(found, languages):.0f} % of the groups hold both languages", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:4])

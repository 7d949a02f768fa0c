"""The peer's vectors, computed once: `embed.py MODEL CORPUS.jsonl OUT.npy`, float32 [documents][384] of length 1."""

import json
import os
import sys

import numpy as np
from sentence_transformers import SentenceTransformer


def main(model, corpus, out):
    with open(corpus, encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    texts = [f"{row['title']}\n{row['text']}" if row["title"] else row["text"] for row in rows]
    encoder = SentenceTransformer(model, device="cpu")
    vectors = encoder.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=True)
    with open(f"{out}.new", "wb") as file:
        np.save(file, vectors.astype(np.float32))
    os.replace(f"{out}.new", out)


if __name__ == "__main__":
    main(*sys.argv[1:])

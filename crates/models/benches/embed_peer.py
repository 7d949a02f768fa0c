"""The other side of embed.rs: sentence-transformers, timed. Arguments: model folder, threads.

Reads the chunks as one line of JSON, then answers each further line with the seconds that encoding them all took.
"""

import json
import sys
import time

import torch
from sentence_transformers import SentenceTransformer

torch.set_num_threads(int(sys.argv[2]))
model = SentenceTransformer(sys.argv[1], device="cpu")
model.max_seq_length = 256
chunks = json.loads(sys.stdin.readline())
for _ in sys.stdin:
    start = time.perf_counter()
    model.encode(chunks, normalize_embeddings=True, show_progress_bar=False)
    print(time.perf_counter() - start, flush=True)

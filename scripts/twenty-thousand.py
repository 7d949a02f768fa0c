#!/usr/bin/env python3
"""A library of 20,000 short texts and 200 questions, out of the evaluation and training data; for the bench of the same name.

    twenty-thousand.py DATA OUT

DATA is a folder with sets/*/{corpus,queries}.jsonl and reader/*.jsonl.gz. Every document of the sets is taken, and then contexts
of the reader's data, the long ones first. A text of more than MOST_TOKENS is cut at blanks into equal pieces, so that each
piece becomes one Document. Writes OUT/corpus.jsonl {"id","set","title","text"} and OUT/queries.jsonl {"id","set","text"}; the
same data gives the same bytes. Python's standard library only.
"""

import glob
import gzip
import json
import os
import random
import re
import sys

CHUNKS, QUESTIONS, SEED = 20_000, 200, 7
# Estimated, title included; really 30 % fewer on average, and never more than 240: the embedder takes 256.
MOST_TOKENS = 195
# A set of questions about one e-mail each, which is not searched.
NOT_SEARCHED = "bipia-email-a"


def tokens(text):
    """About as many tokens as the embedder sees, rather more: short words and signs are one, names and numbers are many."""
    found = re.findall(r"[A-Za-z]+|\w+|[^\w\s]", text)
    return sum(1 + (len(word) - 1) // letters(word) for word in found)


def letters(word):
    """Letters of a word for each token."""
    if not word.isascii():
        return 1
    return 6 if word.islower() else 3 if word.isalpha() else 2


def pieces(title, text):
    """Cuts a text at blanks into as few equal pieces as fit."""
    words = text.split()
    sizes = [tokens(word) for word in words]
    count = -(-sum(sizes) // max(MOST_TOKENS - tokens(title), MOST_TOKENS // 2))
    piece, done = [[] for _ in range(max(count, 1))], 0
    for word, size in zip(words, sizes):
        piece[min(done * count // max(sum(sizes), 1), count - 1)].append(word)
        done += size
    return [" ".join(words) for words in piece if words]


def lines(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def chunks(name, key, documents):
    for document in documents:
        title = document["title"]
        for n, piece in enumerate(pieces(title, document[key])):
            yield {"id": f"{name}/{document['id']}/{n}", "set": name, "title": title, "text": piece}


def write(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def main(data, out):
    sets = [path for path in sorted(glob.glob(f"{data}/sets/*")) if os.path.basename(path) != NOT_SEARCHED]
    corpus, questions = [], []
    for path in sets:
        name = os.path.basename(path)
        corpus += chunks(name, "text", lines(f"{path}/corpus.jsonl"))
        rows = ({"id": f"{name}/{q['id']}", "set": name, "text": q["text"]} for q in lines(f"{path}/queries.jsonl"))
        questions += rows
    contexts = []
    for path in sorted(glob.glob(f"{data}/reader/*.jsonl.gz")):
        contexts += chunks(os.path.basename(path).split(".")[0], "context", lines(path))
    contexts.sort(key=lambda row: (-tokens(row["text"]), row["id"]))
    corpus += contexts[: CHUNKS - len(corpus)]
    if len(corpus) < CHUNKS:
        sys.exit(f"error: {data} gives {len(corpus)} chunks, expected {CHUNKS}")
    os.makedirs(out, exist_ok=True)
    write(f"{out}/corpus.jsonl", corpus)
    write(f"{out}/queries.jsonl", random.Random(SEED).sample(questions, QUESTIONS))
    sizes = sorted(tokens(row["text"]) for row in corpus)
    print(f"{len(corpus)} chunks, about {sizes[0]} to {sizes[-1]} tokens, median {sizes[len(sizes) // 2]}; {QUESTIONS} questions")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])

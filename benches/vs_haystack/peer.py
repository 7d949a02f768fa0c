"""The peer: Flask and Haystack in one process, as somebody would build it who knows both.

`create_app()` reads CORPUS (JSON lines with id, title, text), VECTORS (float32 [documents][384], .npy) and MODEL (a folder of
sentence-transformers) from the environment. POST /search {"query", "top_k"} and /ask {"question"}; GET /ready.

Search: Haystack's in-memory store, its BM25 and its embedding retriever, ten Documents each, joined by reciprocal rank fusion.
Ask: the sentences of the ten best Documents, at most 32 by the words that they share with the question, scored by the cosine of
their embeddings, which is what the measured reader does. The question's embedding is computed once, in the search.
"""

import json
import os
import re

import numpy as np
import torch
from flask import Flask, jsonify, request
from haystack import Document, Pipeline
from haystack.components.embedders import SentenceTransformersTextEmbedder
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore

TOP_K, MOST_SENTENCES, MOST_CITATIONS = 10, 32, 3
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")
WORD = re.compile(r"\w+")


def documents(corpus, vectors):
    """Title and text are one text, for words and for meaning; that is what the other side indexes too."""
    with open(corpus, encoding="utf-8") as file:
        for row, vector in zip(map(json.loads, file), np.load(vectors)):
            content = f"{row['title']}\n{row['text']}" if row["title"] else row["text"]
            yield Document(id=row["id"], content=content, meta={"title": row["title"]}, embedding=vector.tolist())


def pipeline(store, model):
    graph = Pipeline()
    graph.add_component("embedder", SentenceTransformersTextEmbedder(
        model=model, normalize_embeddings=True, progress_bar=False))
    graph.add_component("words", InMemoryBM25Retriever(store, top_k=TOP_K))
    graph.add_component("meaning", InMemoryEmbeddingRetriever(store, top_k=TOP_K, return_embedding=False))
    graph.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP_K))
    graph.connect("embedder.embedding", "meaning.query_embedding")
    graph.connect("words", "joiner")
    graph.connect("meaning", "joiner")
    graph.warm_up()
    return graph


def sentences(question, found):
    """Those that share most words with the question, with their Documents; the same text once."""
    wanted = set(WORD.findall(question.lower()))
    unique = {}
    for document in found:
        for sentence in SENTENCE_END.split(document.content):
            if WORD.search(sentence):
                unique.setdefault(sentence.strip(), document)
    shared = lambda sentence: -len(wanted.intersection(WORD.findall(sentence.lower())))
    return [(sentence, unique[sentence]) for sentence in sorted(unique, key=shared)[:MOST_SENTENCES]]


def create_app():
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    store = InMemoryDocumentStore(embedding_similarity_function="dot_product", return_embedding=False)
    store.write_documents(list(documents(os.environ["CORPUS"], os.environ["VECTORS"])))
    graph = pipeline(store, os.environ["MODEL"])
    encoder = graph.get_component("embedder").embedding_backend.model
    app = Flask(__name__)

    def retrieve(query, top_k):
        inputs = {"embedder": {"text": query}, "words": {"query": query}, "joiner": {"top_k": top_k}}
        results = graph.run(inputs, include_outputs_from={"embedder"})
        return results["joiner"]["documents"], results["embedder"]["embedding"]

    @app.get("/ready")
    def ready():
        return jsonify({"documents": store.count_documents()})

    @app.post("/search")
    def search():
        body = request.get_json()
        found, _ = retrieve(body["query"], body.get("top_k", TOP_K))
        return jsonify({"documents": [
            {"id": one.id, "score": one.score, "content": one.content, "meta": one.meta} for one in found]})

    @app.post("/ask")
    def ask():
        question = request.get_json()["question"]
        found, embedding = retrieve(question, TOP_K)
        scored = sentences(question, found)
        vectors = np.asarray(encoder.encode([sentence for sentence, _ in scored],
                                            normalize_embeddings=True, show_progress_bar=False))
        scores = vectors @ np.asarray(embedding, dtype=np.float32)
        best = [(scored[n], float(scores[n])) for n in np.argsort(-scores)[:MOST_CITATIONS]]
        return jsonify({"citations": [
            {"quote": sentence, "document": one.id, "title": one.meta["title"], "score": score}
            for (sentence, one), score in best], "sentences": len(scored)})

    return app

#!/usr/bin/env python3
"""Questions with the chunks that a retriever would give, one JSON line each, for `sentence_evidence` and `fit.py`.

usage: cases.py DATA LIBRARY > cases.jsonl

DATA     the folder with sets/ and reader/
LIBRARY  tests/data of this repository

A line: {"set", "mode", "question", "answerable", "documents": [{"content", "title", "headings", "language", "score", "source",
"start"}], "gold": {"answers", "spans": [[source, start, end]], "quotes"}}; offsets in code points of the source's text. Modes:
`given` (the relevant documents, no scores), `retrieved` (plain BM25, scores from 0 to 1 as the joiner gives them), `removed`
(retrieved, without the documents that answer). Needs `snowballstemmer`.
"""

import collections
import csv
import gzip
import json
import math
import os
import random
import re
import sys

import snowballstemmer

DEV = ["xquad-en-a", "squad2-a", "hotpotqa-100", "lihua-world", "clapnq-a"]
READER = ["valid-squadshifts-newwiki", "train-squadshifts-newwiki", "train-squadshifts-reddit",
          "train-squadshifts-amazon", "train-qed-nq"]
READER_CONTEXTS = 300
LANGUAGES = {"de": "german", "fr": "french", "es": "spanish", "it": "italian", "ru": "russian", "zh": None, "ja": None,
             "ar": "arabic"}
LIBRARY_LANGUAGES = {"mietvertrag.md": "de", "vereinssatzung.txt": "de", "krankenkasse.txt": "de",
                     "community-handbook-zh.md": "zh"}
# The sample library as the shipped reader was fitted on it: the formats read here, and the questions asked of those.
LIBRARY_FORMATS, LIBRARY_QUESTIONS = (".md", ".txt", ".csv", ".json"), 60
WORDS, LISTED, KEPT = 150, 60, 20
RANDOM = random.Random(7)
CUT = re.compile(r"(?<=[.!?])[\"”’)]*\s+(?=[^a-z])|(?<=[。！？])|\n+")
WORD = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]|[^\W_]+")
STEMMERS = {code: snowballstemmer.stemmer(name) for code, name in {**LANGUAGES, "en": "english"}.items() if name}


def lines(path):
    opened = gzip.open(path, "rt", encoding="utf-8") if path.endswith(".gz") else open(path, encoding="utf-8")
    with opened as file:
        return [json.loads(line) for line in file if line.strip()]


def terms(text, language):
    words = [word.lower() for word in WORD.findall(text)]
    return STEMMERS[language].stemWords(words) if language in STEMMERS else words


def chunks(source, text, language, title="", headings=(), start=0):
    """The text in pieces of some 150 words that end where sentences end and overlap by one."""
    bounds = [0] + [match.end() for match in CUT.finditer(text)] + [len(text)]
    pieces = [(a, b) for a, b in zip(bounds, bounds[1:]) if text[a:b].strip()]
    first = 0
    while first < len(pieces):
        last, size = first, 0
        while last < len(pieces) and (last == first or size < WORDS):
            size += len(WORD.findall(text[slice(*pieces[last])]))
            last += 1
        a, b = pieces[first][0], pieces[last - 1][1]
        yield {"content": text[a:b].rstrip(), "title": title, "headings": list(headings), "language": language,
               "source": source, "start": start + a}
        if last == len(pieces):
            return
        first = max(last - 1, first + 1)


class Keyword:
    """BM25 (k1 0.9, b 0.4) over title, headings and content."""

    def __init__(self, documents):
        self.documents = documents
        text = lambda d: "\n".join([d["title"], *d["headings"], d["content"]])
        self.counts = [collections.Counter(terms(text(d), d["language"])) for d in documents]
        self.lengths = [sum(counts.values()) for counts in self.counts]
        self.average = sum(self.lengths) / len(documents)
        self.postings = collections.defaultdict(list)
        for index, counts in enumerate(self.counts):
            for term in counts:
                self.postings[term].append(index)

    def search(self, question, language, without=()):
        scores = collections.Counter()
        for term in set(terms(question, language)):
            found = self.postings.get(term, ())
            idf = math.log(1 + (len(self.documents) - len(found) + 0.5) / (len(found) + 0.5))
            for index in found:
                count, length = self.counts[index][term], self.lengths[index] / self.average
                scores[index] += idf * count * 1.9 / (count + 0.9 * (0.6 + 0.4 * length))
        best = [(i, s) for i, s in scores.most_common() if self.documents[i]["source"] not in without][:LISTED]
        low, high = (best[-1][1], best[0][1]) if best else (0, 0)
        return [{**self.documents[i], "score": (s - low) / (high - low) if high > low else 1.0} for i, s in best[:KEPT]]


def cases(name, keyword, questions, language):
    """questions: (text, answerable, gold, relevant sources)"""
    for question, answerable, gold, relevant in questions:
        case = {"set": name, "question": question, "gold": gold}
        given = [document for document in keyword.documents if document["source"] in relevant]
        if given:
            yield {**case, "mode": "given", "answerable": answerable, "documents": given}
        yield {**case, "mode": "retrieved", "answerable": answerable, "documents": keyword.search(question, language)}
        if answerable and relevant:
            left = keyword.search(question, language, relevant)
            yield {**case, "mode": "removed", "answerable": False, "documents": left}


def retrieval_set(folder, name, language):
    folder, documents, relevant = os.path.join(folder, name), [], collections.defaultdict(set)
    for document in lines(os.path.join(folder, "corpus.jsonl")):
        documents += chunks(document["id"], document["text"], language, document["title"])
    with open(os.path.join(folder, "qrels.tsv")) as file:
        for query, source, score in list(csv.reader(file, delimiter="\t"))[1:]:
            if float(score) > 0:
                relevant[query].add(source)
    questions = []
    for query in lines(os.path.join(folder, "queries.jsonl")):
        spans = [[s["doc"], s["start"], s["start"] + len(s["text"])] for s in query.get("spans") or []]
        gold = {"answers": query.get("answers", []), "spans": spans, "quotes": query.get("selected_sentences") or []}
        questions.append((query["text"], query["answerable"], gold, relevant[query["id"]]))
    return cases(name, Keyword(documents), questions, language)


def reader_set(data, name):
    contexts = lines(os.path.join(data, "reader", name + ".jsonl.gz"))
    contexts = RANDOM.sample(contexts, min(READER_CONTEXTS, len(contexts)))
    documents, questions = [], []
    for context in contexts:
        source = context["id"]
        documents += chunks(source, context["context"], "en", context.get("title", ""))
        question = RANDOM.choice(context["qas"])
        spans = [[source, a["start"], a["start"] + len(a["text"])] for a in question["answers"]]
        gold = {"answers": [a["text"] for a in question["answers"]], "spans": spans, "quotes": []}
        questions.append((question["question"], True, gold, {source}))
    return cases(name, Keyword(documents), questions, "en")


def library_documents(folder):
    for name in sorted(name for name in os.listdir(folder) if name.endswith(LIBRARY_FORMATS)):
        language, path = LIBRARY_LANGUAGES.get(name, "en"), os.path.join(folder, name)
        stem = name.rsplit(".", 1)[0]
        if name.endswith((".csv", ".json")):
            with open(path, encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file)) if name.endswith(".csv") else json.load(file)
            for row in rows:
                content = "\n".join(f"{column}: {value}" for column, value in row.items())
                yield {"content": content, "title": stem, "headings": [], "language": language, "source": name, "start": 0}
            continue
        with open(path, encoding="utf-8") as file:
            text = re.sub(r"\A---\n.*?\n---\n", "", file.read(), flags=re.S)
        path_of_headings = []
        for section in re.split(r"(?m)^(?=#+ )", text):
            heading = re.match(r"(#+) (.*)", section)
            if heading:
                level = len(heading[1])
                path_of_headings = [h for h in path_of_headings if h[0] < level] + [(level, heading[2])]
            yield from chunks(name, section, language, stem, [h[1] for h in path_of_headings])


def library(folder):
    keyword = Keyword(list(library_documents(os.path.join(folder, "library", "files"))))
    for question in lines(os.path.join(folder, "library", "questions.jsonl"))[:LIBRARY_QUESTIONS]:
        gold = {"answers": [], "spans": [], "quotes": [g["quote"] for g in question["gold"]]}
        asked = [(question["question"], question["answerable"], gold, ())]
        yield from cases("library", keyword, asked, question["language"])


def main():
    data, tests = sys.argv[1:3]
    made = [retrieval_set(os.path.join(data, "sets"), name, "en") for name in DEV]
    made += [reader_set(data, name) for name in READER]
    made += [library(tests)] + [retrieval_set(os.path.join(tests, "languages"), code, code) for code in LANGUAGES]
    for case in (case for group in made for case in group):
        print(json.dumps(case, ensure_ascii=False))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Fits the numbers of `crates/models/src/reader/weights.rs` and prints how good they are.

usage: fit.py cases.jsonl evidence.jsonl

The evidence is made from the cases by `sentence_evidence`, with more sentences a question than there are, so that the loss by
the limit of 32 can be told. Needs numpy and scipy.

- Weights: those of a softmax over the sentences of an answerable question, by the likelihood of the sentences with the
  answer; once with all evidence, once without the vectors. Every set counts by the square root of its questions.
- Judge: logistic regression on "the best sentence answers", over answerable, unanswerable and removed cases, but for those
  answerable ones where no sentence holds the answer (yes or no, dates of a title). With vectors on the English sets, without
  on the sets of other languages, whose questions share fewer words with their answers.
- Threshold: the log odds below which DECLINED of the answerable questions with retrieved chunks lie (mean of all sets).
"""

import collections
import json
import re
import sys
import unicodedata

import numpy as np
from scipy.optimize import minimize

LIMIT, DECLINED, RIDGE = 32, 0.06, 1e-3
LEXICAL = ["own", "before", "titles", "parts", "lack", "asks", "place"]
CLOSENESS = ["rare", "all", "whole"]


def plain(text):
    text = "".join(" " if unicodedata.category(c)[0] in "PSZ" else c for c in text.lower())
    return " " + " ".join(word for word in text.split() if word not in ("a", "an", "the")) + " "


def answers(case, sentence, document):
    """Whether a sentence of a case holds the gold answer."""
    gold, text = case["gold"], document["content"].encode()[sentence["start"]:sentence["end"]].decode()
    if gold["quotes"]:
        text = " ".join(text.split())
        quotes = [" ".join(quote.split()) for quote in gold["quotes"]]
        return any(quote in text or (len(text) > 15 and text in quote) for quote in quotes)
    if gold["spans"]:
        start = document["start"] + len(document["content"].encode()[:sentence["start"]].decode())
        end = start + len(text)
        return any(s == document["source"] and start <= a and b <= end for s, a, b in gold["spans"])
    return any(plain(answer) in plain(text) for answer in gold["answers"] if answer.lower() not in ("yes", "no"))


class Question:
    def __init__(self, case, found):
        sentences, documents = found["sentences"], case["documents"]
        self.set, self.mode, self.answerable = case["set"], case["mode"], case["answerable"]
        self.english = all(s["closeness"] is not None for s in sentences)
        self.x = np.array([s["lexical"] + (s["closeness"] or [0, 0, 0]) for s in sentences]).reshape(-1, 10)
        self.terms = np.array([s["terms"] for s in sentences])
        self.good = np.array([self.answerable and answers(case, s, documents[s["document"]]) for s in sentences], dtype=bool)

    def best(self, weights, limit=LIMIT):
        """Index of the best sentence and its score; without vectors where there are none."""
        chosen = np.argsort(-self.x @ weights["words"], kind="stable")[:limit]
        scores = self.x[chosen] @ weights["vectors" if self.english else "words"]
        return chosen[np.argmax(scores)], scores.max()


def read(cases, evidence):
    with open(cases, encoding="utf-8") as a, open(evidence, encoding="utf-8") as b:
        questions = [Question(json.loads(case), json.loads(found)) for case, found in zip(a, b)]
    return [question for question in questions if len(question.x)]


def counts(questions):
    sizes = collections.Counter((q.set, q.mode) for q in questions)
    return np.array([sizes[q.set, q.mode] ** -0.5 for q in questions])


def fit_weights(questions, columns):
    questions = [q for q in questions if q.english and q.good.any() and not q.good.all()]
    x = np.concatenate([q.x[:, columns] for q in questions])
    good = np.concatenate([q.good for q in questions])
    starts = np.cumsum([0] + [len(q.x) for q in questions[:-1]])
    weigh = counts(questions)
    weigh /= weigh.sum()
    lengths = [len(q.x) for q in questions]

    def loss(w):
        scores = x @ w
        scores = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
        every, right = np.add.reduceat(scores, starts), np.add.reduceat(scores * good, starts) + 1e-12
        slope = scores * np.repeat(weigh / every, lengths) - scores * good * np.repeat(weigh / right, lengths)
        return -(weigh * np.log(right / every)).sum() + RIDGE * w @ w, x.T @ slope + 2 * RIDGE * w

    weights = np.zeros(10)
    weights[columns] = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B").x
    return weights


def judged(question, weights):
    index, score = question.best(weights)
    return [1.0, score, question.terms[index]], bool(question.good[index])


def fit_judge(questions, weights):
    questions = [q for q in questions if not q.answerable or q.good.any()]
    rows = [judged(q, weights) for q in questions]
    x, right = np.array([row for row, _ in rows]), np.array([right for _, right in rows])
    weigh = counts(questions)
    weigh /= weigh.sum()

    def loss(w):
        odds = x @ w
        slope = weigh * (1 / (1 + np.exp(-odds)) - right)
        return (weigh * (np.logaddexp(0, odds) - right * odds)).sum() + 1e-4 * w[1:] @ w[1:], \
            x.T @ slope + 2e-4 * w * [0, 1, 1]

    return minimize(loss, np.zeros(3), jac=True, method="L-BFGS-B").x


def fit(questions):
    english, others = [q for q in questions if q.english], [q for q in questions if not q.english]
    weights = {"vectors": fit_weights(english, list(range(10))), "words": fit_weights(english, list(range(7)))}
    return weights, {"vectors": fit_judge(english, weights), "words": fit_judge(others, weights)}


def log_odds(question, weights, judges):
    row, right = judged(question, weights)
    return np.dot(row, judges["vectors" if question.english else "words"]), right


def threshold(questions, weights, judges):
    by_set = collections.defaultdict(list)
    for q in questions:
        if q.answerable and q.mode == "retrieved":
            by_set[q.set].append(log_odds(q, weights, judges)[0])
    declined = lambda least: np.mean([np.mean(np.array(odds) < least) for odds in by_set.values()])
    return max(least for least in np.arange(-8, 0, 0.05) if declined(least) <= DECLINED)


def auroc(high, low):
    return np.mean([np.mean(h > np.array(low)) + np.mean(h == np.array(low)) / 2 for h in high])


def report(questions, weights, judges, least):
    groups = collections.defaultdict(list)
    for q in questions:
        groups[q.set, "retrieved" if q.mode == "removed" else q.mode, q.mode == "removed"].append(q)
    print(f"{'set':26} {'context':9}     n  best   all   any  auroc declined: right of those, of answerable, removed")
    for (name, mode, removed), group in groups.items():
        yes, no = [q for q in group if q.answerable], [q for q in group if not q.answerable]
        if removed or not yes:
            continue
        share = lambda limit: np.mean([q.good[q.best(weights, limit)[0]] for q in yes])
        have = np.mean([q.good.any() for q in yes])
        odds = [np.array([log_odds(q, weights, judges)[0] for q in some]) for some in (yes, no)]
        line = f"{name:26} {mode:9} {len(yes):5} {share(LIMIT):.3f} {share(10**6):.3f} {have:.3f}"
        line += f"  {auroc(*odds):.3f}" if no else "      -"
        declined = (odds[1] < least).sum() if no else 0
        line += f" {declined:4}/{len(no):<4}" + f" of {declined + (odds[0] < least).sum():<4} {np.mean(odds[0] < least):.3f}"
        gone = groups.get((name, mode, True))
        if gone and mode == "retrieved":
            line += f" {np.mean([log_odds(q, weights, judges)[0] < least for q in gone]):.3f}"
        print(line)


def calibration(questions, weights, judges):
    for english in (True, False):
        found = [log_odds(q, weights, judges) for q in questions if q.english == english and q.mode != "removed"]
        believed = 1 / (1 + np.exp(-np.array([odds for odds, _ in found])))
        right = np.array([right for _, right in found])
        bins = np.minimum((believed * 5).astype(int), 4)
        told = [f"{believed[bins == b].mean():.2f}: {right[bins == b].mean():.2f} (n {np.sum(bins == b)})"
                for b in range(5) if (bins == b).any()]
        print("calibration,", "vectors" if english else "words only", "| believed: right |", "  ".join(told))


def cross_check(questions):
    """Fitted on half of the English sets, tested on the others."""
    names, others = sorted({q.set for q in questions if q.english}), [q for q in questions if not q.english]
    for half in (names[::2], names[1::2]):
        known = [q for q in questions if q.set in half] + others
        weights, judges = fit(known)
        least = threshold(known, weights, judges)
        sets = collections.defaultdict(list)
        for q in questions:
            if q.english and q.set not in half and q.answerable:
                sets[q.set, q.mode].append((q.good[q.best(weights)[0]], log_odds(q, weights, judges)[0] < least))
        best, declined = np.mean([np.mean(found, axis=0) for found in sets.values()], axis=0)
        print(f"fitted on {', '.join(half)}: on the others best {best:.3f}, answerable declined {declined:.3f}")


def main():
    questions = read(*sys.argv[1:3])
    fitted = [q for q in questions if q.set != "library"]
    weights, judges = fit(fitted)
    least = threshold(fitted, weights, judges)
    for way in weights:
        print(way, " ".join(f"{name} {w:.2f}" for name, w in zip(LEXICAL + CLOSENESS, weights[way])),
              "| judge: bias {:.2f} score {:.2f} terms {:.2f}".format(*judges[way]))
    print(f"threshold {least:.2f}")
    report(questions, weights, judges, least)
    calibration(questions, weights, judges)
    cross_check(fitted)


if __name__ == "__main__":
    main()

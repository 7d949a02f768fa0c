"""What the stock `openai` client of Python makes of `/v1`: `stock_clients.py URL`. Prints a transcript; a wrong answer fails."""

import sys
from array import array

import openai

QUESTION = "How late may we turn up for the boat to Haddenvik?"
LLM = "smollm2-135m-instruct"
EMBEDDER = "all-minilm-l6-v2"
client = openai.OpenAI(base_url=sys.argv[1] + "/v1", api_key="any", max_retries=0)


def show_annotations(content, annotations):
    for annotation in annotations:
        cited, place = annotation.url_citation, annotation.pllm
        assert cited.url.startswith(sys.argv[1] + "/library/"), cited
        part = content[cited.start_index : cited.end_index]
        assert part, annotation
        print(f"  [{cited.start_index}:{cited.end_index}] {cited.title} ({place['support']})")
        print(f"      “{place['quote']}”")


def models():
    ids = [model.id for model in client.models.list()]
    print("models:", ", ".join(ids))
    assert "default" in ids and EMBEDDER in ids, ids
    assert client.models.retrieve("default").pllm["collection"] == "default"
    return ids


def chat(question):
    completion = client.chat.completions.create(model="default", messages=[{"role": "user", "content": question}])
    message = completion.choices[0].message
    print(f"\n{question}\n{message.content}")
    show_annotations(message.content, message.annotations)
    assert completion.choices[0].finish_reason == "stop"
    return message


def stream(model):
    """Event by event, and once more by the client's own collector, which has to come to the same."""
    asked = {
        "model": model,
        "messages": [{"role": "user", "content": QUESTION}],
        "stream_options": {"include_usage": True},
    }
    print(f"\nstream of {model}:")
    content, annotations, usage = "", [], None
    for chunk in client.chat.completions.create(stream=True, **asked):
        usage = chunk.usage or usage
        for choice in chunk.choices:
            if choice.delta.content:
                print(f"  + {choice.delta.content!r}")
                content += choice.delta.content
            annotations = getattr(choice.delta, "annotations", None) or annotations
    with client.chat.completions.stream(**asked) as events:
        events.until_done()
        final = events.get_final_completion()
    assert final.choices[0].message.content == content, final
    assert [a["url_citation"] for a in annotations] == [
        a.url_citation.model_dump() for a in final.choices[0].message.annotations
    ], final
    show_annotations(content, final.choices[0].message.annotations)
    print(f"  {usage.prompt_tokens} tokens read, {usage.completion_tokens} written")
    return usage


def embeddings():
    """Without `encoding_format` this client asks for base64."""
    texts = ["The boiler was serviced in March.", "When was the heating maintained?", "A ferry at night."]
    decoded = client.embeddings.create(model=EMBEDDER, input=texts)
    plain = client.embeddings.create(model=EMBEDDER, input=texts, encoding_format="float")
    vectors = [item.embedding for item in decoded.data]
    # What was f32 all the way, and the shortest numbers that JSON has for the same.
    assert vectors == [list(array("f", item.embedding)) for item in plain.data]
    near, far = (sum(a * b for a, b in zip(vectors[0], other)) for other in vectors[1:])
    print(f"\nembeddings: {len(vectors[0])} values, cosines {near:.3f} and {far:.3f}, {decoded.usage.total_tokens} tokens")
    assert near > far + 0.2


def errors():
    print("\nerrors:")
    messages = [{"role": "user", "content": "Why?"}]
    for expected, asked in (
        (openai.NotFoundError, {"model": "nobody", "messages": messages}),
        (openai.BadRequestError, {"model": "default", "messages": messages, "n": 2}),
        (openai.BadRequestError, {"model": "default", "messages": []}),
    ):
        try:
            client.chat.completions.create(**asked)
        except expected as error:
            print(f"  {type(error).__name__}: {error.code}, {error.param}: {error.body['message']}")
        else:
            raise AssertionError(f"{expected} did not come")


print(f"openai {openai.__version__} for Python")
known = models()
assert chat(QUESTION).annotations
assert chat("Who won the football championship of 1974?").content == "Not in your documents."
assert stream("default").total_tokens == 0
if f"default@{LLM}" in known:
    assert stream(f"default@{LLM}").completion_tokens > 0
embeddings()
errors()

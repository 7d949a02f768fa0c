// What the stock `openai` client of Node makes of `/v1`: `stock-clients.mjs URL FOLDER`, where FOLDER has its packages. Prints a
// transcript; a wrong answer fails.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [url, folder] = process.argv.slice(2);
const load = createRequire(join(folder, 'package.json'));
const OpenAI = load('openai').default;
const QUESTION = 'How late may we turn up for the boat to Haddenvik?';
const LLM = 'smollm2-135m-instruct';
const EMBEDDER = 'all-minilm-l6-v2';
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'any', maxRetries: 0 });

// Indexes are code points; a string of JavaScript has UTF-16 units.
const cut = (content, start, end) => [...content].slice(start, end).join('');

function showAnnotations(content, annotations) {
  for (const { url_citation: cited, pllm: place } of annotations) {
    assert.ok(cited.url.startsWith(`${url}/library/`), cited.url);
    assert.ok(cut(content, cited.start_index, cited.end_index));
    console.log(`  [${cited.start_index}:${cited.end_index}] ${cited.title} (${place.support})`);
    console.log(`      “${place.quote}”`);
  }
}

async function models() {
  const ids = [];
  for await (const model of client.models.list()) ids.push(model.id);
  console.log('models:', ids.join(', '));
  assert.ok(ids.includes('default') && ids.includes(EMBEDDER));
  assert.equal((await client.models.retrieve('default')).pllm.collection, 'default');
  return ids;
}

async function chat(question) {
  const messages = [{ role: 'user', content: question }];
  const completion = await client.chat.completions.create({ model: 'default', messages });
  const { message, finish_reason: finish } = completion.choices[0];
  console.log(`\n${question}\n${message.content}`);
  showAnnotations(message.content, message.annotations);
  assert.equal(finish, 'stop');
  return message;
}

// Event by event, and once more by the client's own collector, which has to come to the same.
async function stream(model) {
  const messages = [{ role: 'user', content: QUESTION }];
  const asked = { model, messages, stream: true, stream_options: { include_usage: true } };
  console.log(`\nstream of ${model}:`);
  let [content, annotations, usage] = ['', [], null];
  for await (const chunk of await client.chat.completions.create(asked)) {
    usage = chunk.usage ?? usage;
    const delta = chunk.choices[0]?.delta ?? {};
    if (delta.content) console.log(`  + ${JSON.stringify(delta.content)}`);
    content += delta.content ?? '';
    annotations = delta.annotations ?? annotations;
  }
  const { choices } = await client.chat.completions.stream(asked).finalChatCompletion();
  assert.equal(choices[0].message.content, content);
  assert.deepEqual(choices[0].message.annotations, annotations);
  showAnnotations(content, annotations);
  console.log(`  ${usage.prompt_tokens} tokens read, ${usage.completion_tokens} written`);
  return usage;
}

// Without `encoding_format` this client asks for base64.
async function embeddings() {
  const input = ['The boiler was serviced in March.', 'When was the heating maintained?', 'A ferry at night.'];
  const decoded = await client.embeddings.create({ model: EMBEDDER, input });
  const plain = await client.embeddings.create({ model: EMBEDDER, input, encoding_format: 'float' });
  const vectors = decoded.data.map(({ embedding }) => [...embedding]);
  // What was f32 all the way, and the shortest numbers that JSON has for the same.
  plain.data.forEach(({ embedding }, n) => assert.deepEqual(embedding.map(Math.fround), vectors[n].map(Math.fround)));
  const dot = (a, b) => a.reduce((sum, value, n) => sum + value * b[n], 0);
  const [near, far] = vectors.slice(1).map((other) => dot(vectors[0], other));
  const values = `${vectors[0].length} values, cosines ${near.toFixed(3)} and ${far.toFixed(3)}`;
  console.log(`\nembeddings: ${values}, ${decoded.usage.total_tokens} tokens`);
  assert.ok(near > far + 0.2);
}

async function errors() {
  console.log('\nerrors:');
  const messages = [{ role: 'user', content: 'Why?' }];
  for (const [expected, asked] of [
    [OpenAI.NotFoundError, { model: 'nobody', messages }],
    [OpenAI.BadRequestError, { model: 'default', messages, n: 2 }],
    [OpenAI.BadRequestError, { model: 'default', messages: [] }],
  ]) {
    const told = (error) => {
      assert.ok(error instanceof expected, String(error));
      console.log(`  ${error.constructor.name}: ${error.code}, ${error.param}: ${error.error.message}`);
      return true;
    };
    await assert.rejects(client.chat.completions.create(asked), told);
  }
}

const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/openai/package.json'), 'utf8'));
console.log(`openai ${version} for Node`);
const known = await models();
assert.ok((await chat(QUESTION)).annotations.length > 0);
assert.equal((await chat('Who won the football championship of 1974?')).content, 'Not in your documents.');
assert.equal((await stream('default')).total_tokens, 0);
if (known.includes(`default@${LLM}`)) assert.ok((await stream(`default@${LLM}`)).completion_tokens > 0);
await embeddings();
await errors();

// Asking and following jobs against a service of a few lines: what is told, retried, given up.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { ask, type Stage } from './ask';
import { follow } from './jobs';
import type { Answer, Job, WrittenSentence } from './types';

const sse = (...events: [string, unknown][]): Response =>
  new Response(events.map(([event, data]) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`).join(''));
const problem = (status: number, detail: string): Response =>
  new Response(JSON.stringify({ detail, hint: 'a hint', status }), { status });

type Reply = Response | Error | (() => Response);

/** Answers by path, each path's replies in order, the last one for ever. */
function serve(replies: Record<string, Reply[]>): string[] {
  const asked: string[] = [];
  vi.stubGlobal('fetch', (path: string, init?: RequestInit) => {
    asked.push(path);
    if (init?.signal?.aborted) return Promise.reject(new DOMException('stopped', 'AbortError'));
    const left = replies[path] ?? [];
    const reply = left.length > 1 ? left.shift() : left[0];
    if (reply instanceof Error) return Promise.reject(reply);
    return Promise.resolve(typeof reply === 'function' ? reply() : reply);
  });
  return asked;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('ask', () => {
  const question = { collection: 'my flat', question: 'q', filter: '', llm: '' };
  const path = '/api/collections/my%20flat/ask';
  const run = (signal = new AbortController().signal) => {
    const heard: string[] = [];
    const listener = {
      onStage: (stage: Stage) => heard.push(stage.component),
      onAnswer: (answer: Answer) => heard.push(`answer ${answer.answer}`),
      onSentence: (sentence: WrittenSentence) => heard.push(sentence.text),
    };
    return { heard, answer: ask(question, listener, signal) };
  };

  it('tells the stages and gives the answer', async () => {
    serve({
      [path]: [sse(['stage', { component: 'reader', ms: 1 }], ['answer', { answer: 'a' }], ['done', {}])],
    });
    const { heard, answer } = run();
    expect((await answer).answer).toBe('a');
    expect(heard).toEqual(['reader', 'answer a']);
  });
  it('tells the first answer, what is written, and gives the last answer', async () => {
    const written = (text: string) => ({ text, support: 'supported', missing: [], citations: [], cited: [] });
    serve({
      [path]: [
        sse(
          ['answer', { answer: 'a' }],
          ['sentence', written('One.')],
          ['sentence', written(' Two.')],
          ['answer', { answer: 'a', generated: { text: 'One. Two.' } }],
          ['done', {}],
        ),
      ],
    });
    const { heard, answer } = run();
    expect((await answer).generated?.text).toBe('One. Two.');
    expect(heard).toEqual(['answer a', 'One.', ' Two.', 'answer a']);
  });
  it('says when it broke off while somebody wrote', async () => {
    serve({ [path]: [sse(['answer', { answer: 'a' }])] });
    const { heard, answer } = run();
    await expect(answer).rejects.toMatchObject({ message: 'the answer broke off' });
    expect(heard).toEqual(['answer a']);
  });
  it('fails with the reason of an error in the stream', async () => {
    serve({ [path]: [sse(['error', { detail: 'no model', hint: 'load it', status: 503 }], ['done', {}])] });
    await expect(run().answer).rejects.toMatchObject({ message: 'no model', hint: 'load it', status: 503 });
  });
  it('fails with the reason of a refusal', async () => {
    serve({ [path]: [problem(400, 'bad filter')] });
    await expect(run().answer).rejects.toMatchObject({ message: 'bad filter', hint: 'a hint' });
  });
  it('says when the answer broke off, and when nobody answers', async () => {
    serve({ [path]: [sse(['stage', { component: 'reader', ms: 1 }])] });
    await expect(run().answer).rejects.toMatchObject({ message: 'the answer broke off' });
    serve({ [path]: [new TypeError('failed')] });
    await expect(run().answer).rejects.toMatchObject({ offline: true });
  });
  it('ends as stopped when it is stopped', async () => {
    serve({ [path]: [sse()] });
    await expect(run(AbortSignal.abort()).answer).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('follow', () => {
  const job = (state: Job['state'], done: number) => ({ id: 3, state, files_done: done });
  const whole = (state: Job['state'], done: number) => () => new Response(JSON.stringify(job(state, done)));
  const run = async (signal = new AbortController().signal) => {
    const heard: number[] = [];
    const following = follow(3, (next) => heard.push(next.files_done), signal);
    following.catch(() => undefined);
    await vi.runAllTimersAsync();
    return { heard, following };
  };

  it('hears of every change until the job is over', async () => {
    vi.useFakeTimers();
    serve({
      '/api/jobs/3/events': [sse(['job', job('running', 1)], ['done', job('done', 2)])],
      '/api/jobs/3': [whole('done', 2)],
    });
    const { heard, following } = await run();
    await following;
    expect(heard).toEqual([1, 2, 2]);
  });
  it('goes on after the service was gone or busy', async () => {
    vi.useFakeTimers();
    serve({
      '/api/jobs/3/events': [
        new TypeError('gone'),
        problem(429, 'too many streams'),
        problem(503, 'not yet'),
        sse(['done', job('done', 2)]),
      ],
      '/api/jobs/3': [whole('done', 2)],
    });
    const { heard, following } = await run();
    await following;
    expect(heard).toEqual([2, 2]);
  });
  it('asks again when a stream ends early', async () => {
    vi.useFakeTimers();
    serve({
      '/api/jobs/3/events': [sse(['job', job('running', 1)]), sse(['done', job('done', 2)])],
      '/api/jobs/3': [whole('running', 1), whole('done', 2)],
    });
    const { heard } = await run();
    expect(heard).toEqual([1, 1, 2, 2]);
  });
  it('fails with the reason of an error in the stream', async () => {
    vi.useFakeTimers();
    serve({ '/api/jobs/3/events': [sse(['error', { detail: 'the job is gone', status: 404 }])] });
    await expect((await run()).following).rejects.toMatchObject({ message: 'the job is gone' });
  });
  it('gives up what the service refuses, and what is not wanted any more', async () => {
    vi.useFakeTimers();
    serve({ '/api/jobs/3/events': [problem(404, 'no such job')] });
    await expect((await run()).following).rejects.toMatchObject({ message: 'no such job' });
    serve({ '/api/jobs/3/events': [sse()] });
    await expect((await run(AbortSignal.abort())).following).resolves.toBeUndefined();
  });
  it('streams one job and asks after the others, so that connections are left', async () => {
    vi.useFakeTimers();
    const hanging = new Response(new ReadableStream());
    const asked = serve({
      '/api/jobs/1/events': [hanging],
      '/api/jobs/3': [whole('running', 1), whole('done', 2)],
    });
    const leave = new AbortController();
    void follow(1, () => undefined, leave.signal);
    const { heard } = await run();
    expect(heard).toEqual([1, 2]);
    expect(asked.filter((path) => path.includes('/3/events'))).toEqual([]);
    leave.abort();
  });
});

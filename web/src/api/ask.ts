// Asks a question and reports what happens while it is answered.
import { collectionPath, send } from './client';
import { Problem, unreachable, wasAborted } from './problem';
import { eventsOf } from './sse';
import type { Answer, ProblemDocument } from './types';

export interface Stage {
  component: string;
  ms: number;
}

export interface Question {
  collection: string;
  question: string;
  filter: string;
}

/** The answer; `onStage` hears of each component that has done its part. Aborting leaves the service's queue. */
export async function ask(
  { collection, question, filter }: Question,
  onStage: (stage: Stage) => void,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await send(`${collectionPath(collection)}/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify(filter === '' ? { question } : { question, filter }),
    signal,
  });
  let answer: Answer | null = null;
  try {
    for await (const { event, data } of eventsOf(response.body ?? new ReadableStream())) {
      if (event === 'stage') onStage(JSON.parse(data) as Stage);
      if (event === 'answer') answer = JSON.parse(data) as Answer;
      if (event === 'error') throw new Problem(JSON.parse(data) as Partial<ProblemDocument>);
    }
  } catch (thrown) {
    throw thrown instanceof Problem || wasAborted(thrown) ? thrown : unreachable();
  }
  if (answer === null) throw new Problem({ status: 502, detail: 'the answer broke off', hint: 'ask again' });
  return answer;
}

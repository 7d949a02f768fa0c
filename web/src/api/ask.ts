// Asks a question and reports what happens while it is answered.
import { collectionPath, send } from './client';
import { Problem, unreachable, wasAborted } from './problem';
import { eventsOf } from './sse';
import type { Answer, ProblemDocument, WrittenSentence } from './types';

export interface Stage {
  component: string;
  ms: number;
}

export interface Question {
  collection: string;
  question: string;
  filter: string;
  /** The language model that writes under the answer; empty = none. */
  llm: string;
}

/** Hears how an answer comes about. */
export interface Listener {
  /** A component has done its part. */
  onStage: (stage: Stage) => void;
  /** The answer; where a language model writes the reader's alone comes first, then all of it. */
  onAnswer: (answer: Answer) => void;
  /** A sentence was written and checked. */
  onSentence: (sentence: WrittenSentence) => void;
}

/** The whole answer. Aborting leaves the service's queue, and ends the writing. */
export async function ask(
  { collection, question, filter, llm }: Question,
  listener: Listener,
  signal: AbortSignal,
): Promise<Answer> {
  const response = await send(`${collectionPath(collection)}/ask`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ question, llm, ...(filter === '' ? {} : { filter }) }),
    signal,
  });
  let answer: Answer | null = null;
  let whole = false;
  try {
    for await (const { event, data } of eventsOf(response.body ?? new ReadableStream())) {
      if (event === 'stage') listener.onStage(JSON.parse(data) as Stage);
      if (event === 'sentence') listener.onSentence(JSON.parse(data) as WrittenSentence);
      if (event === 'answer') listener.onAnswer((answer = JSON.parse(data) as Answer));
      if (event === 'error') throw new Problem(JSON.parse(data) as Partial<ProblemDocument>);
      if (event === 'done') whole = true;
    }
  } catch (thrown) {
    throw thrown instanceof Problem || wasAborted(thrown) ? thrown : unreachable();
  }
  if (answer === null || !whole) {
    throw new Problem({ status: 502, detail: 'the answer broke off', hint: 'ask again' });
  }
  return answer;
}

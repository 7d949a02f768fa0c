// How an answer came about, in the words that people read.
import type { Trace, TracePlace, TracePrompt } from '../api/types';
import { counted } from './format';

/** Two digits after the point: ranks are what is compared, scores are for the curious. */
export const score = (points: number): string => points.toFixed(2);

/** A place in a list, or that there is none. */
export const rank = (at: number | null | undefined): string =>
  at === null || at === undefined ? '–' : `${at}`;

/** How many passages came from where, and how many of them were read. */
export function foundIn({ found, filter }: Pick<Trace, 'found' | 'filter'>): string {
  const lists = [
    ...(typeof found.keyword === 'number'
      ? [`${counted(found.keyword, 'passage shares', 'passages share')} words with the question`]
      : []),
    ...(typeof found.dense === 'number' ? [`${counted(found.dense, 'is', 'are')} near in meaning`] : []),
  ];
  const where = filter ? ` Only files where ${filter} were searched.` : '';
  return `${lists.join(', ')}; joined in one list of ${found.joined}, of which the best ${found.read} were read.${where}`;
}

/** What the best sentence scored against the case that no document says it. */
export function judged({
  best_score,
  no_answer_score,
}: Pick<Trace, 'best_score' | 'no_answer_score'>): string {
  const bar = `“your documents do not say” scored ${score(no_answer_score)}`;
  if (best_score === null || best_score === undefined) return `No sentence came into question; ${bar}.`;
  const outcome = best_score >= no_answer_score ? 'so it is the answer' : 'so nothing is claimed';
  return `The best sentence scored ${score(best_score)} and ${bar}, ${outcome}.`;
}

interface Message {
  role: string;
  /** `at` where it is a passage. */
  pieces: { text: string; at: TracePlace | null }[];
}

/** The messages of a prompt with the text of its passages; null where that is gone. */
export function messagesOf({
  segments,
  passages,
}: Pick<TracePrompt, 'segments' | 'passages'>): Message[] | null {
  if (!segments) return null;
  const messages: Message[] = [];
  for (const { kind, role, text, passage } of segments) {
    if (kind === 'message') {
      messages.push({ role: role ?? '', pieces: [] });
      continue;
    }
    const at = kind === 'passage' ? (passages.find(({ n }) => n === passage)?.at ?? null) : null;
    messages.at(-1)?.pieces.push({ text: at?.text ?? text ?? '', at });
  }
  return messages;
}

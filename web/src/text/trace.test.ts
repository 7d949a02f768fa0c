import { describe, expect, it } from 'vitest';
import type { TracePlace } from '../api/types';
import { foundIn, judged, messagesOf, rank } from './trace';

const place = (text: string): TracePlace => ({
  source: 'f1',
  revision: 1,
  name: 'lease.md',
  format: 'md',
  path: '',
  place: null,
  start: 0,
  end: text.length,
  text,
  document_id: 'd',
});

it.each([
  [
    { keyword: 7, dense: 1, joined: 7, read: 5 },
    null,
    '7 passages share words with the question, 1 is near in meaning; joined in one list of 7, of which the best 5 were read.',
  ],
  [
    { keyword: 1, dense: null, joined: 1, read: 1 },
    'year = 2020',
    '1 passage shares words with the question; joined in one list of 1, of which the best 1 were read. Only files where year = 2020 were searched.',
  ],
])('%j', (found, filter, expected) => expect(foundIn({ found, filter })).toBe(expected));

describe('judged', () => {
  it.each([
    [2.31, 'The best sentence scored 2.31 and “your documents do not say” scored 0.44, so it is the answer.'],
    [
      0.1,
      'The best sentence scored 0.10 and “your documents do not say” scored 0.44, so nothing is claimed.',
    ],
    [null, 'No sentence came into question; “your documents do not say” scored 0.44.'],
  ])('%s', (best_score, expected) => expect(judged({ best_score, no_answer_score: 0.44 })).toBe(expected));
});

it('has no rank where something is in no list', () => expect([rank(3), rank(null)]).toEqual(['3', '–']));

describe('messagesOf', () => {
  const text = (words: string) => ({ kind: 'text', text: words, role: null, passage: null });
  const message = (role: string) => ({ kind: 'message', role, text: null, passage: null });
  it('puts passages where they stood', () => {
    const passage = { kind: 'passage', passage: 2, role: null, text: null };
    const segments = [message('system'), text('Answer.'), message('user'), text('<passage>'), passage];
    const passages = [
      { n: 1, at: null },
      { n: 2, at: place('It is 900 euro.') },
    ];
    const told = messagesOf({ segments, passages });
    expect(told?.map(({ role, pieces }) => [role, ...pieces.map((piece) => piece.text)])).toEqual([
      ['system', 'Answer.'],
      ['user', '<passage>', 'It is 900 euro.'],
    ]);
    expect(told?.[1]?.pieces[1]?.at?.name).toBe('lease.md');
  });
  it('is nothing when a source is gone', () =>
    expect(messagesOf({ segments: null, passages: [] })).toBeNull());
});

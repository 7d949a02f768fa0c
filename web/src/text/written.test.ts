import { describe, expect, it } from 'vitest';
import type { Citation, Sentence } from '../api/types';
import { letterOf, partsOf, reasonOf, spokenOf, tally, writtenAsText } from './written';

const said = (text: string, citations: number[] = [1]): Sentence => ({
  text,
  support: 'supported',
  missing: [],
  citations,
});
const unsaid = (text: string, kind: string, what: string): Sentence => ({
  text,
  support: 'unsupported',
  missing: [{ kind, text: what }],
  citations: [],
});
const remark = (text: string): Sentence => ({ text, support: 'no_claim', missing: [], citations: [] });
const citation: Citation = {
  n: 1,
  quote: 'The deposit is 900 euro.',
  name: 'lease.md',
  place: { kind: 'section', label: '§ Deposit' },
  source: 'f1',
  path: '',
  start: 0,
  end: 24,
  document_id: 'd',
  format: 'md',
};

it('has letters, and goes on after z', () =>
  expect([1, 2, 26, 27].map(letterOf)).toEqual(['a', 'b', 'z', 'w27']));

describe('reasonOf', () => {
  it.each([
    [[['number', '4.1']], 'not what your documents say: the number “4.1”'],
    [
      [
        ['name', 'Anna'],
        ['date', '3 May'],
        ['name', 'Anna'],
      ],
      'not what your documents say: the name “Anna”, the date “3 May”',
    ],
    [[['date', '15:30']], 'not what your documents say: the time “15:30”'],
    [[['date', '01.05.2024']], 'not what your documents say: the date “01.05.2024”'],
    [[['negation', '']], 'your documents say the opposite'],
    [[['role', 'landlord']], 'your documents tie this to something else: “landlord”'],
    [[['evidence', '']], 'nothing in your documents says this'],
    [[], 'nothing in your documents says this'],
  ] as [string[][], string][])('%j', (missing, expected) =>
    expect(reasonOf(missing.map(([kind = '', text = '']) => ({ kind, text })))).toBe(expected),
  );
});

describe('partsOf', () => {
  const shown = (sentence: Sentence) => {
    const { space, runs } = partsOf(sentence);
    return space + runs.map((run) => (run.mark ? `{${run.text}}` : run.text)).join('');
  };
  it.each([
    [said(' It is.'), ' It is.'],
    [unsaid('It is 4 pounds.', 'number', '4 pounds'), 'It is {4 pounds}.'],
    [unsaid('It is **4** pounds.', 'number', '4'), 'It is {4} pounds.'],
    [unsaid('It is so.', 'number', '5'), 'It is so.'],
    [unsaid('It is so.', 'evidence', ''), 'It is so.'],
  ])('%j', (sentence, expected) => expect(shown(sentence)).toBe(expected));
});

it.each([
  [[said('a')], 'Every statement was found in your documents.'],
  [[said('a'), unsaid('b', 'number', '1'), remark('c')], '1 of 2 statements is not in your documents.'],
  [[unsaid('b', 'number', '1')], 'This statement is not in your documents.'],
  [[unsaid('b', 'number', '1'), unsaid('c', 'name', 'x')], 'None of its 2 statements is in your documents.'],
  [[remark('The passages do not say.')], ''],
])('counts %#', (sentences, expected) => expect(tally({ sentences }).text).toBe(expected));

it('tells a screen reader how much there is', () =>
  expect(spokenOf({ sentences: [said('a'), said('b')], citations: [] }, 'm')).toBe(
    'm wrote 2 sentences. Every statement was found in your documents.',
  ));

it('is copied with numbers, marks and the quotes', () =>
  expect(
    writtenAsText(
      {
        sentences: [said('The deposit is 900 euro.'), unsaid(' It is 4 pounds.', 'number', '4 pounds')],
        citations: [citation],
      },
      'm',
      true,
    ),
  ).toBe(
    'The deposit is 900 euro. [1] It is 4 pounds. [not what your documents say: the number “4 pounds”]\n\n' +
      'Draft by m, each statement checked against the documents.\n\n' +
      '[1] lease.md, § Deposit: “The deposit is 900 euro.”',
  ));

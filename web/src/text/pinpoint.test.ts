import { describe, expect, it } from 'vitest';
import type { Citation } from '../api/types';
import { asText, heroSize, inOneLine, isShown, pinpoint, placeLabel } from './pinpoint';

const cite = (n: number, quote: string, label = 'p. 2', kind = 'page'): Citation => ({
  n,
  quote,
  name: 'lease.pdf',
  place: { kind, label },
  source: 'f1',
  path: '',
  start: 0,
  end: quote.length,
  document_id: 'd',
  unread: null,
  format: 'pdf',
});
const marked = (answer: string, quote: string) =>
  pinpoint({ answer, citations: [cite(1, quote)] })
    .map((run) => (run.mark ? `{${run.text}}` : run.text))
    .join('');

describe('pinpoint', () => {
  it.each([
    ['The rent is 612 pounds.', 'The rent is 612 pounds.', '{The rent is 612 pounds.}'],
    ['612 pounds', 'The rent is 612 pounds.', 'The rent is {612 pounds}.'],
    ['Written by a model.', 'The rent is 612 pounds.', 'Written by a model.'],
    ['', 'The rent is 612 pounds.', ''],
  ])('%s in %s', (answer, quote, expected) => expect(marked(answer, quote)).toBe(expected));
  it('is the bare answer without citations', () =>
    expect(pinpoint({ answer: 'x', citations: [] })).toEqual([{ text: 'x', mark: false }]));
});

describe('inOneLine', () => {
  it.each([
    ['The shop opens at 6:30.', 'The shop opens at 6:30.'],
    ['of the roof\nand the gutter', 'of the roof and the gutter'],
    ['- The bakers start at 1:15.', 'The bakers start at 1:15.'],
    ['| 5 | Bookbinder | 44.0 m² |  |', '5 · Bookbinder · 44.0 m²'],
  ])('%j', (quote, expected) => expect(inOneLine(quote)).toBe(expected));
});

it('shows the first quote once only', () => {
  const answer = { answer: 'a', citations: [cite(1, 'a b'), cite(2, 'a c')] };
  expect(answer.citations.map((one) => isShown(answer, one))).toEqual([true, false]);
});

it('leaves out what the name of a row says', () => {
  expect(placeLabel(cite(1, 'q'))).toBe('p. 2');
  expect(placeLabel(cite(1, 'q', 'row 4', 'row'))).toBe('');
  expect(placeLabel({ place: null })).toBe('');
});

it('sets long answers smaller', () =>
  expect([10, 200, 900].map((length) => heroSize('x'.repeat(length)))).toEqual(['short', 'medium', 'long']));

it('copies the words with their place', () =>
  expect(
    asText({
      question: 'q',
      answer: 'a',
      abstained: false,
      confidence: 1,
      note: null,
      citations: [cite(1, 'a')],
      timings: {},
      reading: null,
    }),
  ).toBe('“a” (lease.pdf, p. 2)'));

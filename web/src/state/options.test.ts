import { describe, expect, it } from 'vitest';
import { isTable, labelsOf, linesOf, uploadOptions } from './options';

describe('labelsOf', () => {
  it.each([
    ['', {}, null],
    ['topic = tax', { topic: 'tax' }, null],
    ['year=2024\n\n paid = true ', { year: 2024, paid: true }, null],
    ['zip = "10115"', { zip: '10115' }, null],
    ['formula = a = b', { formula: 'a = b' }, null],
    ['topic', {}, 'topic'],
    ['a = 1\ntopic =', { a: 1 }, 'topic ='],
  ])('%j', (text, labels, wrong) => expect(labelsOf(text)).toEqual({ labels, wrong }));
});

it('says nothing where nothing is said', () => {
  expect(uploadOptions({}, [])).toEqual({});
  expect(uploadOptions({ a: 1 }, ['x'])).toEqual({ set: { a: 1 }, passwords: ['x'] });
  expect(linesOf(' a \n\nb')).toEqual(['a', 'b']);
});

it('knows tables by their names', () =>
  expect(['a.csv', 'b/c.JSONL', 'csv.pdf'].map(isTable)).toEqual([true, true, false]));

import { expect, it } from 'vitest';
import { piecesOf } from './code';

it.each([
  ['plain', 'plain'],
  ['run `pllm serve` first', 'run |[pllm serve]| first'],
  ['`a` and `b`', '[a]| and |[b]'],
  ['an odd ` one', 'an odd | one'],
  ['', ''],
])('%j', (message, expected) =>
  expect(
    piecesOf(message)
      .map(({ text, code }) => (code ? `[${text}]` : text))
      .join('|'),
  ).toBe(expected),
);

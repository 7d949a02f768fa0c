import { describe, expect, it } from 'vitest';
import { blocksOf, cut, type Block } from './blocks';

const seg = (text: string, mark = false, heading?: number) =>
  heading === undefined ? { text, mark } : { text, mark, heading };

/** A block in one line: marked text stands in braces. */
function shown(block: Block): string {
  const runs = (list: { text: string; mark: boolean }[]) =>
    list.map((r) => (r.mark ? `{${r.text}}` : r.text)).join('');
  switch (block.kind) {
    case 'heading':
      return `h${block.level} ${runs(block.runs)}`;
    case 'paragraph':
      return `p ${block.lines.map(runs).join(' / ')}`;
    case 'list':
      return `${block.ordered ? 'ol' : 'ul'} ${block.items.map((item) => `${item.label} ${runs(item.runs)}`).join(' ; ')}`;
    case 'table':
      return `t ${block.rows.map((row) => row.map(runs).join(',')).join(' ; ')}`;
  }
}

const check = (segments: ReturnType<typeof seg>[], expected: string[]) =>
  expect(blocksOf(segments).map(shown)).toEqual(expected);

describe('blocksOf', () => {
  it('keeps paragraphs and their lines apart', () =>
    check([seg('one\ntwo\n\n\nthree')], ['p one / two', 'p three']));
  it('marks a range inside a paragraph', () =>
    check([seg('The fee is '), seg('12 pounds', true), seg('.\n')], ['p The fee is {12 pounds}.']));
  it('carries a mark over lines and paragraphs', () =>
    check([seg('a '), seg('b\nc\n\nd', true), seg(' e')], ['p a {b} / {c}', 'p {d} e']));
  it('takes headings from the segments and drops their signs', () =>
    check([seg('## Rent', false, 2), seg('\n\nIt is due.')], ['h2 Rent', 'p It is due.']));
  it('marks inside a heading', () =>
    check([seg('# The ', false, 1), seg('rent', true, 1)], ['h1 The {rent}']));
  it('gathers lists over blank lines, and ends them with text', () =>
    check([seg('- a\n\n- b\n1. c\nrest')], ['ul - a ; - b', 'ol 1. c', 'p rest']));
  it('makes rows and cells, without the rule, with empty cells', () =>
    check([seg('| a | b |\n| --- | :-: |\n| '), seg('1', true), seg(' |  |')], ['t a,b ; {1},']));
  it('knows a bar inside a cell', () => check([seg('| a \\| b | c |')], ['t a \\| b,c']));
  it('marks across cells', () => check([seg('| a '), seg('| b |', true), seg(' c |')], ['t a,{b},c']));
  it('takes an ordinary line with a number for no list', () =>
    check([seg('1908 was dry.')], ['p 1908 was dry.']));
  it('is empty for empty text', () => check([seg('\n\n')], []));
});

it('ranks headings without gaps, whatever levels a document skips', () => {
  const levels = [2, 4, 4, 3, 1, 2];
  const blocks = blocksOf(levels.map((level) => seg(`h\n`, false, level)));
  expect(blocks.map((block) => (block.kind === 'heading' ? block.rank : null))).toEqual([1, 2, 2, 2, 1, 2]);
});

describe('cut', () => {
  it('cuts across runs', () =>
    expect(
      cut(
        [
          { text: 'abc', mark: false },
          { text: 'def', mark: true },
        ],
        2,
        5,
      ),
    ).toEqual([
      { text: 'c', mark: false },
      { text: 'de', mark: true },
    ]));
});

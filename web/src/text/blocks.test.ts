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
    case 'quote':
      return `q ${block.lines.map(runs).join(' / ')}`;
    case 'code':
      return `c ${block.lines.map(runs).join(' / ')}`;
    case 'rule':
      return 'rule';
    case 'list':
      return `${block.ordered ? 'ol' : 'ul'} ${block.items.map((item) => `${'>'.repeat(item.depth)}${item.label} ${runs(item.runs)}`).join(' ; ')}`;
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

describe('of Markdown', () => {
  const checkMarkdown = (segments: ReturnType<typeof seg>[], expected: string[]) =>
    expect(blocksOf(segments, 'md').map(shown)).toEqual(expected);
  it('knows fenced code, and takes nothing in it for structure', () =>
    checkMarkdown(
      [seg('```sh\n# not a '), seg('heading', true), seg('\n- **no**\n```\nrest')],
      ['c # not a {heading} / - **no**', 'p rest'],
    ));
  it('leaves code open to the end where nothing closes it', () =>
    checkMarkdown([seg('~~~\na\n```\n')], ['c a / ``` / ']));
  it('knows quotes, rules and underlined headings', () =>
    checkMarkdown(
      [seg('Title', false, 1), seg('\n=====\n> a\n> b\n\n---\nc')],
      ['h1 Title', 'q a / b', 'rule', 'p c'],
    ));
  it('knows lists in lists, tasks, and lines set in under an item', () =>
    checkMarkdown([seg('- a\n  goes on\n  - b\n- [x] c\n- [ ] d')], ['ul - a goes on ; >- b ; ☑ c ; ☐ d']));
  it('carries emphasis over a line end', () => checkMarkdown([seg('a **b\nc** d')], ['p a b / c d']));
  it('leaves other formats as they are', () => check([seg('a **b** `c`\n---')], ['p a **b** `c` / ---']));
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

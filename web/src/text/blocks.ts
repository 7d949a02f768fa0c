// Turns the segments of a source's text into headings, paragraphs, lists and tables, with the marked range inside them.
// The text itself is never changed beyond the signs that the structure replaces (`# `, `- `, `|`, of Markdown `**` and its like).
import type { Segment } from '../api/types';
import { inline } from './inline';

export interface Run {
  text: string;
  mark: boolean;
  /** Names of styles, as classes. */
  styles?: string;
}

/** An item; `depth` counts the lists around its own. */
export interface Item {
  label: string;
  depth: number;
  runs: Run[];
}

export type Block =
  /** `level` is how it looks; `rank` counts the headings it stands under, which documents skip levels of. */
  | { kind: 'heading'; level: number; rank: number; runs: Run[] }
  | { kind: 'paragraph'; lines: Run[][] }
  | { kind: 'quote'; lines: Run[][] }
  | { kind: 'code'; lines: Run[][] }
  | { kind: 'rule' }
  | { kind: 'list'; ordered: boolean; items: Item[] }
  | { kind: 'table'; rows: Run[][][] };

interface Line {
  runs: Run[];
  heading: number | null;
}

const BULLET = /^(\s*)([-*+•‣–]|\d{1,3}[.)])\s+(?:\[([ xX])\]\s+)?/;
const TABLE_ROW = /^\s*\|.*\|\s*$/;
const TABLE_RULE = /^\s*\|[\s:|-]+\|\s*$/;

/** `format` is that of the file: of Markdown the signs inside lines are structure, too. */
export function blocksOf(segments: Segment[], format?: string): Block[] {
  const blocks: Block[] = [];
  const isMarkdown = format === 'md';
  let open: Block | null = null;
  let fence: RegExp | null = null;
  for (const line of linesOf(segments)) {
    const text = plain(line.runs);
    if (fence !== null) {
      if (fence.test(text)) fence = null;
      else if (open?.kind === 'code') open.lines.push(line.runs);
    } else if (isMarkdown && FENCE.test(text)) {
      fence = new RegExp(`^ {0,3}${FENCE.exec(text)![1]!}[\`~]*\\s*$`);
      open = put(blocks, { kind: 'code', lines: [] });
    } else if (text.trim() === '') {
      open = overBlank(open);
    } else {
      open = (isMarkdown ? addMarkdown(blocks, open, line, text) : null) ?? addLine(blocks, open, line, text);
    }
  }
  rank(blocks);
  return isMarkdown ? blocks.map(withStyles) : blocks;
}

const FENCE = /^ {0,3}(`{3,}|~{3,})[^`]*$/;
const RULE = /^ {0,3}(?:(?:\*\s*){3,}|(?:-\s*){3,}|(?:_\s*){3,})$/;
const UNDERLINE = /^ {0,3}(?:=+|-+)\s*$/;
const QUOTE = /^ {0,3}> ?/;

/** The block of a line that only Markdown has; `null` for any other. */
function addMarkdown(blocks: Block[], open: Block | null, line: Line, text: string): Block | null {
  if (line.heading !== null) return null;
  if (open?.kind === 'heading' && UNDERLINE.test(text)) return open;
  if (RULE.test(text)) return put(blocks, { kind: 'rule' });
  const quoted = QUOTE.exec(text);
  if (quoted === null) return null;
  const runs = cut(line.runs, quoted[0].length, text.length);
  if (open?.kind !== 'quote') return put(blocks, { kind: 'quote', lines: [runs] });
  open.lines.push(runs);
  return open;
}

function withStyles(block: Block): Block {
  switch (block.kind) {
    case 'heading':
      return { ...block, runs: inline(block.runs) };
    case 'paragraph':
    case 'quote':
      return { ...block, lines: overLines(block.lines) };
    case 'list':
      return { ...block, items: block.items.map((item) => ({ ...item, runs: inline(item.runs) })) };
    case 'table':
      return { ...block, rows: block.rows.map((row) => row.map(inline)) };
    default:
      return block;
  }
}

/** What is emphasised may go on over the end of a line. */
function overLines(lines: Run[][]): Run[][] {
  const whole = lines.flatMap((line, index) => (index > 0 ? [{ text: '\n', mark: false }, ...line] : line));
  const made: Run[][] = [[]];
  for (const run of inline(whole)) {
    run.text.split('\n').forEach((text, index) => {
      if (index > 0) made.push([]);
      if (text !== '') made.at(-1)!.push({ ...run, text });
    });
  }
  return made;
}

function rank(blocks: Block[]): void {
  const above: number[] = [];
  for (const block of blocks) {
    if (block.kind !== 'heading') continue;
    while ((above.at(-1) ?? 0) >= block.level) above.pop();
    block.rank = above.push(block.level);
  }
}

/** A list goes on over the blank lines between its items. */
const overBlank = (open: Block | null): Block | null => (open?.kind === 'list' ? open : null);

/** The block that the next line may belong to. */
function addLine(blocks: Block[], open: Block | null, line: Line, text: string): Block | null {
  if (line.heading !== null) {
    const sign = /^#{1,6}\s+/.exec(text)?.[0].length ?? 0;
    return put(blocks, {
      kind: 'heading',
      level: line.heading,
      rank: 1,
      runs: cut(line.runs, sign, text.length),
    });
  }
  if (TABLE_ROW.test(text)) {
    const table = open?.kind === 'table' ? open : put(blocks, { kind: 'table', rows: [] });
    if (!TABLE_RULE.test(text)) table.rows.push(cellsOf(line.runs, text));
    return table;
  }
  const bullet = BULLET.exec(text);
  if (bullet !== null) return addItem(blocks, open, line.runs, bullet);
  const last = open?.kind === 'list' && /^\s{2,}/.test(text) ? open.items.at(-1) : undefined;
  if (open !== null && last !== undefined) {
    // The line is set in under its item.
    last.runs.push(
      { text: ' ', mark: false },
      ...cut(line.runs, text.length - text.trimStart().length, text.length),
    );
    return open;
  }
  if (open?.kind === 'paragraph') {
    open.lines.push(line.runs);
    return open;
  }
  return put(blocks, { kind: 'paragraph', lines: [line.runs] });
}

function addItem(blocks: Block[], open: Block | null, runs: Run[], bullet: RegExpExecArray): Block {
  const [signs, indent = '', sign = '', done] = bullet;
  const label = done === undefined ? sign : done === ' ' ? '☐' : '☑';
  const depth = Math.min(Math.floor(indent.replaceAll('\t', '    ').length / 2), MOST_DEPTH);
  const ordered = /\d/.test(label);
  const list =
    open?.kind === 'list' && (open.ordered === ordered || depth > 0)
      ? open
      : put(blocks, { kind: 'list', ordered, items: [] });
  list.items.push({ label, depth, runs: cut(runs, signs.length, Infinity) });
  return list;
}

/** Lists in lists in lists are drawn no further in. */
const MOST_DEPTH = 4;

function put<B extends Block>(blocks: Block[], block: B): B {
  blocks.push(block);
  return block;
}

function linesOf(segments: Segment[]): Line[] {
  const lines: Line[] = [{ runs: [], heading: null }];
  for (const { text, mark, heading } of segments) {
    text.split(/\r\n|[\n\f]/).forEach((piece, index) => {
      if (index > 0) lines.push({ runs: [], heading: null });
      const line = lines.at(-1)!;
      if (piece !== '') line.runs.push({ text: piece, mark });
      if (piece.trim() !== '') line.heading ??= heading ?? null;
    });
  }
  return lines;
}

const plain = (runs: Run[]): string => runs.map((run) => run.text).join('');

/** The part of the runs between two offsets of their joined text. */
export function cut(runs: Run[], start: number, end: number): Run[] {
  const kept: Run[] = [];
  let at = 0;
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, start - at), Math.max(0, end - at));
    if (text !== '') kept.push({ text, mark: run.mark });
    at += run.text.length;
  }
  return kept;
}

/** Cells stand between bars; `\|` is a bar inside a cell. */
function cellsOf(runs: Run[], text: string): Run[][] {
  const bars = [...text.matchAll(/(?<!\\)\|/g)].map((match) => match.index);
  return bars.slice(1).map((bar, index) => trimmed(text, runs, bars[index]! + 1, bar));
}

function trimmed(text: string, runs: Run[], start: number, end: number): Run[] {
  const cell = text.slice(start, end);
  const lead = cell.length - cell.trimStart().length;
  return cut(runs, start + lead, start + cell.trimEnd().length);
}

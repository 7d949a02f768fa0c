// Turns the segments of a source's text into headings, paragraphs, lists and tables, with the marked range inside them.
// The text itself is never changed beyond the signs that the structure replaces (`# `, `- `, `|`).
import type { Segment } from '../api/types';

export interface Run {
  text: string;
  mark: boolean;
}

export type Block =
  /** `level` is how it looks; `rank` counts the headings it stands under, which documents skip levels of. */
  | { kind: 'heading'; level: number; rank: number; runs: Run[] }
  | { kind: 'paragraph'; lines: Run[][] }
  | { kind: 'list'; ordered: boolean; items: { label: string; runs: Run[] }[] }
  | { kind: 'table'; rows: Run[][][] };

interface Line {
  runs: Run[];
  heading: number | null;
}

const BULLET = /^\s*([-*•‣–]|\d{1,3}[.)])\s+/;
const TABLE_ROW = /^\s*\|.*\|\s*$/;
const TABLE_RULE = /^\s*\|[\s:|-]+\|\s*$/;

export function blocksOf(segments: Segment[]): Block[] {
  const blocks: Block[] = [];
  let open: Block | null = null;
  for (const line of linesOf(segments)) {
    const text = plain(line.runs);
    open = text.trim() === '' ? overBlank(open) : addLine(blocks, open, line, text);
  }
  rank(blocks);
  return blocks;
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
  if (open?.kind === 'paragraph') {
    open.lines.push(line.runs);
    return open;
  }
  return put(blocks, { kind: 'paragraph', lines: [line.runs] });
}

function addItem(blocks: Block[], open: Block | null, runs: Run[], bullet: RegExpExecArray): Block {
  const label = bullet[1]!;
  const ordered = /\d/.test(label);
  const list =
    open?.kind === 'list' && open.ordered === ordered
      ? open
      : put(blocks, { kind: 'list', ordered, items: [] });
  list.items.push({ label, runs: cut(runs, bullet[0].length, Infinity) });
  return list;
}

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

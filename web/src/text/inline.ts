// The signs of Markdown inside a line (CommonMark 0.31, sections 6.1 to 6.6): what they mean is told, they themselves are left
// out. Nothing else of the text changes, and a marked range stays the range it was.
import type { Run } from './blocks';

/** What a text can be, in any combination; the names are classes. */
const STYLES = ['strong', 'em', 'struck', 'code', 'link', 'target'] as const;
type Style = (typeof STYLES)[number];

interface Delimiter {
  sign: string;
  /** Where its unused signs begin and end. */
  start: number;
  end: number;
  opens: boolean;
  closes: boolean;
}

/** What is known of each character of a text. */
interface Signs {
  /** 1 where it is a sign that is left out. */
  hidden: Uint8Array;
  /** A bit for each style. */
  styles: Uint8Array;
}

/** A longer paragraph is not a person's, and is shown as it is. */
const MOST = 20_000;

/** The runs with styles instead of signs. Signs that have no partner are text. */
export function inline(runs: Run[]): Run[] {
  const text = runs.map((run) => run.text).join('');
  if (text.length > MOST || !/[*_`[\\~<]/.test(text)) return runs;
  const signs = { hidden: new Uint8Array(text.length), styles: new Uint8Array(text.length) };
  emphasis(text, literals(text, signs), signs);
  return told(runs, signs);
}

/** Hides the signs of escapes, code, links and addresses; gives where no emphasis is looked for. */
function literals(text: string, signs: Signs): Uint8Array {
  const taken = new Uint8Array(text.length);
  const take = (start: number, end: number) => taken.fill(1, start, end);
  const hide = (start: number, end: number) => {
    take(start, end);
    signs.hidden.fill(1, start, end);
  };
  const parts =
    /\\([!-/:-@[-`{-~])|(`+)(?!`)|<((?:https?:\/\/|mailto:)[^\s<>]+)>|!?\[([^[\]\n]+)\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)/g;
  for (let match = parts.exec(text); match !== null; match = parts.exec(text)) {
    const [all, escaped, ticks, address, label, target] = match;
    const [start, end] = [match.index, match.index + all.length];
    if (escaped !== undefined) {
      hide(start, start + 1);
      take(start + 1, end);
    } else if (ticks !== undefined) {
      const close = closing(text, end, ticks.length);
      if (close < 0) continue;
      hide(start, end);
      style(signs, 'code', end, close);
      take(end, close);
      hide(close, close + ticks.length);
      parts.lastIndex = close + ticks.length;
    } else if (address !== undefined) {
      hide(start, start + 1);
      take(start + 1, end - 1);
      style(signs, 'link', start + 1, end - 1);
      hide(end - 1, end);
    } else {
      const open = start + all.indexOf('[') + 1;
      const after = open + label!.length;
      hide(start, open);
      style(signs, 'link', open, after);
      hide(after, after + 2);
      take(after + 2, end - 1);
      if (target !== '') style(signs, 'target', after + 2, end - 1);
      hide(end - 1, end);
    }
  }
  return taken;
}

/** Where as many backticks close what as many have opened; -1 for nowhere. */
function closing(text: string, from: number, count: number): number {
  for (const match of text.slice(from).matchAll(/`+/g)) {
    if (match[0].length === count) return from + match.index;
  }
  return -1;
}

/** Pairs `*`, `_` and `~~` as section 6.2 does, from the left to the right. */
function emphasis(text: string, taken: Uint8Array, signs: Signs): void {
  const open: Delimiter[] = [];
  for (const delimiter of delimiters(text, taken)) {
    while (delimiter.closes && delimiter.start < delimiter.end) {
      const at = open.findLastIndex((other) => other.sign === delimiter.sign && other.start < other.end);
      const opener = open[at];
      if (opener === undefined) break;
      const both = Math.min(opener.end - opener.start, delimiter.end - delimiter.start, 2);
      if (delimiter.sign === '~' && both < 2) break;
      style(signs, styleOf(delimiter.sign, both), opener.end, delimiter.start);
      signs.hidden.fill(1, opener.end - both, opener.end);
      signs.hidden.fill(1, delimiter.start, delimiter.start + both);
      opener.end -= both;
      delimiter.start += both;
      // What stands between was not closed, and is text.
      open.length = opener.start < opener.end ? at + 1 : at;
    }
    if (delimiter.opens && delimiter.start < delimiter.end) open.push(delimiter);
  }
}

const styleOf = (sign: string, count: number): Style =>
  sign === '~' ? 'struck' : count === 2 ? 'strong' : 'em';

function* delimiters(text: string, taken: Uint8Array): Generator<Delimiter> {
  for (const match of text.matchAll(/\*+|_+|~~/g)) {
    const [start, end] = [match.index, match.index + match[0].length];
    if (taken[start]) continue;
    const sign = text[start]!;
    const [before, after] = [text[start - 1] ?? ' ', text[end] ?? ' '];
    const left = flanks(after, before);
    const right = flanks(before, after);
    const opens = left && (sign !== '_' || !right || isPunctuation(before));
    const closes = right && (sign !== '_' || !left || isPunctuation(after));
    yield { sign, start, end, opens, closes };
  }
}

/** Whether signs beside `near` belong to it rather than to `far`. */
const flanks = (near: string, far: string): boolean =>
  !/\s/.test(near) && (!isPunctuation(near) || /\s/.test(far) || isPunctuation(far));

const isPunctuation = (sign: string): boolean => /[\p{P}\p{S}]/u.test(sign);

function style(signs: Signs, style: Style, start: number, end: number): void {
  const bit = 1 << STYLES.indexOf(style);
  for (let at = start; at < end; at += 1) signs.styles[at]! |= bit;
}

/** The runs cut where styles change, without what is hidden. */
function told(runs: Run[], { hidden, styles }: Signs): Run[] {
  const cut: Run[] = [];
  let at = 0;
  for (const run of runs) {
    let open = -1;
    for (const sign of run.text.split('')) {
      const bits = styles[at]!;
      if (!hidden[at]) {
        if (open !== bits) cut.push({ text: '', mark: run.mark, ...named(bits) });
        cut.at(-1)!.text += sign;
        open = bits;
      }
      at += 1;
    }
  }
  return cut;
}

const named = (bits: number): Pick<Run, 'styles'> =>
  bits === 0 ? {} : { styles: STYLES.filter((_, index) => bits & (1 << index)).join(' ') };

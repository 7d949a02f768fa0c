// What a language model wrote, in the words that people read: why a sentence is marked, how many are, and all of it for pasting.
import type { Citation, Missing, Sentence } from '../api/types';
import type { Run } from './blocks';
import { counted } from './format';
import { inline } from './inline';
import { placeLabel } from './pinpoint';

/** Citations of written text have letters, those of the reader's answer numbers. */
export const letterOf = (n: number): string => (n <= 26 ? String.fromCharCode(96 + n) : `w${n}`);

/** Why a sentence is marked. */
export function reasonOf(missing: Missing[]): string {
  const named = missing.filter(({ kind, text }) => WORDS.includes(kind) && text !== '');
  const things = [...new Set(named.map((one) => `the ${wordOf(one)} “${one.text}”`))];
  if (things.length > 0) return `not what your documents say: ${things.join(', ')}`;
  if (missing.some(({ kind }) => kind === 'negation')) return 'your documents say the opposite';
  const role = missing.find(({ kind }) => kind === 'role');
  if (role) return `your documents tie this to something else${role.text ? `: “${role.text}”` : ''}`;
  return 'nothing in your documents says this';
}

const WORDS = ['number', 'unit', 'date', 'name'];

const wordOf = ({ kind, text }: Missing): string =>
  kind === 'date' && /^\d{1,2}[:.]\d\d\b(?!\.)/.test(text) ? 'time' : kind;

/** The white space before a sentence, and its text, in which what the documents do not say is marked. */
export function partsOf({ text, missing }: Pick<Sentence, 'text' | 'missing'>): {
  space: string;
  runs: Run[];
} {
  const body = text.trimStart();
  const space = text.slice(0, text.length - body.length);
  return { space, runs: inline(missing.reduce(marked, [{ text: body, mark: false }])) };
}

/** Marks the first place of a text that is not marked yet. */
function marked(runs: Run[], { text }: Missing): Run[] {
  const at = text === '' ? -1 : runs.findIndex((run) => !run.mark && run.text.includes(text));
  const run = runs[at];
  if (run === undefined) return runs;
  const start = run.text.indexOf(text);
  const cut = [
    { text: run.text.slice(0, start), mark: false },
    { text, mark: true },
    { text: run.text.slice(start + text.length), mark: false },
  ];
  return [...runs.slice(0, at), ...cut.filter((piece) => piece.text !== ''), ...runs.slice(at + 1)];
}

interface Written {
  sentences: Sentence[];
  citations: Citation[];
}

/** How many sentences are marked, or that none is; empty where nothing claims anything. */
export function tally({ sentences }: Pick<Written, 'sentences'>): { wrong: number; text: string } {
  const claims = sentences.filter(({ support }) => support !== 'no_claim');
  const wrong = claims.filter(({ support }) => support === 'unsupported').length;
  if (claims.length === 0) return { wrong, text: '' };
  if (wrong === 0) return { wrong, text: 'Every statement was found in your documents.' };
  if (wrong === claims.length) {
    return {
      wrong,
      text:
        wrong === 1
          ? 'This statement is not in your documents.'
          : `None of its ${wrong} statements is in your documents.`,
    };
  }
  return {
    wrong,
    text: `${wrong} of ${claims.length} statements ${wrong === 1 ? 'is' : 'are'} not in your documents.`,
  };
}

/** What a screen reader is told when the writing is over. */
export const spokenOf = (written: Written, model: string): string =>
  `${model} wrote ${counted(written.sentences.length, 'sentence')}. ${tally(written).text}`.trim();

/** For pasting elsewhere: each sentence with its numbers or its mark, then file, place and quote of each number. */
export function writtenAsText({ sentences, citations }: Written, model: string, draft: boolean): string {
  const text = sentences.map((sentence) => sentence.text + sign(sentence)).join('');
  const what = `${draft ? 'Draft' : 'Written'} by ${model}, each statement checked against the documents.`;
  const sources = citations.map((citation) => {
    const place = [citation.name, placeLabel(citation)].filter(Boolean).join(', ');
    return `[${citation.n}] ${place}: “${citation.quote}”`;
  });
  return [text.trim(), what, sources.join('\n')].filter((part) => part !== '').join('\n\n');
}

function sign({ support, missing, citations }: Sentence): string {
  const near = citations.length === 0 ? '' : `; compare ${citations.join(', ')}`;
  if (support === 'unsupported') return ` [${reasonOf(missing)}${near}]`;
  return citations.length === 0 ? '' : ` ${citations.map((n) => `[${n}]`).join('')}`;
}

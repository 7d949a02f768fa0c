// What the eye should land on: the answer inside the sentence that it was taken from.
import type { Answer, Citation } from '../api/types';
import { blocksOf, type Block, type Run } from './blocks';

/** The best sentence with the answer marked in it; the bare answer where no quote holds it. */
export function pinpoint({ answer, citations }: Pick<Answer, 'answer' | 'citations'>): Run[] {
  const quote = citations[0]?.quote ?? '';
  const at = answer === '' ? -1 : quote.indexOf(answer);
  if (at < 0) return [{ text: answer, mark: false }];
  const runs = [
    { text: quote.slice(0, at), mark: false },
    { text: answer, mark: true },
    { text: quote.slice(at + answer.length), mark: false },
  ];
  return runs.filter((run) => run.text !== '');
}

/** Whether the hero already shows this quote. */
export const isShown = (
  { answer, citations }: Pick<Answer, 'answer' | 'citations'>,
  citation: Citation,
): boolean => citation.n === citations[0]?.n && citation.quote.includes(answer);

/** Where a quote stands, without what the file's name says already. */
export const placeLabel = ({ place }: Pick<Citation, 'place'>): string =>
  !place || place.kind === 'row' ? '' : place.label;

/** Long answers are set smaller, so that they stay one look. */
export function heroSize(text: string): 'short' | 'medium' | 'long' {
  if (text.length <= 140) return 'short';
  return text.length <= 320 ? 'medium' : 'long';
}

/** A quote without the signs of its list or table, for a list of questions and for reading aloud. */
export const inOneLine = (quote: string, format?: string): string =>
  blocksOf([{ text: quote, mark: false }], format)
    .flatMap(partsOf)
    .map((runs) => runs.map((run) => run.text).join(''))
    .filter((text) => text !== '')
    .join(' · ');

function partsOf(block: Block): Run[][] {
  switch (block.kind) {
    case 'heading':
      return [block.runs];
    case 'rule':
      return [];
    case 'code':
      return block.lines;
    case 'paragraph':
    case 'quote':
      return [
        block.lines.flatMap((line, index) => (index > 0 ? [{ text: ' ', mark: false }, ...line] : line)),
      ];
    case 'list':
      return block.items.map((item) => item.runs);
    case 'table':
      return block.rows.flat();
  }
}

const EXCERPT = 400;

/** The beginning of a passage in one line. */
export function excerpt(content: string): string {
  const line = inOneLine(content);
  return line.length <= EXCERPT ? line : `${line.slice(0, EXCERPT).trimEnd()}…`;
}

/** For pasting elsewhere: the words, and where they stand. */
export function asText(answer: Answer): string {
  const best = answer.citations[0];
  if (best === undefined) return answer.answer;
  const place = [best.name, placeLabel(best)].filter(Boolean).join(', ');
  return `“${answer.answer}” (${place})`;
}

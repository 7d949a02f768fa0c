// Which words of a PDF stand under a box, by poppler's pdftotext: another engine than the one that made the boxes.
import { execFileSync } from 'node:child_process';

const WORD = /<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<\/word>/g;

/** `marks` in shares of their page, each `{page, left, top, right, bottom}`; the words come mark by mark, left to right. */
export function wordsUnder(file, marks) {
  const pages = pagesOf(file);
  return marks.flatMap((mark) => {
    const { width, height, words } = pages[mark.page - 1];
    const inside = words.filter(({ x, y }) => {
      const across = x / width;
      const down = y / height;
      return across >= mark.left && across <= mark.right && down >= mark.top && down <= mark.bottom;
    });
    return inside.toSorted((a, b) => a.x - b.x).map(({ text }) => text);
  });
}

function pagesOf(file) {
  const html = execFileSync('pdftotext', ['-bbox', file, '-'], { encoding: 'utf8', maxBuffer: 1 << 26 });
  return html.split('<page ').slice(1).map((part) => {
    const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(part).map(Number);
    const words = [...part.matchAll(WORD)].map(([, left, top, right, bottom, text]) => ({
      x: (Number(left) + Number(right)) / 2,
      y: (Number(top) + Number(bottom)) / 2,
      text,
    }));
    return { width, height, words };
  });
}

/** Letters and digits only: engines differ about spaces and the hyphens of line ends. */
export const lettersOf = (words) => words.join('').normalize('NFKC').replace(/[^\p{L}\p{N}]/gu, '').toLowerCase();

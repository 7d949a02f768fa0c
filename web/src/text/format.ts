// Numbers, times and states in the words that people read.

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** Decimal units, two or three digits: `64 kB`, `1.9 MB`. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  if (unit === 0) return count === 1 ? '1 byte' : `${count} bytes`;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${UNITS[unit]}`;
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** `1 file`, `1,204 files`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** How far to trust an answer. The confidence is calibrated: of answers told with 0.8, four in five are right. */
export function trust(confidence: number): string {
  if (confidence >= 0.85) return 'Very likely right';
  if (confidence >= 0.65) return 'Likely right';
  return isDoubtful(confidence) ? 'Uncertain: check the source' : 'Possibly right';
}

/** Below this an answer is more likely wrong than right. */
export const isDoubtful = (confidence: number): boolean => confidence < 0.4;

/** `8 s`, `3 min`, `2 h 10 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

export const milliseconds = (ms: number): string =>
  ms < 10 ? `${ms.toFixed(1)} ms` : `${Math.round(ms)} ms`;

/** A time as the reader's language writes it, to the minute. */
export function moment(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime())
    ? iso
    : time.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** `1–3, 7`: page numbers as a person would list them. */
export function pageList(pages: number[]): string {
  const runs: [number, number][] = [];
  for (const page of pages) {
    const last = runs.at(-1);
    if (last !== undefined && page === last[1] + 1) last[1] = page;
    else runs.push([page, page]);
  }
  return runs.map(([first, last]) => (first === last ? `${first}` : `${first}–${last}`)).join(', ');
}

/** Sentences of the service start in lower case and have no full stop; on the page they are sentences. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  const capital = trimmed[0]!.toLocaleUpperCase('en') + trimmed.slice(1);
  return /[.!?…]$/.test(capital) ? capital : `${capital}.`;
}

/** The English name of an ISO 639-1 code, or the code. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code;
  } catch {
    return code;
  }
}

const STAGES: Record<string, string> = {
  keyword_retriever: 'Searched the words',
  query_embedder: 'Took in the question',
  embedding_retriever: 'Searched by meaning',
  joiner: 'Joined both lists',
  reader: 'Read the best passages',
  answer_builder: 'Checked the quotes',
  prompt_builder: 'Chose passages for the model',
  generator: 'Wrote and checked',
};

/** What a component of the pipeline did, for people. */
export const stageName = (component: string): string =>
  STAGES[component] ?? sentence(component.replaceAll('_', ' ')).replace(/\.$/, '');

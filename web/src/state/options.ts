// What a person may say about files before they are read: labels to filter by, and passwords.
import type { UploadOptions } from '../api/types';

export type LabelValue = string | number | boolean;

/** `topic = tax` a line. A number or true/false is kept as such, unless it stands in quotation marks. */
export function labelsOf(text: string): { labels: Record<string, LabelValue>; wrong: string | null } {
  const labels: Record<string, LabelValue> = {};
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const [, key, value] = /^([^=]+?)\s*=\s*(.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined || value === '') return { labels, wrong: line };
    labels[key] = valueOf(value);
  }
  return { labels, wrong: null };
}

function valueOf(text: string): LabelValue {
  const quoted = /^"(.*)"$/.exec(text);
  if (quoted !== null) return quoted[1] ?? '';
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

export function uploadOptions(labels: Record<string, LabelValue>, passwords: string[]): UploadOptions {
  const options: UploadOptions = {};
  if (Object.keys(labels).length > 0) options.set = labels;
  if (passwords.length > 0) options.passwords = passwords;
  return options;
}

/** Files whose rows are read one by one, so that their columns can be given roles. */
export const isTable = (name: string): boolean => /\.(csv|tsv|json|jsonl|ndjson)$/i.test(name);

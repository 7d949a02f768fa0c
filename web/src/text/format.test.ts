import { describe, expect, it } from 'vitest';
import { bytes, counted, duration, pageList, percent, sentence, stageName, trust } from './format';

const table = <I>(name: string, of: (input: I) => string, cases: [I, string][]) =>
  describe(name, () => it.each(cases)('%s → %s', (input, expected) => expect(of(input)).toBe(expected)));

table('bytes', bytes, [
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [63_929, '64 kB'],
  [1_886_242, '1.9 MB'],
  [12_300_000_000, '12 GB'],
]);
table('percent', percent, [
  [0.068, '7 %'],
  [1, '100 %'],
]);
table('counted', (count: number) => counted(count, 'file'), [
  [0, '0 files'],
  [1, '1 file'],
  [1204, '1,204 files'],
]);
table('duration', duration, [
  [-1, '0 s'],
  [8.4, '8 s'],
  [59.6, '1 min'],
  [200, '3 min'],
  [3600, '1 h'],
  [7810, '2 h 10 min'],
]);
table('pageList', pageList, [
  [[], ''],
  [[2], '2'],
  [[1, 2, 3, 7, 9, 10], '1–3, 7, 9–10'],
]);
table('sentence', sentence, [
  ['', ''],
  ['pages 2, 7 have no text (scan?)', 'Pages 2, 7 have no text (scan?).'],
  ['Already one.', 'Already one.'],
]);
table('trust', trust, [
  [0.9, 'Very likely right'],
  [0.65, 'Likely right'],
  [0.4, 'Possibly right'],
  [0.1, 'Uncertain: check the source'],
]);
table('stageName', stageName, [
  ['reader', 'Read the best passages'],
  ['my_ranker', 'My ranker'],
]);

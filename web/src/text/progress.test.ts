import { describe, expect, it } from 'vitest';
import type { Job, JobFile } from '../api/types';
import { fileState, headline, inOrder, share } from './progress';

const base: Job = {
  id: 1,
  collection: 'default',
  kind: 'ingest',
  state: 'running',
  attempts: 1,
  files_total: 4,
  files_done: 1,
  files_failed: 0,
  bytes_total: 1000,
  bytes_done: 250,
  documents: 12,
  bytes_per_second: 1500,
  seconds_left: 8,
  created_at: '',
  started_at: null,
  ended_at: null,
};
const sending = { sent: 500, bytes: 2000, files: 2 };

describe('headline', () => {
  it.each<[string, Partial<Job> | null]>([
    ['Sending 2 files: 500 bytes of 2.0 kB', null],
    ['4 files waiting to be read', { state: 'queued' }],
    ['Reading 4 files: 1 done, 1.5 kB/s, about 8 s left', {}],
    ['Reading 4 files: 1 done', { bytes_per_second: 0, seconds_left: null }],
    ['Stopped: 1 of 4 files read', { state: 'cancelled' }],
    ['4 files read, 12 passages', { state: 'done', files_done: 4 }],
    ['3 of 4 files read, 1 could not be', { state: 'done', files_done: 3, files_failed: 1 }],
    ['4 files could not be read', { state: 'failed', files_done: 0, files_failed: 4 }],
  ])('%s', (expected, change) => expect(headline(change && { ...base, ...change }, sending)).toBe(expected));
});

describe('share', () => {
  it.each<[number | null, Partial<Job> | null]>([
    [0.25, null],
    [null, { state: 'queued' }],
    [0.25, {}],
    [0.25, { bytes_total: 0 }],
  ])('%s', (expected, change) => expect(share(change && { ...base, ...change }, sending)).toBe(expected));
  it('knows nothing of empty files on their way', () =>
    expect(share(null, { sent: 0, bytes: 0, files: 1 })).toBeNull());
});

const file = (state: JobFile['state'], stage: JobFile['stage'] = null): JobFile => ({
  name: state,
  path: state,
  state,
  stage,
  bytes: 1,
  bytes_done: 0,
  documents: 3,
  source: null,
  error: null,
  report: null,
});

it('says what a file is at', () =>
  expect(
    [file('reading', 'convert'), file('reading', 'index'), file('done'), file('unchanged')].map(fileState),
  ).toEqual(['reading the text', 'making it searchable', '3 passages', 'already in the library']));

it('puts failures first and keeps the order otherwise', () =>
  expect(
    inOrder([file('waiting'), file('done'), file('reading'), file('failed')]).map(({ state }) => state),
  ).toEqual(['failed', 'reading', 'done', 'waiting']));

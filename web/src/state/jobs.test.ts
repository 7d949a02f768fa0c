import { expect, it } from 'vitest';
import type { Job } from '../api/types';
import { needsEyes } from './jobs';

const NOW = Date.parse('2026-05-02T12:00:00Z');

it.each<[boolean, Partial<Job>]>([
  [true, { state: 'queued' }],
  [true, { state: 'running' }],
  [true, { state: 'interrupted' }],
  [false, { state: 'done', files_failed: 0, ended_at: '2026-05-02T11:00:00Z' }],
  [true, { state: 'done', files_failed: 1, ended_at: '2026-05-02T11:00:00Z' }],
  [true, { state: 'failed', files_failed: 1, ended_at: '2026-05-01T13:00:00Z' }],
  [false, { state: 'failed', files_failed: 1, ended_at: '2026-05-01T11:00:00Z' }],
  [false, { state: 'cancelled', files_failed: 0, ended_at: '2026-05-02T11:00:00Z' }],
])('%s for %j', (expected, job) => expect(needsEyes(job as Job, NOW)).toBe(expected));

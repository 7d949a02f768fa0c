// How far an upload and its job are, in one line and one share.
import type { Job, JobFile } from '../api/types';
import { bytes, counted, duration } from './format';

export interface Sending {
  sent: number;
  bytes: number;
  files: number;
}

/** The line above the bar. */
export function headline(job: Job | null, sending: Sending): string {
  if (job === null && sending.sent === 0) return `${counted(sending.files, 'file')} waiting to be sent`;
  if (job === null)
    return `Sending ${counted(sending.files, 'file')}: ${bytes(Math.min(sending.sent, sending.bytes))} of ${bytes(sending.bytes)}`;
  const files = counted(job.files_total, 'file');
  switch (job.state) {
    case 'queued':
      return `${files} waiting to be read`;
    case 'running':
      return `Reading ${files}: ${job.files_done + job.files_failed} done${rest(job)}`;
    case 'cancelled':
      return `Stopped: ${job.files_done} of ${files} read`;
    case 'interrupted':
      return `Interrupted: ${job.files_done} of ${files} read`;
    default:
      return finished(job, files);
  }
}

function finished(job: Job, files: string): string {
  if (job.files_failed === 0) return `${files} read, ${counted(job.documents, 'passage')}`;
  return job.files_done === 0
    ? `${files} could not be read`
    : `${job.files_done} of ${files} read, ${job.files_failed} could not be`;
}

function rest(job: Job): string {
  const rate = job.bytes_per_second === 0 ? '' : `, ${bytes(Math.round(job.bytes_per_second))}/s`;
  return job.seconds_left == null ? rate : `${rate}, about ${duration(job.seconds_left)} left`;
}

/** 0 to 1; `null` where it cannot be told. */
export function share(job: Job | null, sending: Sending): number | null {
  if (job === null) return sending.bytes === 0 ? null : Math.min(1, sending.sent / sending.bytes);
  if (job.state === 'queued') return null;
  const whole = job.bytes_total > 0 ? job.bytes_total : job.files_total;
  const done = job.bytes_total > 0 ? job.bytes_done : job.files_done + job.files_failed;
  return whole === 0 ? null : Math.min(1, done / whole);
}

const STAGES = { convert: 'reading the text', index: 'making it searchable' };

/** What a file is at. */
export function fileState(file: JobFile): string {
  switch (file.state) {
    case 'waiting':
      return 'waiting';
    case 'reading':
      return file.stage == null ? 'reading' : STAGES[file.stage];
    case 'unchanged':
      return 'already in the library';
    case 'cancelled':
      return 'stopped';
    case 'failed':
      return 'not read';
    case 'done':
      return file.report?.unread != null ? 'read in part' : counted(file.documents, 'passage');
  }
}

const ORDER = { failed: 0, reading: 1, cancelled: 2, done: 3, unchanged: 3, waiting: 4 };

/** What needs a person first, then what is under way. */
export const inOrder = (files: JobFile[]): JobFile[] =>
  files.toSorted((a, b) => ORDER[a.state] - ORDER[b.state]);

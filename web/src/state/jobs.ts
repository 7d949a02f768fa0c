// Which jobs of earlier are worth showing: those under way, and those that a person still has to see about.
import { isOver } from '../api/jobs';
import type { Job } from '../api/types';

const DAY_MS = 24 * 60 * 60 * 1000;

export function needsEyes(job: Job, nowMs: number): boolean {
  if (!isOver(job.state)) return true;
  if (job.state === 'interrupted') return true;
  const endedMs = Date.parse(job.ended_at ?? job.created_at);
  return job.files_failed > 0 && nowMs - endedMs < DAY_MS;
}

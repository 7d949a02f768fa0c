// Follows a job until it ends, over breaks of the connection.
import { job as fetchJob, send } from './client';
import { problemOf, wasAborted } from './problem';
import { eventsOf } from './sse';
import type { Job, JobState } from './types';

const LONGEST_WAIT_MS = 10_000;

export const isOver = (state: JobState): boolean => state !== 'queued' && state !== 'running';

/** Tells `onJob` of every change. Ends when the job is over or `signal` is aborted; throws only what the service refuses. */
export async function follow(id: number, onJob: (job: Job) => void, signal: AbortSignal): Promise<void> {
  for (let waitMs = 500; !signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    try {
      if (await followOnce(id, onJob, signal)) return;
    } catch (thrown) {
      if (wasAborted(thrown)) return;
      const problem = problemOf(thrown);
      if (!problem.offline && problem.status < 500) throw problem;
    }
    await pause(waitMs, signal);
  }
}

/** Whether the job is over. */
async function followOnce(id: number, onJob: (job: Job) => void, signal: AbortSignal): Promise<boolean> {
  const response = await send(`/api/jobs/${id}/events`, { headers: { accept: 'text/event-stream' }, signal });
  for await (const { event, data } of eventsOf(response.body ?? new ReadableStream())) {
    const parsed = JSON.parse(data) as Job & { job?: Job };
    const job = parsed.job ?? parsed;
    onJob(job);
    if (event === 'done' || isOver(job.state)) break;
  }
  // The list of files may be newer than the last event.
  const last = await fetchJob(id);
  onJob(last);
  return isOver(last.state);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

// Follows a job until it ends, over breaks of the connection.
import { job as fetchJob, send } from './client';
import { Problem, problemOf, wasAborted } from './problem';
import { eventsOf } from './sse';
import type { Job, JobState, ProblemDocument } from './types';

/** A browser opens six connections to one place, all its tabs together: more streams would leave none for anything else. */
const MOST_STREAMS = 1;
const ASK_AGAIN_MS = 1_000;
const LONGEST_WAIT_MS = 10_000;

let streams = 0;

export const isOver = (state: JobState): boolean => state !== 'queued' && state !== 'running';

/** Tells `onJob` of every change. Ends when the job is over or `signal` is aborted; throws only what the service refuses. */
export async function follow(id: number, onJob: (job: Job) => void, signal: AbortSignal): Promise<void> {
  let waitMs = ASK_AGAIN_MS;
  while (!signal.aborted) {
    try {
      if (streams < MOST_STREAMS) await stream(id, onJob, signal);
      const job = await fetchJob(id);
      onJob(job);
      if (isOver(job.state)) return;
      waitMs = ASK_AGAIN_MS;
    } catch (thrown) {
      if (wasAborted(thrown)) return;
      if (!mayPass(problemOf(thrown).status)) throw thrown;
      waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS);
    }
    await pause(waitMs, signal);
  }
}

/** Unreachable (0), too many requests, or a fault of the moment. */
const mayPass = (status: number): boolean => status === 0 || status === 429 || status >= 500;

async function stream(id: number, onJob: (job: Job) => void, signal: AbortSignal): Promise<void> {
  streams += 1;
  try {
    const response = await send(`/api/jobs/${id}/events`, {
      headers: { accept: 'text/event-stream' },
      signal,
    });
    for await (const { event, data } of eventsOf(response.body ?? new ReadableStream())) {
      if (event === 'error') throw new Problem(JSON.parse(data) as Partial<ProblemDocument>);
      onJob(JSON.parse(data) as Job);
    }
  } finally {
    streams -= 1;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

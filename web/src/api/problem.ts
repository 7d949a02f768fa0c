// One error type for everything that can go wrong between the page and the service.
import type { ProblemDocument } from './types';

export class Problem extends Error {
  readonly status: number;
  readonly hint: string | null;
  readonly requestId: string | null;

  constructor(document: Partial<ProblemDocument>) {
    super(document.detail ?? document.title ?? 'the service gave no reason');
    this.name = 'Problem';
    this.status = document.status ?? 0;
    this.hint = document.hint ?? null;
    this.requestId = document.request_id ?? null;
  }

  /** The service could not be reached at all. */
  get offline(): boolean {
    return this.status === 0;
  }
}

export const unreachable = (): Problem =>
  new Problem({
    detail: 'the service does not answer',
    hint: 'check that `pllm serve` is running; this page tries again by itself',
  });

/** What was thrown, as a problem that can be shown. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  if (thrown instanceof TypeError) return unreachable();
  return new Problem({ status: 500, detail: thrown instanceof Error ? thrown.message : String(thrown) });
}

export const wasAborted = (thrown: unknown): boolean =>
  thrown instanceof DOMException && thrown.name === 'AbortError';

/** The error document of a refused request; a body that is none still gives its status. */
export async function refusal(response: Response): Promise<Problem> {
  const body = await response.text().catch(() => '');
  return refusalOf(response.status, response.statusText, body);
}

export function refusalOf(status: number, title: string, body: string): Problem {
  try {
    return new Problem({ status, title, ...(JSON.parse(body) as Partial<ProblemDocument>) });
  } catch {
    return new Problem({ status, title, detail: `the service refused with ${status} ${title}`.trim() });
  }
}

// Every call of the service but uploads and streams, one line each.
import { refusal, unreachable, wasAborted } from './problem';
import type {
  Collection,
  CollectionSummary,
  Columns,
  Deleted,
  Format,
  Health,
  Job,
  Llm,
  Model,
  PageLayout,
  Replay,
  SearchResult,
  Source,
  SourcePage,
  SourceText,
  Trace,
} from './types';

const JSON_HEADERS = { 'content-type': 'application/json' };

export async function send(path: string, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(path, init);
  } catch (thrown) {
    throw wasAborted(thrown) ? thrown : unreachable();
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

async function json<T>(path: string, init?: RequestInit): Promise<T> {
  return (await (await send(path, init)).json()) as T;
}

const post = <T>(path: string, body: unknown): Promise<T> =>
  json<T>(path, { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(body) });

export const collectionPath = (name: string): string => `/api/collections/${encodeURIComponent(name)}`;
export const sourcePath = (collection: string, id: string): string =>
  `${collectionPath(collection)}/sources/${encodeURIComponent(id)}`;
export const originalPath = (collection: string, id: string): string =>
  `${sourcePath(collection, id)}/original`;

/** `?a=1&b=2` of what is given; nothing of what is not. */
export function query(parameters: Record<string, string | number | null | undefined>): string {
  const given = Object.entries(parameters).filter(
    ([, value]) => value !== null && value !== undefined && value !== '',
  );
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text === '' ? '' : `?${text}`;
}

export const health = (signal: AbortSignal): Promise<Health> => json('/api/health', { signal });
export const formats = (): Promise<Format[]> => json('/api/formats');
export const models = (): Promise<Model[]> => json('/api/models');
export const llms = (): Promise<Llm[]> => json('/api/llms');
/** Asks a language model whether it is there; none of the user's text is sent. */
export const checkLlm = (name: string): Promise<Llm> => post('/api/llms/check', { name });

export const collections = (): Promise<Collection[]> => json('/api/collections');
export const collection = (name: string): Promise<CollectionSummary> => json(collectionPath(name));
export const createCollection = (
  name: string,
  languages: string[],
  local_only = false,
): Promise<Collection> => post('/api/collections', { name, languages, local_only });
export const setLocalOnly = (name: string, local_only: boolean): Promise<Collection> =>
  json(collectionPath(name), {
    method: 'PATCH',
    headers: JSON_HEADERS,
    body: JSON.stringify({ local_only }),
  });
export async function deleteCollection(name: string): Promise<void> {
  await send(collectionPath(name), { method: 'DELETE' });
}

export interface SourceListing {
  filter: string;
  query: string;
  offset: number;
  limit: number;
}
export const sources = (collection: string, listing: SourceListing): Promise<SourcePage> =>
  json(`${collectionPath(collection)}/sources${query({ ...listing })}`);
export const source = (collection: string, id: string): Promise<Source> => json(sourcePath(collection, id));
export const deleteSource = (collection: string, id: string): Promise<Deleted> =>
  json(sourcePath(collection, id), { method: 'DELETE' });

/** The passages that a question brings up, best first: the same search that answers start from. */
export const search = (collection: string, query: string, filter: string): Promise<SearchResult> =>
  post(`${collectionPath(collection)}/search`, { query, top_k: 10, ...(filter === '' ? {} : { filter }) });

/** A range of code points of a source's text; the service counts, the page never does. */
export interface MarkedRange {
  start: number;
  end: number;
}
export const sourceText = (collection: string, id: string, range: MarkedRange | null): Promise<SourceText> =>
  json(`${sourcePath(collection, id)}/text${query({ ...range })}`);
export const pageLayout = (
  collection: string,
  id: string,
  page: number,
  range: MarkedRange | null,
): Promise<PageLayout> => json(`${sourcePath(collection, id)}/pages/${page}${query({ ...range })}`);

export const trace = (id: number): Promise<Trace> => json(`/api/traces/${id}`);
export const replayTrace = (id: number): Promise<Replay> =>
  json(`/api/traces/${id}/replay`, { method: 'POST' });

export const pasteText = (collection: string, name: string, text: string): Promise<Job> =>
  post(`${collectionPath(collection)}/texts`, { name, text });
export function columns(collection: string, file: File): Promise<Columns> {
  const body = new FormData();
  body.append('file', file, file.name);
  return json(`${collectionPath(collection)}/columns`, { method: 'POST', body });
}

export const jobs = (collection: string): Promise<Job[]> => json(`/api/jobs${query({ collection })}`);
export const job = (id: number): Promise<Job> => json(`/api/jobs/${id}`);
export const cancelJob = (id: number): Promise<Job> => json(`/api/jobs/${id}/cancel`, { method: 'POST' });
export const retryJob = (id: number): Promise<Job> => json(`/api/jobs/${id}/retry`, { method: 'POST' });

// What the service answers under /api: the shapes of its own description (`npm run types`), and what that leaves open.
import type { components } from './schema';

type Schemas = components['schemas'];

/** `[left, top, right, bottom]` in points from the top left corner of the page as it is shown. */
export type Box = [number, number, number, number];

export type Health = Omit<Schemas['Health'], 'state'> & { state: 'ready' | 'warming' | 'failed' };
export type Format = Schemas['Format'];
export type Model = Schemas['Model'];

export type Collection = Schemas['Collection'];
export type CollectionSummary = Schemas['CollectionSummary'];

export type Report = Schemas['Report'];
export type Dropped = Schemas['DroppedText'];
export type Source = Schemas['Source'];
export type SourcePage = Schemas['SourcePage'];
export type Segment = Schemas['Segment'];
export type SourceText = Schemas['SourceText'];
export type PageLayout = Omit<Schemas['PageLayout'], 'marks'> & { marks: Box[] };
export type Deleted = Schemas['DeletedSources'];

export type Place = Schemas['Place'];
export type Citation = Schemas['Citation'];
export interface Reading {
  jobs: number;
  files_left: number;
}
export type Answer = Schemas['Answer'] & { reading?: Reading | null };
export type FoundDocument = Schemas['FoundDocument'];
export type SearchResult = Schemas['SearchResult'];

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';
export type FileState = 'waiting' | 'reading' | 'done' | 'unchanged' | 'failed' | 'cancelled';

export interface JobFile {
  name: string;
  path: string;
  state: FileState;
  stage: 'convert' | 'index' | null;
  bytes: number;
  bytes_done: number;
  documents: number;
  source: string | null;
  error: { kind: string; message: string; hint: string | null } | null;
  report: Report | null;
}

export interface Job {
  id: number;
  collection: string;
  kind: string;
  state: JobState;
  attempts: number;
  files_total: number;
  /** Those that are stored; failed ones are not among them. */
  files_done: number;
  files_failed: number;
  bytes_total: number;
  bytes_done: number;
  documents: number;
  /** 0 before anything is done. */
  bytes_per_second: number;
  seconds_left: number | null;
  created_at: string;
  started_at: string | null;
  ended_at: string | null;
  files?: JobFile[];
}

/** Which columns of a table are its text, which are metadata, and which tells rows apart. */
export interface ColumnRoles {
  content: string[];
  meta: string[];
  id: string | null;
}

export interface Columns {
  columns: { name: string; samples: string[] }[];
  proposed: ColumnRoles;
}

export interface UploadOptions {
  content?: string[];
  meta?: string[];
  id?: string;
  set?: Record<string, string | number | boolean>;
  passwords?: string[];
}

/** An error document of RFC 9457. */
export type ProblemDocument = Schemas['Problem'];

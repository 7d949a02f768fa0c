// What the service answers under /api: the shapes that the page reads.

/** `[left, top, right, bottom]` in points from the top left corner of the page as it is shown. */
export type Box = [number, number, number, number];

export interface Health {
  version: string;
  state: 'ready' | 'warming' | 'failed';
  fault: string | null;
  data_dir: string;
  disk_free_bytes: number;
}

export interface Format {
  name: string;
  extensions: string[];
  media_types: string[];
  description: string;
}

export interface Model {
  name: string;
  kind: string;
  licence: string;
  home: string;
  bytes: number;
  state: string;
  folder: string;
}

export interface Collection {
  name: string;
  id: string;
  store: string;
  embedder: string;
  languages: string[];
  generation: number;
  created: string;
}

export interface CollectionSummary extends Collection {
  sources: number;
  rows: number;
  documents: number;
  bytes: number;
  disk_bytes: number;
  folder: string;
  source_languages: Record<string, number>;
}

export interface ReportWarning {
  code: string;
  place: string | null;
  message: string;
}

export interface Dropped {
  kind: string;
  text: string;
  pages: number[];
  reason: string;
}

export interface Report {
  text_bytes: number;
  records: number;
  pages: number;
  pages_without_text: number[];
  unread: string | null;
  tables: number;
  dropped: Dropped[];
  warnings: ReportWarning[];
}

export interface Source {
  id: string;
  kind: string;
  dataset: string | null;
  name: string;
  path: string;
  format: string;
  encoding: string;
  revision: number;
  bytes: number;
  text_bytes: number;
  documents: number;
  rows: number;
  language: string | null;
  ingested: string;
  meta: Record<string, unknown>;
  report: Report;
}

export interface SourcePage {
  sources: Source[];
  total: number;
}

export interface PageMarks {
  page: number;
  boxes: Box[];
}

export interface Place {
  kind: string;
  label: string;
  headings?: string[];
  pages?: PageMarks[];
}

export interface Citation {
  n: number;
  source: string;
  name: string;
  path: string;
  place: Place | null;
  start: number;
  end: number;
  quote: string;
  document_id: string;
  unread: string | null;
  format: string;
}

export interface Reading {
  jobs: number;
  files_left: number;
}

export interface Answer {
  question: string;
  answer: string;
  abstained: boolean;
  confidence: number;
  note: string | null;
  citations: Citation[];
  timings: Record<string, number>;
  reading: Reading | null;
}

export interface FoundDocument {
  rank: number;
  id: string;
  score: number | null;
  content: string;
  source: string | null;
  name: string;
  path: string;
  place: Place | null;
  start: number | null;
  end: number | null;
}

export interface SearchResult {
  query: string;
  documents: FoundDocument[];
}

export interface Segment {
  text: string;
  mark: boolean;
  heading?: number | null;
}

export interface SourceText {
  segments: Segment[];
  truncated: boolean;
}

export interface PageLayout {
  page: number;
  lines: { text: string; box: Box }[];
  marks: Box[];
}

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

export interface Deleted {
  sources: number;
  rows: number;
  documents: number;
}

/** An error document of RFC 9457. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  hint?: string | null;
  kind?: string;
  request_id?: string;
}

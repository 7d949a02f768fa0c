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
export type Answer = Omit<Schemas['ServedAnswer'], 'generated'> & { generated?: Generated | null };
export type Sentence = Omit<Schemas['Sentence'], 'support'> & {
  support: 'supported' | 'unsupported' | 'no_claim';
};
export type Missing = Schemas['Missing'];
/** A sentence while others are still being written; `cited` are the citations that it is the first to use. */
export type WrittenSentence = Sentence & Pick<Schemas['WrittenSentence'], 'cited'>;
export type Generated = Omit<Schemas['Generated'], 'sentences'> & { sentences: Sentence[] };
export type Llm = Schemas['Llm'];
export type FoundDocument = Schemas['FoundDocument'];
export type SearchResult = Schemas['SearchResult'];

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';
export type FileState = 'waiting' | 'reading' | 'done' | 'unchanged' | 'failed' | 'cancelled';
export type JobFile = Omit<Schemas['JobFile'], 'state' | 'stage'> & {
  state: FileState;
  stage?: 'convert' | 'index' | null;
};
export type Job = Omit<Schemas['Job'], 'state' | 'files'> & { state: JobState; files?: JobFile[] | null };

/** Which columns of a table are its text, which are metadata, and which tells rows apart. */
export type ColumnRoles = Schemas['ProposedColumns'];
export type Columns = Schemas['TableColumns'];

/** Everything may be left out; a label is a text, a number or a truth. */
export type UploadOptions = Partial<Omit<Schemas['UploadOptions'], 'set' | 'id'>> & {
  id?: string;
  set?: Record<string, string | number | boolean>;
};

/** How an answer came about. */
export type Trace = Schemas['Trace'];
export type TracePlace = Schemas['TracePlace'];
export type TraceCandidate = Schemas['TraceCandidate'];
export type TracePrompt = Schemas['TracePrompt'];
export type TraceLeftOut = Schemas['TraceLeftOut'];
export type Replay = Schemas['Replay'];

/** An error document of RFC 9457. */
export type ProblemDocument = Schemas['Problem'];

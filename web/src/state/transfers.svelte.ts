// Files on their way into a collection: first sent, then read by the service as a job. Jobs of other windows show here too.
import * as api from '../api/client';
import { follow, isOver } from '../api/jobs';
import { problemOf, wasAborted, type Problem } from '../api/problem';
import { upload, type NamedFile } from '../api/upload';
import type { Job, UploadOptions } from '../api/types';
import { announcer } from './announcer.svelte';
import { collections } from './collections.svelte';
import { needsEyes } from './jobs';

/** So many files go in one request; the service takes up to 1000. */
const MOST_FILES = 500;
const REFRESH_MS = 3_000;

/** One upload and, once it has arrived, its job. */
export class Transfer {
  readonly collection: string;
  readonly files: NamedFile[];
  readonly options: UploadOptions;
  readonly bytes: number;
  sent = $state(0);
  job = $state.raw<Job | null>(null);
  problem = $state.raw<Problem | null>(null);
  stopped = $state(false);
  #cancelSending: () => void = () => undefined;
  #watch = new AbortController();
  #refreshed = 0;

  constructor(collection: string, files: NamedFile[], options: UploadOptions, job: Job | null = null) {
    this.collection = collection;
    this.files = files;
    this.options = options;
    this.bytes = files.reduce((sum, { file }) => sum + file.size, 0);
    this.job = job;
  }

  get busy(): boolean {
    if (this.problem !== null || this.stopped) return false;
    return this.job === null || !isOver(this.job.state);
  }

  /** Done when the files have arrived; they are read while the next ones are sent. */
  async send(): Promise<void> {
    if (this.stopped) return;
    this.problem = null;
    this.sent = 0;
    try {
      await collections.ensure(this.collection);
      const sending = upload(this.collection, this.files, this.options, (sent) => (this.sent = sent));
      this.#cancelSending = sending.cancel;
      this.watch(await sending.job);
    } catch (thrown) {
      if (wasAborted(thrown)) this.stopped = true;
      else this.problem = problemOf(thrown);
    }
  }

  /** A job that is over, with its files. */
  async load(id: number): Promise<void> {
    await this.#act(() => api.job(id));
  }

  watch(job: Job): void {
    this.job = job;
    follow(job.id, (next) => this.#hear(next), this.#watch.signal).then(
      () => this.#ended(),
      (thrown: unknown) => (this.problem = problemOf(thrown)),
    );
  }

  #ended(): void {
    if (this.#watch.signal.aborted || this.job === null) return;
    announcer.say(outcome(this.job));
    void collections.refresh(this.collection);
  }

  /** What is read already can be asked about and listed, so the library is looked at again while the job goes on. */
  #hear(next: Job): void {
    const more = next.files_done > (this.job?.files_done ?? 0);
    this.job = next;
    if (!more || Date.now() - this.#refreshed < REFRESH_MS) return;
    this.#refreshed = Date.now();
    void collections.refresh(this.collection);
  }

  async cancel(): Promise<void> {
    if (this.job === null) {
      this.stopped = true;
      this.#cancelSending();
    } else await this.#act(() => api.cancelJob(this.job!.id));
  }

  /** The files that failed, once more; or all, if none arrived. */
  async retry(): Promise<void> {
    if (this.job === null) {
      this.stopped = false;
      return this.send();
    }
    await this.#act(() => api.retryJob(this.job!.id));
    if (this.busy) this.watch(this.job);
  }

  forget(): void {
    this.#watch.abort();
  }

  async #act(action: () => Promise<Job>): Promise<void> {
    try {
      this.problem = null;
      this.job = await action();
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }
}

const DISMISSED = 'pllm.dismissed';

function dismissed(): number[] {
  return JSON.parse(sessionStorage.getItem(DISMISSED) ?? '[]') as number[];
}

function outcome(job: Job): string {
  const failed = job.files_failed > 0 ? `, ${job.files_failed} failed` : '';
  return `${job.files_done} of ${job.files_total} files read${failed}.`;
}

class Transfers {
  /** Newest first. */
  all = $state<Transfer[]>([]);
  #sending: Promise<void> = Promise.resolve();

  of(collection: string): Transfer[] {
    return this.all.filter((transfer) => transfer.collection === collection);
  }

  get busy(): boolean {
    return this.all.some((transfer) => transfer.busy);
  }

  start(collection: string, files: NamedFile[], options: UploadOptions = {}): void {
    for (let at = 0; at < files.length; at += MOST_FILES) {
      const transfer = new Transfer(collection, files.slice(at, at + MOST_FILES), options);
      this.all = [transfer, ...this.all];
      // One after another: sent side by side they would only take each other's line.
      this.#sending = this.#sending.then(() => transfer.send());
    }
  }

  adopt(job: Job): void {
    if (this.all.some((transfer) => transfer.job?.id === job.id)) return;
    const transfer = new Transfer(job.collection, [], {}, job);
    this.all = [transfer, ...this.all];
    if (isOver(job.state)) void transfer.load(job.id);
    else transfer.watch(job);
  }

  /** Jobs of before this page was loaded. What was dismissed stays so while the tab is open. */
  async find(collection: string): Promise<void> {
    const jobs = await api.jobs(collection).catch(() => []);
    const now = Date.now();
    const shown = jobs.filter((job) => needsEyes(job, now) && !dismissed().includes(job.id));
    for (const job of shown.toReversed()) this.adopt(job);
  }

  /** What is told of a deleted file leads nowhere. */
  forgetSource(id: string): void {
    for (const transfer of this.all) {
      const about = transfer.job?.files?.some(({ source }) => source === id) ?? false;
      if (about && !transfer.busy) this.dismiss(transfer);
    }
  }

  forgetCollection(name: string): void {
    this.of(name).forEach((transfer) => this.dismiss(transfer));
  }

  dismiss(transfer: Transfer): void {
    transfer.forget();
    if (transfer.job !== null)
      sessionStorage.setItem(DISMISSED, JSON.stringify([...dismissed(), transfer.job.id]));
    this.all = this.all.filter((other) => other !== transfer);
  }
}

export const transfers = new Transfers();

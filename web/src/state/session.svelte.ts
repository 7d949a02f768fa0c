// The questions of this session: kept while the tab is open, gone with it.
import { ask, type Stage } from '../api/ask';
import { problemOf, wasAborted } from '../api/problem';
import type { Answer } from '../api/types';
import { connection } from './connection.svelte';
import { Writing, type Failure, type KeptWriting, type Writer } from './writing.svelte';

type State = 'asking' | 'answered' | 'stopped' | 'failed';

interface Kept {
  id: string;
  collection: string;
  question: string;
  filter: string;
  state: State;
  answer: Answer | null;
  failure: Failure | null;
  writing: KeptWriting | null;
}

const KEY = 'pllm.session';
const MOST = 60;

/** One question and what became of it. */
export class Asked {
  readonly id: string;
  readonly collection: string;
  readonly question: string;
  readonly filter: string;
  state = $state<State>('asking');
  stages = $state<Stage[]>([]);
  answer = $state.raw<Answer | null>(null);
  failure = $state.raw<Failure | null>(null);
  /** What a language model writes under the answer; `null` where none was asked to. */
  writing = $state.raw<Writing | null>(null);
  #abort = new AbortController();

  constructor(kept: Pick<Kept, 'id' | 'collection' | 'question' | 'filter'> & Partial<Kept>) {
    this.id = kept.id;
    this.collection = kept.collection;
    this.question = kept.question;
    this.filter = kept.filter;
    this.state = kept.state ?? 'asking';
    this.answer = kept.answer ?? null;
    this.failure = kept.failure ?? null;
    this.writing = kept.writing ? Writing.restored(kept.writing) : null;
  }

  /** Asks, once more where there is an answer already: that stays until a new one is there. */
  async run(writer: Writer | null): Promise<void> {
    this.stop();
    const abort = (this.#abort = new AbortController());
    const writing = (this.writing = writer === null ? null : new Writing(writer));
    try {
      await this.#ask(writing, abort.signal);
    } catch (thrown) {
      if (wasAborted(thrown)) this.#stopped(writing);
      else if (writing !== null) await this.#failedWriting(writing, thrown, abort.signal);
      else this.#fail(thrown);
    }
  }

  async #ask(writing: Writing | null, signal: AbortSignal): Promise<void> {
    const { collection, question, filter } = this;
    const listener = {
      onStage: (stage: Stage) => this.stages.push(stage),
      onSentence: (sentence: Parameters<Writing['take']>[0]) => writing?.take(sentence),
      onAnswer: (answer: Answer) => {
        this.answer = answer;
        this.state = 'answered';
      },
    };
    const llm = writing?.writer.name ?? '';
    const answer = await ask({ collection, question, filter, llm }, listener, signal);
    writing?.end(answer);
  }

  stop(): void {
    if (this.busy) this.#abort.abort();
  }

  get busy(): boolean {
    return this.state === 'asking' || this.writing?.state === 'writing';
  }

  /** What was written so far stays. */
  #stopped(writing: Writing | null): void {
    if (this.state === 'asking') this.state = 'stopped';
    if (writing !== null) writing.state = 'stopped';
  }

  /** A language model that is refused or breaks off costs nothing but its own part. */
  async #failedWriting(writing: Writing, thrown: unknown, signal: AbortSignal): Promise<void> {
    const problem = problemOf(thrown);
    writing.fail(problem);
    if (problem.offline) void connection.check();
    if (this.state !== 'asking') return;
    try {
      await this.#ask(null, signal);
    } catch (again) {
      if (wasAborted(again)) this.#stopped(null);
      else this.#fail(again);
    }
  }

  #fail(thrown: unknown): void {
    const problem = problemOf(thrown);
    this.failure = { message: problem.message, hint: problem.hint };
    this.state = 'failed';
    if (problem.offline) void connection.check();
  }

  kept(): Kept {
    const { id, collection, question, filter, state, answer, failure } = this;
    return {
      id,
      collection,
      question,
      filter,
      state,
      answer,
      failure,
      writing: this.writing?.kept() ?? null,
    };
  }

  /** Every source that is cited. */
  get sources(): string[] {
    return [this.answer, this.writing].flatMap((part) => part?.citations ?? []).map(({ source }) => source);
  }
}

class Session {
  /** Newest first. */
  asked = $state<Asked[]>(restored());

  find(id: string | null): Asked | null {
    return this.asked.find((asked) => asked.id === id) ?? null;
  }

  of(collection: string): Asked[] {
    return this.asked.filter((asked) => asked.collection === collection);
  }

  start(collection: string, question: string, filter: string, writer: Writer | null): Asked {
    const asked = new Asked({ id: newId(), collection, question, filter });
    this.asked = [asked, ...this.asked].slice(0, MOST);
    this.write(asked, writer);
    return asked;
  }

  /** Has a language model write about a question, again or for the first time. */
  write(asked: Asked, writer: Writer | null): void {
    void asked.run(writer).then(() => this.#keep());
  }

  /** What was deleted is not kept here either. */
  forgetSource(id: string): void {
    this.#forget((asked) => asked.sources.includes(id));
  }

  forgetCollection(name: string): void {
    this.#forget((asked) => asked.collection === name);
  }

  #forget(which: (asked: Asked) => boolean): void {
    this.asked = this.asked.filter((asked) => !which(asked));
    this.#keep();
  }

  #keep(): void {
    const over = this.asked.filter((asked) => asked.state !== 'asking').map((asked) => asked.kept());
    try {
      sessionStorage.setItem(KEY, JSON.stringify(over));
    } catch {
      // A full or forbidden store only costs the history after a reload.
    }
  }
}

/** Short, because it stands in the address. */
const newId = (): string => crypto.getRandomValues(new Uint32Array(1))[0]!.toString(36);

function restored(): Asked[] {
  try {
    return (JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as Kept[]).map((kept) => new Asked(kept));
  } catch {
    return [];
  }
}

export const session = new Session();

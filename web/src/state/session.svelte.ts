// The questions of this session: kept while the tab is open, gone with it.
import { ask, type Stage } from '../api/ask';
import { problemOf, wasAborted } from '../api/problem';
import type { Answer } from '../api/types';
import { connection } from './connection.svelte';

export interface Failure {
  message: string;
  hint: string | null;
}

type State = 'asking' | 'answered' | 'stopped' | 'failed';

interface Kept {
  id: string;
  collection: string;
  question: string;
  filter: string;
  state: State;
  answer: Answer | null;
  failure: Failure | null;
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
  #abort = new AbortController();

  constructor(kept: Pick<Kept, 'id' | 'collection' | 'question' | 'filter'> & Partial<Kept>) {
    this.id = kept.id;
    this.collection = kept.collection;
    this.question = kept.question;
    this.filter = kept.filter;
    this.state = kept.state ?? 'asking';
    this.answer = kept.answer ?? null;
    this.failure = kept.failure ?? null;
  }

  async run(): Promise<void> {
    try {
      this.answer = await ask(this, (stage) => this.stages.push(stage), this.#abort.signal);
      this.state = 'answered';
    } catch (thrown) {
      if (wasAborted(thrown)) this.state = 'stopped';
      else this.#fail(thrown);
    }
  }

  stop(): void {
    if (this.state === 'asking') this.#abort.abort();
  }

  #fail(thrown: unknown): void {
    const problem = problemOf(thrown);
    this.failure = { message: problem.message, hint: problem.hint };
    this.state = 'failed';
    if (problem.offline) void connection.check();
  }

  kept(): Kept {
    const { id, collection, question, filter, state, answer, failure } = this;
    return { id, collection, question, filter, state, answer, failure };
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

  start(collection: string, question: string, filter: string): Asked {
    const asked = new Asked({ id: newId(), collection, question, filter });
    this.asked = [asked, ...this.asked].slice(0, MOST);
    void asked.run().then(() => this.#keep());
    return asked;
  }

  /** What was deleted is not kept here either. */
  forgetSource(id: string): void {
    this.#forget((asked) => asked.answer?.citations.some((citation) => citation.source === id) ?? false);
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

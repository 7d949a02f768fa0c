// What a language model writes about one question, sentence by sentence.
import type { Problem } from '../api/problem';
import type { Answer, Citation, Generated, Llm, Sentence, WrittenSentence } from '../api/types';

/** Why something was not done, and what helps. */
export interface Failure {
  message: string;
  hint: string | null;
}

export type Writer = Pick<Llm, 'name' | 'model' | 'host' | 'remote' | 'draft'>;

type State = 'writing' | 'done' | 'stopped' | 'failed';

export interface KeptWriting {
  writer: Writer;
  state: State;
  sentences: Sentence[];
  citations: Citation[];
  withheld: number;
  finish: string;
  failure: Failure | null;
}

export class Writing {
  readonly writer: Writer;
  state = $state<State>('writing');
  sentences = $state.raw<Sentence[]>([]);
  citations = $state.raw<Citation[]>([]);
  /** Sentences that the service shows nobody. */
  withheld = $state(0);
  /** Why it ended: `stop`, `length` or `content_filter`. */
  finish = $state('');
  failure = $state.raw<Failure | null>(null);

  constructor({ name, model = null, host = null, remote, draft }: Writer, kept: Partial<KeptWriting> = {}) {
    this.writer = { name, model, host, remote, draft };
    Object.assign(this, kept);
  }

  /** After a reload nobody writes any more. */
  static restored({ writer, ...kept }: KeptWriting): Writing {
    return new Writing(writer, { ...kept, state: kept.state === 'writing' ? 'stopped' : kept.state });
  }

  get model(): string {
    return this.writer.model ?? this.writer.name;
  }

  take({ cited, ...sentence }: WrittenSentence): void {
    this.sentences = [...this.sentences, sentence];
    this.citations = [...this.citations, ...cited];
  }

  /** The whole answer is there, with what was written or the reason why nothing was. */
  end({ generated, llm_fault }: Answer): void {
    if (generated) this.#whole(generated);
    else this.fail(llm_fault ?? { message: 'the service did not say why', hint: null });
  }

  #whole({ sentences, citations, withheld, finish }: Generated): void {
    this.sentences = sentences;
    this.citations = citations;
    this.withheld = withheld;
    this.finish = finish;
    this.state = 'done';
  }

  fail({ message, hint }: Pick<Problem, 'message'> & { hint?: string | null }): void {
    this.failure = { message, hint: hint ?? null };
    this.state = 'failed';
  }

  kept(): KeptWriting {
    const { writer, state, sentences, citations, withheld, finish, failure } = this;
    return { writer, state, sentences, citations, withheld, finish, failure };
  }
}

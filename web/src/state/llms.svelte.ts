// The language models there are, the one that was chosen in this browser, and the hosts that may get text.
import * as api from '../api/client';
import { problemOf, type Problem } from '../api/problem';
import type { Llm } from '../api/types';

const CHOSEN = 'pllm.llm';
const HOSTS = 'pllm.llm-hosts';

/** How a test of the connection stands. */
export type Check = { state: 'asking' | 'there' } | { state: 'failed'; problem: Problem };

class Llms {
  /** `null` until the service has told. */
  all = $state.raw<Llm[] | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** By name, of this visit. */
  checks = $state.raw<Record<string, Check>>({});
  /** `null` = nothing was ever chosen here; empty = none is to write. */
  #chosen = $state<string | null>(localStorage.getItem(CHOSEN));
  #hosts = $state.raw<string[]>(storedHosts());

  /** Who writes under answers; without a choice the one of the settings, which is none unless somebody set it. */
  readonly writer = $derived(
    this.all?.find((llm) => (this.#chosen === null ? llm.default : llm.name === this.#chosen)) ?? null,
  );

  async load(): Promise<void> {
    try {
      this.all = await api.llms();
      this.problem = null;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** Who writes, also for a question that is asked before the list is here. */
  async known(): Promise<Llm | null> {
    if (this.all === null) await this.load();
    return this.writer;
  }

  choose(llm: Llm | null): void {
    this.#chosen = llm?.name ?? '';
    localStorage.setItem(CHOSEN, this.#chosen);
    if (llm !== null) void this.check(llm.name);
  }

  async check(name: string): Promise<void> {
    const tell = (check: Check) => (this.checks = { ...this.checks, [name]: check });
    tell({ state: 'asking' });
    try {
      await api.checkLlm(name);
      tell({ state: 'there' });
    } catch (thrown) {
      tell({ state: 'failed', problem: problemOf(thrown) });
    }
  }

  /** Whether its host was never named to whoever uses this browser. */
  isStrange({ host, remote }: Pick<Llm, 'host' | 'remote'>): boolean {
    return remote && !this.#hosts.includes(host ?? '');
  }

  allow({ host }: Pick<Llm, 'host'>): void {
    this.#hosts = [...new Set([...this.#hosts, host ?? ''])];
    localStorage.setItem(HOSTS, JSON.stringify(this.#hosts));
  }
}

function storedHosts(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(HOSTS) ?? '[]');
    return Array.isArray(stored) ? stored.filter((host) => typeof host === 'string') : [];
  } catch {
    return [];
  }
}

export const llms = new Llms();

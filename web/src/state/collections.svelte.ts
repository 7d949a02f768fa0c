// The collections, and a summary of the one that is shown.
import * as api from '../api/client';
import { Problem, problemOf } from '../api/problem';
import type { Collection, CollectionSummary } from '../api/types';

/** The collection that files go into when there is none yet. */
export const FIRST_COLLECTION = 'default';
const KEY = 'pllm.collection';

class Collections {
  /** `null` until the service has told. */
  all = $state.raw<Collection[] | null>(null);
  summary = $state.raw<CollectionSummary | null>(null);
  problem = $state.raw<Problem | null>(null);

  async refresh(shown: string | null): Promise<void> {
    try {
      this.all = await api.collections();
      this.problem = null;
      const known = this.all.some((collection) => collection.name === shown);
      this.summary = known && shown !== null ? await api.collection(shown) : null;
    } catch (thrown) {
      this.problem = problemOf(thrown);
    }
  }

  /** The collection to show when none is named: the last one, else the first. */
  preferred(): string {
    const last = localStorage.getItem(KEY);
    const names = (this.all ?? []).map((collection) => collection.name);
    return names.find((name) => name === last) ?? names[0] ?? FIRST_COLLECTION;
  }

  remember(name: string): void {
    localStorage.setItem(KEY, name);
  }

  has(name: string): boolean {
    return this.all?.some((collection) => collection.name === name) ?? false;
  }

  /** The first file of a new library needs no other step: its collection is made with it. */
  async ensure(name: string): Promise<void> {
    if (this.has(name)) return;
    try {
      await api.createCollection(name, []);
    } catch (thrown) {
      // Another window may have made it in the meantime.
      if (problemOf(thrown).status !== 409) throw thrown;
    }
    await this.refresh(name);
  }
}

export const collections = new Collections();

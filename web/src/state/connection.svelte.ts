// Whether the service answers. When it does not, it is asked again, ever more slowly, and at once when the page is looked at.
import * as api from '../api/client';
import type { Health } from '../api/types';

const CALM_MS = 20_000;
const WARMING_MS = 1_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
const PATIENCE_MS = 8_000;

class Connection {
  health = $state.raw<Health | null>(null);
  lost = $state(false);
  #retryMs = FIRST_RETRY_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #onBack: (() => void)[] = [];

  get warming(): boolean {
    return this.health?.state === 'warming';
  }

  start(): void {
    document.addEventListener(
      'visibilitychange',
      () => document.visibilityState === 'visible' && void this.check(),
    );
    void this.check();
  }

  /** Called when the service answers again after it was gone. */
  onBack(then: () => void): () => void {
    this.#onBack.push(then);
    return () => (this.#onBack = this.#onBack.filter((other) => other !== then));
  }

  async check(): Promise<void> {
    clearTimeout(this.#timer);
    let nextMs = CALM_MS;
    try {
      this.health = await api.health(AbortSignal.timeout(PATIENCE_MS));
      if (this.warming) nextMs = WARMING_MS;
      this.#found();
    } catch {
      this.lost = true;
      nextMs = this.#retryMs;
      this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.check(), nextMs);
  }

  #found(): void {
    const wasLost = this.lost;
    this.lost = false;
    this.#retryMs = FIRST_RETRY_MS;
    if (wasLost) this.#onBack.forEach((then) => then());
  }
}

export const connection = new Connection();

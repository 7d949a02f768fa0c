// The formats that the service reads, from its own table.
import * as api from '../api/client';
import type { Format } from '../api/types';

class Formats {
  all = $state.raw<Format[]>([]);

  async load(): Promise<void> {
    if (this.all.length > 0) return;
    this.all = await api.formats().catch(() => []);
  }

  get names(): string[] {
    return this.all.map((format) => format.name);
  }
}

export const formats = new Formats();

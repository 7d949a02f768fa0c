// Reads server-sent events from a fetch, because EventSource can neither POST nor be refused with a reason.
// The format is the HTML standard's, section 9.2 "Server-sent events".

export interface ServerEvent {
  event: string;
  data: string;
}

/** Turns pieces of a stream into events; a piece may end anywhere, even between CR and LF. */
export class EventParser {
  #rest = '';
  #event = '';
  #data: string[] = [];
  #sawCr = false;

  push(piece: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    this.#rest += this.#withoutSplitLineEnd(piece);
    let end: number;
    while ((end = this.#rest.search(/[\r\n]/)) >= 0) {
      const line = this.#rest.slice(0, end);
      this.#rest = this.#rest.slice(this.#lineEnd(end));
      const event = this.#line(line);
      if (event !== null) events.push(event);
    }
    return events;
  }

  /** A line that ended in CR at the end of a piece may go on with the LF of the same line end. */
  #withoutSplitLineEnd(piece: string): string {
    if (piece === '') return piece;
    const rest = this.#sawCr && piece.startsWith('\n') ? piece.slice(1) : piece;
    this.#sawCr = false;
    return rest;
  }

  #lineEnd(end: number): number {
    if (this.#rest[end] === '\n') return end + 1;
    if (end + 1 === this.#rest.length) this.#sawCr = true;
    return this.#rest[end + 1] === '\n' ? end + 2 : end + 1;
  }

  #line(line: string): ServerEvent | null {
    if (line === '') return this.#dispatch();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.#event = value;
    if (field === 'data') this.#data.push(value);
    return null;
  }

  #dispatch(): ServerEvent | null {
    const event =
      this.#data.length === 0 ? null : { event: this.#event || 'message', data: this.#data.join('\n') };
    this.#event = '';
    this.#data = [];
    return event;
  }
}

/** The events of a response's body, in order, until it ends. */
export async function* eventsOf(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield* parser.push(decoder.decode(value, { stream: true }));
    }
  } finally {
    // Leaving early tells the service to stop.
    await reader.cancel().catch(() => undefined);
  }
}

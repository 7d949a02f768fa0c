import { describe, expect, it } from 'vitest';
import { EventParser, eventsOf } from './sse';

const parse = (pieces: string[]) => {
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.push(piece));
};

describe('EventParser', () => {
  it('reads an event with its name', () =>
    expect(parse(['event: stage\ndata: {"ms":1}\n\n'])).toEqual([{ event: 'stage', data: '{"ms":1}' }]));
  it('calls an event without name a message', () =>
    expect(parse(['data: a\n\n'])).toEqual([{ event: 'message', data: 'a' }]));
  it('joins several data lines', () => expect(parse(['data: a\ndata:b\n\n'])[0]?.data).toBe('a\nb'));
  it('passes over comments, unknown fields and events without data', () =>
    expect(parse([': hello\nid: 4\nretry: 10\nevent: x\n\ndata: y\n\n'])).toEqual([
      { event: 'message', data: 'y' },
    ]));
  it('takes off one space only', () => expect(parse(['data:  two\n\n'])[0]?.data).toBe(' two'));
  it('keeps an unfinished event back', () => expect(parse(['data: a\n'])).toEqual([]));

  const stream = 'event: answer\r\ndata: grün\r\n\r\nevent: done\rdata: {}\r\rdata: z\n\n';
  const expected = [
    { event: 'answer', data: 'grün' },
    { event: 'done', data: '{}' },
    { event: 'message', data: 'z' },
  ];
  it('may be cut anywhere, at any line end', () => {
    expect(parse([...stream])).toEqual(expected);
    for (let at = 0; at <= stream.length; at += 1) {
      expect(parse([stream.slice(0, at), stream.slice(at)])).toEqual(expected);
    }
  });
});

describe('eventsOf', () => {
  it('decodes characters that are cut between two chunks', async () => {
    const bytes = new TextEncoder().encode('data: für\n\n');
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const events = [];
    for await (const event of eventsOf(body)) events.push(event);
    expect(events).toEqual([{ event: 'message', data: 'für' }]);
  });
});

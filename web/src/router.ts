// Which view an address names, and back. Pure: `navigation.svelte.ts` holds the current one.

/** A place in a source: what the panel beside the answer shows. */
export interface OpenSource {
  id: string;
  start: number | null;
  end: number | null;
}

export type Route =
  | { view: 'home' }
  | { view: 'ask'; collection: string; asked: string | null; open: OpenSource | null }
  | { view: 'library'; collection: string }
  | { view: 'source'; collection: string; open: OpenSource }
  | { view: 'about' }
  | { view: 'lost'; path: string };

export function parse(path: string, search: string): Route {
  const [head, collection, third, id, ...more] = path.split('/').filter(Boolean).map(decoded);
  const query = new URLSearchParams(search);
  if (head === undefined) return { view: 'home' };
  if (head === 'about' && collection === undefined) return { view: 'about' };
  if (head === 'ask' && collection !== undefined && third === undefined) {
    return { view: 'ask', collection, asked: query.get('q'), open: openOf(query.get('source'), query) };
  }
  if (head === 'library' && collection !== undefined) {
    if (third === undefined) return { view: 'library', collection };
    const open = more.length === 0 && third === 'sources' ? openOf(id ?? null, query) : null;
    if (open !== null) return { view: 'source', collection, open };
  }
  return { view: 'lost', path };
}

export function address(route: Route): string {
  switch (route.view) {
    case 'home':
      return '/';
    case 'about':
      return '/about';
    case 'lost':
      return route.path;
    case 'library':
      return `/library/${encodeURIComponent(route.collection)}`;
    case 'source':
      return `${address({ view: 'library', collection: route.collection })}/sources/${encodeURIComponent(route.open.id)}${search(range(route.open))}`;
    case 'ask':
      return `/ask/${encodeURIComponent(route.collection)}${search([
        ['q', route.asked],
        ['source', route.open?.id ?? null],
        ...range(route.open),
      ])}`;
  }
}

interface Cited {
  source: string;
  start: number;
  end: number;
}

/** Where a citation of an answer opens its source, beside that answer. */
export const addressOf = (asked: { id: string; collection: string }, { source, start, end }: Cited): string =>
  address({ view: 'ask', collection: asked.collection, asked: asked.id, open: { id: source, start, end } });

export const isOpenAt = (open: OpenSource | null, { source, start, end }: Cited): boolean =>
  open !== null && open.id === source && open.start === start && open.end === end;

type Pair = [string, string | null];

function range(open: OpenSource | null): Pair[] {
  return [
    ['start', open?.start?.toString() ?? null],
    ['end', open?.end?.toString() ?? null],
  ];
}

function search(pairs: Pair[]): string {
  const given = pairs.filter((pair): pair is [string, string] => pair[1] !== null);
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

function openOf(id: string | null, query: URLSearchParams): OpenSource | null {
  return id === null || id === ''
    ? null
    : { id, start: count(query.get('start')), end: count(query.get('end')) };
}

const count = (text: string | null): number | null =>
  text !== null && /^\d+$/.test(text) ? Number(text) : null;

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

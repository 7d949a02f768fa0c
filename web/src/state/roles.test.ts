import { describe, expect, it } from 'vitest';
import { proposed, roleOptions } from './roles';

const columns = ['a', 'b', 'c'].map((name) => ({ name, samples: [] }));
const roles = (content: string[], meta: string[]) =>
  proposed(columns, { content, meta, id: null }).map(({ role }) => role);

describe('proposed', () => {
  it.each([
    [[], [], ['both', 'both', 'both']],
    [['a'], [], ['content', 'meta', 'meta']],
    [['a'], ['b'], ['content', 'meta', 'out']],
    [['a'], ['a', 'c'], ['both', 'out', 'meta']],
  ])('content %j, metadata %j', (content, meta, expected) => expect(roles(content, meta)).toEqual(expected));
});

describe('roleOptions', () => {
  it('names the columns of each role', () =>
    expect(roleOptions(proposed(columns, { content: ['a'], meta: ['a', 'b'], id: null }), 'c')).toEqual({
      content: ['a'],
      meta: ['a', 'b'],
      id: 'c',
    }));
  it('wants some text', () =>
    expect(
      roleOptions(
        columns.map((column) => ({ ...column, role: 'meta' as const })),
        null,
      ),
    ).toBeNull());
});

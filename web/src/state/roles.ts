// What each column of a table is for: its text, something to filter by, what tells rows apart, or nothing.
import type { ColumnRoles, UploadOptions } from '../api/types';

export type Role = 'content' | 'meta' | 'both' | 'out';

export interface ColumnChoice {
  name: string;
  samples: string[];
  role: Role;
}

/** As the service proposes. No content column proposed means that all are, and no metadata column: those that are not content. */
export function proposed(columns: { name: string; samples: string[] }[], roles: ColumnRoles): ColumnChoice[] {
  const isContent = (name: string) => roles.content.length === 0 || roles.content.includes(name);
  const isMeta = (name: string) =>
    roles.meta.length > 0 ? roles.meta.includes(name) : roles.content.length === 0 || !isContent(name);
  return columns.map(({ name, samples }) => ({ name, samples, role: roleOf(isContent(name), isMeta(name)) }));
}

function roleOf(content: boolean, meta: boolean): Role {
  if (content) return meta ? 'both' : 'content';
  return meta ? 'meta' : 'out';
}

/** What is sent for the choices; `null` where no column is text. */
export function roleOptions(columns: ColumnChoice[], id: string | null): UploadOptions | null {
  const named = (...roles: Role[]) =>
    columns.filter(({ role }) => roles.includes(role)).map(({ name }) => name);
  const content = named('content', 'both');
  if (content.length === 0) return null;
  const meta = named('meta', 'both');
  const options: UploadOptions = { content, meta };
  if (id !== null) options.id = id;
  return options;
}

// The files of a drop or a picker, with their path inside the folder they came in.
import type { NamedFile } from '../api/upload';

/** Files that no person means to add: of the system, of version control. */
const hidden = (name: string): boolean => name.split('/').some((part) => part.startsWith('.'));

/** Entries have to be taken from the event before the first wait, or the browser has emptied it. */
export async function filesOfDrop(transfer: DataTransfer): Promise<NamedFile[]> {
  const entries = [...transfer.items]
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null);
  if (entries.length === 0) return [...transfer.files].map((file) => ({ name: file.name, file }));
  const files: NamedFile[] = [];
  for (const entry of entries) await gather(entry, '', files);
  return files.filter(({ name }) => !hidden(name));
}

export function filesOfPicker(list: FileList): NamedFile[] {
  return [...list]
    .map((file) => ({ name: file.webkitRelativePath || file.name, file }))
    .filter(({ name }) => !hidden(name));
}

async function gather(entry: FileSystemEntry, folder: string, files: NamedFile[]): Promise<void> {
  const name = folder + entry.name;
  if (isFile(entry)) files.push({ name, file: await fileOf(entry) });
  if (!isFolder(entry)) return;
  for (const child of await childrenOf(entry)) await gather(child, `${name}/`, files);
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject));

/** A reader gives at most a hundred entries a call, and none when it is through. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

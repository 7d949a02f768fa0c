// Sends files and tells how many bytes have left; XMLHttpRequest, because fetch does not tell.
import { collectionPath } from './client';
import { refusalOf, unreachable } from './problem';
import type { Job, UploadOptions } from './types';

/** A file and the name it is stored by: its path inside the folder that was dropped. */
export interface NamedFile {
  name: string;
  file: File;
}

export interface Upload {
  job: Promise<Job>;
  cancel: () => void;
}

export function upload(
  collection: string,
  files: NamedFile[],
  options: UploadOptions,
  onSent: (bytes: number) => void,
): Upload {
  const request = new XMLHttpRequest();
  const job = new Promise<Job>((resolve, reject) => {
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => {
      if (request.status === 202) resolve(JSON.parse(request.responseText) as Job);
      else reject(refusalOf(request.status, request.statusText, request.responseText));
    };
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'));
  });
  request.open('POST', `${collectionPath(collection)}/sources`);
  request.send(bodyOf(files, options));
  return { job, cancel: () => request.abort() };
}

/** The options come first, so that the service knows them when the first file arrives. */
function bodyOf(files: NamedFile[], options: UploadOptions): FormData {
  const body = new FormData();
  if (Object.keys(options).length > 0) body.append('options', JSON.stringify(options));
  for (const { name, file } of files) body.append('file', file, name);
  return body;
}

// Fails when the script that the first page load needs is larger than its budget, gzipped.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const BUDGET_BYTES = 100_000;
const dist = new URL('../dist/', import.meta.url);
const text = (path) => readFileSync(new URL(path, dist), 'utf8');

/** The scripts named by the page, and all that they import at once. */
function firstLoad() {
  const seen = new Set();
  const queue = [...text('index.html').matchAll(/(?:src|href)="\/(assets\/[^"]+\.js)"/g)].map(
    (match) => match[1],
  );
  while (queue.length > 0) {
    const path = queue.pop();
    if (seen.has(path)) continue;
    seen.add(path);
    for (const match of text(path).matchAll(/(?:import|from)\s*"\.\/([^"]+\.js)"/g))
      queue.push(`assets/${match[1]}`);
  }
  return [...seen];
}

const files = firstLoad();
const sizes = files.map((path) => gzipSync(text(path), { level: 9 }).length);
const total = sizes.reduce((sum, size) => sum + size, 0);
files.forEach((path, index) => console.log(`${String(sizes[index]).padStart(8)}  ${path}`));
console.log(
  `${String(total).padStart(8)}  bytes of gzipped script at first load, of ${BUDGET_BYTES} allowed`,
);
process.exit(files.length > 0 && total <= BUDGET_BYTES ? 0 : 1);

// Writes src/api/schema.ts from the service's own description; with --check only tells whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';
import prettier from 'prettier';

const description = new URL('../../docs/openapi.json', import.meta.url);
const target = new URL('../src/api/schema.ts', import.meta.url);
const HEAD = '// The shapes of the API, made from docs/openapi.json by `npm run types`.\n\n';

const { openapi, info, components } = JSON.parse(readFileSync(description, 'utf8'));
// The page names its calls itself; of the description it needs the shapes.
const code = astToString(await openapiTS({ openapi, info, paths: {}, components }));
const options = await prettier.resolveConfig(new URL('../package.json', import.meta.url));
const made = await prettier.format(HEAD + code, { ...options, parser: 'typescript' });

if (!process.argv.includes('--check')) {
  writeFileSync(target, made);
} else if (readFileSync(target, 'utf8') !== made) {
  console.error('src/api/schema.ts is not what docs/openapi.json says: run `npm run types`');
  process.exit(1);
}

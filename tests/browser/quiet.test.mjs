// A whole session of the page speaks to our own address and to nobody else: seen from the browser, whose every request to
// elsewhere would go to a proxy that counts, and from the service, whose calls are traced.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { addFiles, ask, launch, listed, openPage, startService } from './support.mjs';

/** Chromium's own errands (updates, accounts, forms), which no page can order. Its maker's fonts and scripts are not among them. */
const OF_CHROMIUM = /^(?:https?:\/\/)?(?!fonts\.|ajax\.|maps\.)[\w.-]+\.(?:google|googleapis|gstatic)\.com\b/;

/** Answers nothing, and remembers what it was asked for. */
async function listeningProxy() {
  const asked = [];
  const server = createServer((request, response) => {
    asked.push(request.url);
    response.writeHead(502).end();
  });
  server.on('connect', (request, socket) => {
    asked.push(request.url);
    socket.destroy();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { asked, url: `http://127.0.0.1:${server.address().port}`, end: () => server.close() };
}

test('the page and the service speak to nobody else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pllm-quiet-'));
  const calls = join(folder, 'calls');
  const service = await startService({ calls });
  const proxy = await listeningProxy();
  const browser = await launch({ proxy: { server: proxy.url, bypass: '127.0.0.1' } });
  try {
    const seen = await session(browser, service.base);
    for (const kind of [/\/$/, /\.js$/, /\.css$/, /\.woff2$/, /pdf\.worker.*\.mjs$/, /\/original$/, /\/pages\/\d/, /\/events$/, /\/ask$/, /\/api\/docs$/]) {
      assert.ok(seen.some((url) => kind.test(new URL(url).pathname)), `${kind} is among ${seen.join(' ')}`);
    }
    assert.deepEqual(seen.filter((url) => /^(https?|wss?):/.test(url) && new URL(url).origin !== service.base), []);
    assert.deepEqual(proxy.asked.filter((url) => !OF_CHROMIUM.test(url)), [], 'nothing asks for anything elsewhere');
    // The proxy would have noticed.
    const elsewhere = await openPage(browser, service.base);
    await elsewhere.goto('http://elsewhere.invalid/').catch(() => undefined);
    assert.ok(proxy.asked.some((url) => url.includes('elsewhere.invalid')), `the proxy counts: ${proxy.asked}`);
  } finally {
    await browser.close();
    await service.end();
    proxy.end();
  }
  const lines = readFileSync(calls, 'utf8').split('\n');
  assert.ok(lines.some((line) => /bind\(.*127\.0\.0\.1/.test(line)), 'the calls of the service were seen');
  assert.deepEqual(lines.filter((line) => /AF_INET/.test(line) && !/127\.0\.0\.1|"::1"/.test(line)), []);
  rmSync(folder, { recursive: true });
});

/** Every view, and what each can load; gives the addresses that were asked for. */
async function session(browser, base) {
  const page = await openPage(browser, base);
  const seen = [];
  page.context().on('request', (request) => seen.push(request.url()));
  await page.goto(base);
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  await addFiles(page, ['studio-lease.pdf', 'ferry-museum.html']);
  await page.getByText('2 files in').waitFor();
  await ask(page, 'How much is the rent of the studio?');
  await page.locator('[data-chip="1"]').click();
  await page.locator('[data-mark]').first().waitFor();
  await page.getByRole('button', { name: 'As text' }).click();
  await page.locator('aside mark').first().waitFor();
  await page.goto(`${base}/library/default`);
  await listed(page, 'ferry-museum.html').waitFor();
  await listed(page, 'ferry-museum.html').click();
  await page.getByRole('region', { name: 'Text of the file' }).getByRole('heading').first().waitFor();
  await page.goto(`${base}/about`);
  await page.getByText('ready').waitFor();
  await page.goto(`${base}/api/docs`);
  await page.getByRole('heading').first().waitFor();
  page.faults();
  await page.context().close();
  return seen;
}

// The service and the browser that the tests use: a data directory of its own, and a page that may not break its policy,
// throw, or speak to anybody else.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../../', import.meta.url));
const axe = readFileSync(new URL('./node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** `PLLM`: the program. `SAMPLES`: the sample library. `SHOTS`: a folder for pictures of every view; without it none are taken.
 * `PATIENCE_S`: how long anything is waited for, on a machine with other work. */
const {
  PLLM = join(root, 'target/release/pllm'),
  CHROMIUM = '/usr/bin/chromium',
  SAMPLES = join(root, 'tests/data/library/files'),
  SHOTS,
  PATIENCE_S = 20,
} = process.env;

/** A file of the sample library, whose text the tests know. */
export const sample = (name) => join(SAMPLES, name);

export const WIDE = { width: 1360, height: 860 };
export const PHONE = { width: 390, height: 844 };

/** A service on a port that is free; `start` after `stop` keeps data and port. `calls`: a file for its calls to the network.
 * `config`: the text of its settings; `env`: more of its environment. */
export async function startService({ calls, config = '', env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'pllm-browser-'));
  const settings = join(folder, 'config.toml');
  writeFileSync(settings, config);
  let child = null;
  let port = 0;
  const start = async () => {
    const args = ['--data-dir', join(folder, 'data'), '--config', settings, '--json', 'serve', '--port', String(port), '--ui-dir', join(root, 'web/dist')];
    // The tracer stands aside (-D), so that signals reach the program.
    const trace = ['-D', '-f', '-qq', '-e', 'trace=bind,connect,sendto,sendmsg,sendmmsg', '-o', calls, PLLM];
    const [program, own] = calls ? ['strace', [...trace, ...args]] : [PLLM, args];
    child = spawn(program, own, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', process.env.VERBOSE ? 'inherit' : 'ignore'] });
    const [line] = await Promise.race([
      firstLine(child),
      exited(child).then((code) => assert.fail(`pllm serve ended with ${code}`)),
    ]);
    const { url } = JSON.parse(line);
    port = Number(new URL(url).port);
    return new URL(url).origin;
  };
  const stop = async () => {
    const gone = exited(child);
    child.kill('SIGTERM');
    await gone;
  };
  const base = await start();
  return { base, folder, start, stop, end: () => stop().then(() => rmSync(folder, { recursive: true })) };
}

const exited = (child) => new Promise((resolve) => child.once('exit', resolve));

/** The address may be printed over several lines of JSON. */
function firstLine(child) {
  return new Promise((resolve) => {
    let text = '';
    createInterface({ input: child.stdout }).on('line', (line) => {
      text += line;
      try {
        JSON.parse(text);
        resolve([text]);
      } catch {
        // Not whole yet.
      }
    });
  });
}

export const launch = (options = {}) => chromium.launch({ executablePath: CHROMIUM, ...options });

/** A page whose faults are collected; `faults()` asserts that there were none. */
export async function openPage(browser, base, options = {}) {
  const context = await browser.newContext({ viewport: WIDE, locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(1000 * Number(PATIENCE_S));
  const found = [];
  page.on('pageerror', (error) => found.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    const expected = /Failed to load resource/.test(message.text());
    if (message.type() === 'error' && !expected) found.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.origin !== base) found.push(`asked elsewhere: ${url}`);
  });
  page.faults = () => assert.deepEqual(found, []);
  return page;
}

/** No violation of accessibility in what is shown now, and a picture of it if one is wanted. */
export async function look(page, name) {
  await settle(page);
  if (SHOTS) {
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `${name}.png`) });
  }
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  assert.deepEqual(told, [], name);
}

/** Fonts are there and nothing moves any more. */
async function settle(page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const moving = document.getAnimations().filter(({ effect }) => effect.getTiming().iterations !== Infinity);
    await Promise.all(moving.map((animation) => animation.finished.catch(() => undefined)));
  });
}

export async function addFiles(page, names) {
  await page.locator('input[type=file][multiple]').setInputFiles(names.map(sample));
}

/** Asks, and waits for the answer's outcome. */
export async function ask(page, question) {
  await page.getByLabel('Your question').fill(question);
  await page.keyboard.press('Enter');
  await answered(page);
}

export const answered = (page) => page.locator('article[aria-label="Answer"][aria-busy="false"]').waitFor();

export const focused = (page) =>
  page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent?.trim() ?? '');

/** The upload whose outcome is `text`. */
export const transferred = (page, text) => page.locator('.head', { hasText: text }).waitFor();

/** A file in the library's list. */
export const listed = (page, name) => page.locator('table').getByRole('link', { name, exact: true });

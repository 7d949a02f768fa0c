// A language model under the quotes: chosen, tested, watched while it writes, stopped, checked, copied; and where text goes for it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addFiles, ask, focused, launch, look, openPage, PHONE, startService, transferred } from './support.mjs';
import { HOLD, scriptedModel } from './scripted.mjs';

const SMALL = 'smollm2-135m-instruct';
const AWAY = 'llm.example';
const QUESTION = 'When does the shop open?';
const TRUE = 'From Tuesday to Saturday the shop opens at 6:30.';
const FALSE = 'On Saturdays it closes at 15:30.';

let service;
let browser;
let model;
before(async () => {
  model = await scriptedModel();
  service = await startWith('');
  browser = await launch();
  const page = await openPage(browser, service.base);
  await page.goto(`${service.base}/library/default`);
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  await addFiles(page, ['bakery-handbook.docx', 'studio-lease.pdf']);
  await transferred(page, '2 files read');
  await page.context().close();
});
after(async () => {
  await browser?.close();
  await service?.end();
  model?.end();
});

/** A service with two models: one of this computer and one of another, whose text comes to the scripted one by proxy. */
const startWith = (settings) =>
  startService({
    config: `
      ${settings}
      [llm.script]
      base_url = "${model.base}"
      model = "script-1"
      context_tokens = 4096
      [llm.away]
      base_url = "http://${AWAY}/v1"
      model = "script-1"
      context_tokens = 4096
    `,
    env: { http_proxy: model.origin, no_proxy: '' },
  });

/** A new browser in which nothing was chosen yet, at the question box. */
async function visit(options = {}) {
  const page = await openPage(browser, service.base, { permissions: ['clipboard-read', 'clipboard-write'], ...options });
  await page.goto(`${service.base}/ask/default`);
  await page.getByRole('button', { name: 'Model: Quotes only', exact: true }).waitFor();
  return page;
}

const option = (page, name) => page.locator('#models').getByRole('button', { name: new RegExp(`^${name}`) });

async function choose(page, name) {
  await page.getByRole('button', { name: /^Model:/ }).click();
  await option(page, name).click();
}

/** Forgets what earlier tests made of it. */
function script(...says) {
  Object.assign(model, { says, asked: [], paths: [], refuse: null });
  model.held = new Promise((resolve) => (model.isHeld = resolve));
  model.left = new Promise((resolve) => (model.hasLeft = resolve));
}

const written = (page) => page.getByRole('region', { name: /(ritten by|did not write)/ });
const whole = (page) => page.locator('section[aria-busy="false"]').filter({ has: page.getByRole('heading', { name: /^Written by/ }) });

test('a model on this computer is off until it is chosen, then writes drafts that are checked', { timeout: 400_000 }, async () => {
  const page = await visit();
  await ask(page, QUESTION);
  await page.locator('.hero mark').waitFor();
  assert.equal(await written(page).count(), 0, 'nobody writes who was not chosen');

  await choose(page, SMALL);
  await page.getByText('It answers.').waitFor();
  await look(page, 'models');
  await page.keyboard.press('Escape');
  assert.match(await focused(page), /Model:\s*smollm2/, 'Escape leads back to the button');

  await page.getByRole('button', { name: `Let ${SMALL} write about it` }).click();
  await page.getByRole('heading', { name: `Being written by ${SMALL}` }).waitFor();
  await page.locator('.hero mark').waitFor();
  await whole(page).waitFor({ timeout: 360_000 });
  assert.ok(await written(page).getByText('Draft', { exact: true }).isVisible(), 'its text is called a draft');
  const marks = await page.locator('.sentence.unsupported').count();
  const claims = marks + (await page.locator('.sentence.supported').count());
  assert.ok((await page.locator('.sentence').count()) > 0, 'it wrote');
  assert.equal(await page.locator('.reason').count(), marks, 'each marked sentence has its reason');
  if (marks === 0 && claims > 0) await page.getByText('Every statement was found').waitFor();
  if (marks > 0) await page.locator('.result.wrong').waitFor();
  await look(page, 'draft');

  await page.reload();
  await page.getByRole('button', { name: `Model: ${SMALL}` }).waitFor();
  assert.ok((await page.locator('.sentence').count()) > 0, 'what was written is still there');
  page.faults();
});

test('sentences come as they are checked; stopping keeps them and ends the writing there, too', async () => {
  // A sentence is checked when the next one has begun.
  script(`${TRUE} `, `${FALSE} `, 'There is more: ', HOLD);
  const page = await visit();
  await choose(page, 'script');
  await page.getByText('It answers.').waitFor();
  await page.keyboard.press('Escape');
  await ask(page, QUESTION);
  assert.match(await page.locator('.hero mark').innerText(), /6:30/, 'the quote comes first');
  await model.held;
  await page.locator('.sentence.unsupported').waitFor();
  assert.equal(await page.locator('.sentence.supported').innerText(), TRUE);
  assert.match(await page.locator('.reason').innerText(), /not what your documents say: .*15:30/);
  assert.equal(await page.locator('.missing').innerText(), '15:30');
  assert.equal(await page.locator('.supported + .letters .letter').count(), 1, 'a sentence has its source before the last one is written');
  await look(page, 'being-written');

  await page.getByRole('button', { name: 'Stop writing' }).click();
  await model.left;
  await page.getByText('Stopped here.').waitFor();
  assert.equal(await page.locator('.sentence').count(), 2, 'what was written stays');
  await written(page).getByText('1 of 2 statements is not in your documents.').waitFor();
  await page.locator('.supported + .letters .letter').click();
  await page.locator('aside mark').first().waitFor();
  assert.match(await page.locator('aside mark').first().innerText(), /opens from Tuesday to Saturday at 6:30/);
  await look(page, 'written-source');
  await page.keyboard.press('Escape');

  script(`${TRUE} `, FALSE);
  await page.getByRole('button', { name: 'Write again' }).click();
  await whole(page).waitFor();
  await written(page).getByText('1 of 2 statements is not in your documents.').waitFor();
  assert.ok(await page.locator('.hero mark').isVisible(), 'the quote is still there');
  await page.getByRole('button', { name: 'Copy with sources' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(copied.startsWith(`${TRUE} [1] ${FALSE} [not what your documents say: the time “15:30”`), copied);
  assert.match(copied, /\[1\] bakery-handbook\.docx.*: “.*at 6:30/s);
  page.faults();
});

for (const [shape, options] of [
  ['dark', { colorScheme: 'dark' }],
  ['phone', { viewport: PHONE, hasTouch: true, isMobile: true, deviceScaleFactor: 2 }],
]) {
  test(`written text, ${shape}`, async () => {
    script(`${TRUE} `, FALSE);
    const page = await visit(options);
    await choose(page, 'script');
    await page.getByText('It answers.').waitFor();
    await look(page, `${shape}-models`);
    await page.getByRole('button', { name: /^Model:/ }).click();
    await ask(page, QUESTION);
    await whole(page).waitFor();
    await look(page, `${shape}-written`);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `runs ${over} px over the edge`);
    page.faults();
  });
}

test('the writing is told to screen readers, and its letters are reached by keyboard', async () => {
  script(`${TRUE} `, FALSE);
  const page = await visit();
  await page.evaluate(() => {
    globalThis.told = [];
    const region = document.querySelector('[role=status][aria-live=polite]');
    new MutationObserver(() => globalThis.told.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
  });
  await page.getByRole('button', { name: /^Model:/ }).focus();
  await page.keyboard.press('Enter');
  await option(page, 'script').focus();
  await page.keyboard.press('Enter');
  await page.getByText('It answers.').waitFor();
  await page.keyboard.press('Escape');
  await ask(page, QUESTION);
  await whole(page).waitFor();
  await page.waitForFunction(() => globalThis.told.some((text) => /script-1 wrote 2 sentences\. 1 of 2 statements is not/.test(text)));
  await page.locator('.byline [data-chip="1"]').focus();
  await page.keyboard.press('ArrowDown');
  assert.match(await focused(page), /^Source a: bakery-handbook\.docx/);
  page.faults();
});

test('a host is named before it gets text, once', async () => {
  script(TRUE);
  const page = await visit();
  await choose(page, 'away');
  await page.getByRole('dialog', { name: `Let text go to ${AWAY}?` }).waitFor();
  assert.equal(await focused(page), 'Send nothing', 'the safe answer has the focus');
  await look(page, 'host');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Model: Quotes only', exact: true }).waitFor();
  assert.deepEqual(model.paths, [], 'it was not even asked whether it is there');

  await option(page, 'away').click();
  await page.getByRole('button', { name: `Allow ${AWAY}` }).click();
  await page.getByText('It answers.').waitFor();
  assert.deepEqual([model.paths, model.asked], [['/v1/models'], []], 'a test sends no text');
  await page.keyboard.press('Escape');
  await ask(page, QUESTION);
  await whole(page).getByText(`on ${AWAY}`).waitFor();
  assert.ok(JSON.stringify(model.asked).includes(QUESTION));

  await page.reload();
  await page.getByRole('button', { name: /^Model: away/ }).waitFor();
  await ask(page, 'How many days of holiday do people have a year?');
  await whole(page).waitFor();
  assert.equal(model.asked.length, 2, 'it is not asked about again');
  page.faults();
});

test('the host of a model that the settings chose is named before the first question goes there', async () => {
  script(TRUE);
  const chosen = await startWith('ask.llm = "away"');
  try {
    const page = await openPage(browser, chosen.base);
    await page.goto(chosen.base);
    await page.getByRole('button', { name: 'Choose files' }).waitFor();
    await addFiles(page, ['bakery-handbook.docx']);
    await page.getByText('1 file in').waitFor();
    await page.getByRole('button', { name: /^Model: away/ }).waitFor();
    await page.getByLabel('Your question').fill(QUESTION);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: `Let text go to ${AWAY}?` }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('.hero mark').waitFor();
    assert.equal(await written(page).count(), 0);
    assert.deepEqual(model.paths, [], 'the quote needs nobody');

    await page.getByRole('button', { name: 'Let away write about it' }).click();
    await page.getByRole('button', { name: `Allow ${AWAY}` }).click();
    await whole(page).getByText(`on ${AWAY}`).waitFor();
    assert.equal(model.asked.length, 1);
    page.faults();
  } finally {
    await chosen.end();
  }
});

test('a collection that is local only sends nothing, and says why', async () => {
  script(TRUE);
  const page = await visit();
  await page.goto(`${service.base}/library/default`);
  await page.getByRole('button', { name: 'New collection' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('private');
  await page.getByRole('dialog').getByRole('switch', { name: 'Local only' }).check();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByText('Its text is sent to no other computer.').waitFor();
  await addFiles(page, ['bakery-handbook.docx']);
  await transferred(page, '1 file read');
  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  await choose(page, 'away');
  await page.locator('main').getByText(`“private” is local only: its text is not sent to ${AWAY}`).waitFor();
  await look(page, 'local-only');
  await page.keyboard.press('Escape');
  await ask(page, QUESTION);
  assert.match(await page.locator('.hero mark').innerText(), /6:30/, 'the quote is there');
  await written(page).getByText(`is local only, its text is not sent to ${AWAY}`).waitFor();
  assert.deepEqual(model.asked, [], 'nothing was sent');

  await page.getByRole('link', { name: 'Library', exact: true }).click();
  await page.getByRole('switch', { name: 'Local only' }).click();
  assert.equal(await focused(page), 'Keep', 'the safe answer has the focus');
  await page.keyboard.press('Enter');
  assert.ok(await page.getByRole('switch', { name: 'Local only' }).isChecked());
  await page.getByRole('switch', { name: 'Local only' }).click();
  await page.getByRole('button', { name: 'Allow it' }).click();
  await page.getByText('a language model elsewhere may get text of it').waitFor();
  await look(page, 'local-only-switch');
  await page.getByRole('switch', { name: 'Local only' }).click();
  await page.getByText('Its text is sent to no other computer.').waitFor();
  page.faults();
});

test('a model that refuses costs only its own part, and is tried again', async () => {
  script(TRUE);
  model.refuse = 401;
  const page = await visit();
  await choose(page, 'script');
  await page.getByText('It does not answer.').waitFor();
  await page.keyboard.press('Escape');
  await ask(page, QUESTION);
  assert.match(await page.locator('.hero mark').innerText(), /6:30/, 'the quote is there');
  await page.getByRole('heading', { name: 'script-1 did not write' }).waitFor();
  await look(page, 'model-refuses');
  model.refuse = null;
  await page.getByRole('button', { name: 'Try again' }).click();
  await whole(page).getByText('Every statement was found in your documents.').waitFor();
  page.faults();
});

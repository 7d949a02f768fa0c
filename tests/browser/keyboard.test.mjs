// Everything that matters, without a mouse: where the focus is, where it goes, and that Escape leads back.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addFiles, answered, focused, launch, listed, openPage, startService } from './support.mjs';

let service;
let browser;
before(async () => {
  service = await startService();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await service?.end();
});

/** Presses Tab until something of that name has the focus. */
async function tabTo(page, name) {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    const at = await focused(page);
    if (name.test(at)) {
      const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
      assert.notEqual(outline, 'none', `${at} shows that it has the focus`);
      return;
    }
  }
  assert.fail(`Tab never reached ${name}`);
}

test('ask, walk the passages, open a source, go back, delete', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(service.base);
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  await addFiles(page, ['bakery-handbook.docx', 'studio-lease.pdf']);
  await page.getByLabel('Your question').waitFor();
  await page.getByText('2 files in').waitFor();

  await page.reload();
  await page.getByLabel('Your question').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.id), 'question', 'the box has the focus on load');
  await page.keyboard.type('When does the shop open?');
  await page.keyboard.press('Enter');
  await answered(page);

  await tabTo(page, /bakery-handbook\.docx/);
  await page.keyboard.press('ArrowDown');
  assert.equal(await page.evaluate(() => document.activeElement.dataset.chip), '2', 'arrows go from passage to passage');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.locator('aside mark').first().waitFor();
  assert.match(await focused(page), /bakery-handbook\.docx/);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), 'H2', 'the source tells its name');
  await tabTo(page, /Passage forward/);
  await page.keyboard.press('Enter');
  await page.getByText('passage 2 of 3').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('aside').waitFor({ state: 'detached' });
  assert.equal(await page.evaluate(() => document.activeElement.dataset.chip), '2', 'Escape leads back to the passage');

  await page.keyboard.press('/');
  assert.equal(await page.evaluate(() => document.activeElement.id), 'question', 'a slash leads to the box');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('ArrowUp');
  assert.equal(await page.getByLabel('Your question').inputValue(), 'When does the shop open?');

  // From the top: the skip link comes first, then the way to the library.
  await page.goto(`${service.base}/about`);
  await page.keyboard.press('Tab');
  assert.match(await focused(page), /Skip to the content/);
  await tabTo(page, /^Library$/);
  await page.keyboard.press('Enter');
  await listed(page, 'studio-lease.pdf').waitFor();
  await tabTo(page, /^bakery-handbook\.docx$/);
  await page.keyboard.press('ArrowDown');
  assert.match(await focused(page), /studio-lease\.pdf/, 'arrows go from file to file');
  await tabTo(page, /Delete studio-lease\.pdf/);
  await page.keyboard.press('Enter');
  assert.equal(await focused(page), 'Keep', 'the safe answer has the focus');
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  assert.match(await focused(page), /Delete studio-lease\.pdf/, 'the window gives the focus back');
  await page.keyboard.press('Enter');
  await page.locator('dialog').waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await focused(page), 'Delete');
  await page.keyboard.press('Enter');
  await page.getByText('1–1 of 1').waitFor();
  page.faults();
});

test('the pages of a PDF are turned by arrow keys', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(`${service.base}/library/pdf`);
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  await addFiles(page, ['studio-lease.pdf']);
  await listed(page, 'studio-lease.pdf').waitFor();
  await listed(page, 'studio-lease.pdf').click();
  const pages = page.getByRole('region', { name: 'Pages of the PDF' });
  await pages.locator('[data-page="6"]').waitFor();
  await pages.focus();
  await page.keyboard.press('ArrowRight');
  await page.waitForFunction(() => document.querySelector('.tools input').value === '2');
  await page.keyboard.press('ArrowLeft');
  await page.waitForFunction(() => document.querySelector('.tools input').value === '1');
  page.faults();
});

test('what changes by itself is told to screen readers', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(service.base);
  await page.evaluate(() => {
    globalThis.told = [];
    const region = document.querySelector('[role=status][aria-live=polite]');
    new MutationObserver(() => globalThis.told.push(region.textContent)).observe(region, { childList: true, characterData: true, subtree: true });
  });
  await page.getByLabel('Your question').fill('When does the shop open?');
  await page.keyboard.press('Enter');
  await answered(page);
  await page.waitForFunction(() => globalThis.told.some((text) => /opens from Tuesday.*From bakery-handbook/.test(text)));
  page.faults();
});

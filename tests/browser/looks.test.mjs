// Every view in light and dark, wide and on a phone: nothing runs over the edge, and no violation of accessibility.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addFiles, ask, launch, listed, look, openPage, PHONE, startService, transferred, WIDE } from './support.mjs';

let service;
let browser;
before(async () => {
  service = await startService();
  browser = await launch();
  const page = await openPage(browser, service.base);
  await page.goto(`${service.base}/library/default`);
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  await addFiles(page, ['beekeepers-bulletin.pdf', 'bakery-handbook.docx', 'mietvertrag.md', 'community-handbook-zh.md']);
  await transferred(page, '4 files read');
  await page.locator('input[type=file][multiple]').setInputFiles([
    { name: LONG_NAME, mimeType: 'text/plain', buffer: Buffer.from('The lighthouse at Skarv was painted red in 1987.') },
  ]);
  await transferred(page, '1 file read');
  await page.context().close();
});
after(async () => {
  await browser?.close();
  await service?.end();
});

/** As scanners and downloads name files. */
const LONG_NAME = `Scan_2024-03-01_${'Betriebskostenabrechnung'.repeat(5)}_final_final(2).txt`;

const SHAPES = [
  ['light', { viewport: WIDE, colorScheme: 'light' }],
  ['dark', { viewport: WIDE, colorScheme: 'dark' }],
  ['phone', { viewport: PHONE, colorScheme: 'light', hasTouch: true, isMobile: true, deviceScaleFactor: 2 }],
  ['phone-dark', { viewport: PHONE, colorScheme: 'dark', hasTouch: true, isMobile: true, deviceScaleFactor: 2 }],
  ['large-type', { viewport: { width: 680, height: 430 }, colorScheme: 'light', reducedMotion: 'reduce' }],
];

for (const [shape, options] of SHAPES) {
  test(`every view, ${shape}`, async () => {
    const page = await openPage(browser, service.base, options);
    const see = async (name) => {
      await look(page, `${shape}-${name}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${name} runs ${over} px over the edge`);
    };
    await page.goto(service.base);
    await page.getByLabel('Your question').waitFor();
    await see('start');
    await ask(page, 'What does the radial machine with nine frames and a motor cost?');
    await see('answer');
    await page.locator('[data-chip="1"]').click();
    await page.locator('[data-mark]').first().waitFor();
    await see('pdf');
    await page.getByRole('button', { name: 'As text' }).click();
    await page.locator('aside mark').first().waitFor();
    await see('text');
    await page.keyboard.press('Escape');
    await ask(page, 'When was the lighthouse at Skarv painted red?');
    await page.locator('[data-chip="1"]').click();
    await page.locator('aside mark').first().waitFor();
    await see('long-name');
    await page.keyboard.press('Escape');
    await ask(page, 'What is the capital of France?');
    await see('none');
    await page.goto(`${service.base}/library/default`);
    await listed(page, 'mietvertrag.md').waitFor();
    await see('library');
    await page.getByRole('button', { name: 'New collection' }).click();
    await see('new-collection');
    await page.keyboard.press('Escape');
    await listed(page, 'mietvertrag.md').click();
    await page.getByRole('region', { name: 'Text of the file' }).getByRole('heading').first().waitFor();
    await see('source');
    await page.goto(`${service.base}/about`);
    await page.getByText('ready').waitFor();
    await see('about');
    await page.goto(`${service.base}/nowhere`);
    await page.getByRole('heading', { name: 'There is no such page.' }).waitFor();
    await see('lost');
    page.faults();
  });
}

test('the colours can be chosen and stay chosen', async () => {
  const page = await openPage(browser, service.base, { colorScheme: 'light' });
  await page.goto(service.base);
  const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await paper();
  await page.getByRole('button', { name: /^Colours: as the system/ }).click();
  assert.equal(await paper(), light);
  await page.getByRole('button', { name: /^Colours: light/ }).click();
  const dark = await paper();
  assert.notEqual(dark, light);
  await page.reload();
  await page.getByRole('button', { name: /^Colours: dark/ }).waitFor();
  assert.equal(await paper(), dark);
  page.faults();
});

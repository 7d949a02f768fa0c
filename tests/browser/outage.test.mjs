// The service goes and comes back: the page says so, loses nothing, and goes on by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { addFiles, ask, launch, look, openPage, startService, transferred } from './support.mjs';

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

test('an outage is told, and ends by itself', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(`${service.base}/library/default`);
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  await addFiles(page, ['bakery-handbook.docx']);
  await transferred(page, '1 file read');
  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  await ask(page, 'When does the shop open?');

  await service.stop();
  await ask(page, 'How many days of holiday do people have a year?');
  await page.getByText('This question was not answered.').waitFor();
  await page.getByText('Nothing is lost').waitFor();
  await look(page, 'outage');

  await service.start();
  await page.getByText('Nothing is lost').waitFor({ state: 'detached', timeout: 40_000 });
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.locator('.hero mark').waitFor();
  assert.match(await page.locator('.hero mark').innerText(), /27 days of holiday/);
  page.faults();
});

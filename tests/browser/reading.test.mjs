// While files are being read: progress, questions from what is there, cancel, and going on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ask, launch, look, openPage, startService, transferred } from './support.mjs';

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

const FILES = 40;
const WORDS = 'river mill stone bridge lantern harvest copper meadow ferry orchard kettle ladder market winter'.split(' ');

/** Enough text that reading takes seconds, each sentence another one. */
function letter(number) {
  const sentence = (at) => [0, 1, 2, 3, 4, 5, 6].map((step) => WORDS[(number * 7 + at * 3 + step * (1 + (at % 5))) % WORDS.length]).join(' ');
  const body = Array.from({ length: 400 }, (_, at) => `In letter ${number}, line ${at}, the ${sentence(at)} stood.`).join(' ');
  return { name: `letter-${number}.txt`, mimeType: 'text/plain', buffer: Buffer.from(`The gate key of house ${number} hangs behind door ${number}. ${body}`) };
}

test('questions are answered while files are read, and say so; a job is cancelled and goes on', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(`${service.base}/library/letters`);
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  await page.locator('input[type=file][multiple]').setInputFiles(Array.from({ length: FILES }, (_, number) => letter(number)));
  await transferred(page, `Reading ${FILES} files`);
  await page.getByRole('progressbar', { name: 'Reading' }).waitFor();
  await page.locator('.state.done').first().waitFor();
  await look(page, 'reading');

  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  await ask(page, 'Where does the gate key of house 0 hang?');
  await page.getByText('still being read').waitFor();
  await look(page, 'answer-while-reading');

  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await transferred(page, 'Stopped:');
  await page.getByText(/^1–\d+ of \d+$/).waitFor();
  const kept = await page.locator('table a').count();
  assert.ok(kept > 0 && kept < FILES, `${kept} files are there`);

  // A reload in the middle finds the job again.
  await page.getByRole('button', { name: 'Try again' }).click();
  await transferred(page, `Reading ${FILES} files`);
  await page.reload();
  await transferred(page, `Reading ${FILES} files`);
  await page.locator('.head', { hasText: `${FILES} files read` }).waitFor({ timeout: 120_000 });
  await page.getByText(`1–${FILES} of ${FILES}`).waitFor();
  page.faults();
});

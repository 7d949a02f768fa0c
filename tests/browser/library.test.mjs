// From nothing to a cited answer and back: upload, watch, ask, click, see the words, reload, delete.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { addFiles, ask, launch, listed, look, openPage, sample, startService, transferred } from './support.mjs';
import { lettersOf, wordsUnder } from './poppler.mjs';

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

const QUESTION = 'What does the radial machine with nine frames and a motor cost?';
const SENTENCE = 'The radial machine with nine frames and a motor costs 9 pounds a day and stays with Gideon Larch at the forge.';

test('a PDF and a Word document: uploaded, asked, seen at the sentence, reloaded, deleted', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(service.base);
  await page.getByRole('heading', { name: 'Ask your own documents.' }).waitFor();
  await look(page, 'first-use');

  // The page turns to questions as soon as there is something to ask.
  await addFiles(page, ['beekeepers-bulletin.pdf', 'bakery-handbook.docx']);
  await page.getByLabel('Your question').waitFor();
  await page.getByRole('link', { name: 'Library' }).click();
  await transferred(page, '2 files read');
  await listed(page, 'beekeepers-bulletin.pdf').waitFor();
  await look(page, 'library');

  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  await watchStages(page);
  await ask(page, QUESTION);
  assert.equal(await page.locator('.hero mark').innerText(), SENTENCE);
  const stages = await page.evaluate(() => globalThis.stages);
  assert.ok(stages.includes('Joined both lists…'), `the stages are shown as they come: ${stages}`);
  await look(page, 'answer');

  await page.locator('[data-chip="1"]').click();
  await marksSettled(page);
  await look(page, 'pdf');
  await assertWordsUnderMarks(page);

  await page.reload();
  await marksSettled(page);
  assert.equal(await page.locator('.hero mark').innerText(), SENTENCE, 'the answer outlives a reload');
  await assertWordsUnderMarks(page);
  await page.keyboard.press('Escape');

  await ask(page, 'When do the bakers of the night shift start?');
  await page.locator('[data-chip="1"]').click();
  const mark = page.locator('aside mark');
  await mark.first().waitFor();
  assert.match((await mark.allInnerTexts()).join(''), /start at 1:15 and finish at 9:00/);
  assert.ok(await inView(mark.first()), 'the mark is scrolled into view');
  await look(page, 'text');

  await page.getByRole('link', { name: 'Library' }).click();
  await page.getByRole('button', { name: 'Delete beekeepers-bulletin.pdf' }).click();
  await look(page, 'delete');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByText('1–1 of 1').waitFor();
  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  await page.getByText('This session').waitFor();
  assert.equal(await page.getByText(QUESTION).count(), 0, 'answers from a deleted file are forgotten');
  page.faults();
});

test('what is not in the documents is said, with what comes nearest', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(service.base);
  await ask(page, 'What is the capital of France?');
  await page.getByRole('heading', { name: 'Not in your documents.' }).waitFor();
  assert.ok((await page.locator('blockquote').count()) > 0);
  await look(page, 'not-in-documents');
  page.faults();
});

test('a filter narrows a question, and a wrong one is explained', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(service.base);
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByLabel('Ask only files where').fill('type = "nothing"');
  await ask(page, 'When does the shop open?');
  await page.getByRole('button', { name: 'Ask all files' }).click();
  await page.locator('.hero').waitFor();
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByLabel('Ask only files where').fill('type = ');
  await ask(page, 'When does the shop open?');
  await page.getByText('This question was not answered.').waitFor();
  await look(page, 'error');
  page.faults();
});

test('the columns of a table are given roles before it is read', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(`${service.base}/library/tables`);
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  await addFiles(page, ['bike-price-list.csv']);
  await page.getByRole('combobox', { name: 'Use of remark' }).waitFor();
  await look(page, 'columns');
  for (const name of ['code', 'category', 'minutes', 'price_2023']) {
    await page.getByRole('combobox', { name: `Use of ${name}` }).selectOption('meta');
  }
  await page.getByLabel('What tells rows apart').selectOption('code');
  await page.getByRole('button', { name: 'Add table' }).click();
  await transferred(page, '1 file read, 62 passages');
  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  await ask(page, 'Small inspection (city bike)');
  await page.locator('[data-chip="1"]').click();
  const text = page.getByRole('region', { name: 'Text of the file' });
  await text.getByText('service:').first().waitFor();
  assert.doesNotMatch(await text.innerText(), /minutes:/, 'a filter column is not text');
  page.faults();
});

test('pasted text is a source like any other', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(`${service.base}/library/letters`);
  await page.getByRole('button', { name: 'Paste text' }).click();
  await page.getByLabel('Name').fill('Letter of the landlord');
  await page.getByLabel('Text', { exact: true }).fill('The gas meter will be read on the ninth of June.');
  await page.getByRole('button', { name: 'Add text' }).click();
  await transferred(page, '1 file read');
  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  await ask(page, 'When will the gas meter be read?');
  await page.getByText('The gas meter will be read on the ninth of June.').first().waitFor();
  page.faults();
});

test('a file that cannot be read says why, and the others go on', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(`${service.base}/library/mixed`);
  await page.locator('input[type=file][multiple]').setInputFiles([
    { name: 'broken.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\nnothing that follows is a PDF') },
    { name: 'minutes.txt', mimeType: 'text/plain', buffer: Buffer.from('The roof was mended in May by two people.') },
  ]);
  await transferred(page, '1 of 2 files read, 1 could not be');
  await page.getByRole('button', { name: 'Try again' }).waitFor();
  assert.ok((await page.locator('.reason').innerText()).length > 10, 'the reason is told');
  await look(page, 'failed-file');
  await page.reload();
  await transferred(page, '1 of 2 files read, 1 could not be');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.reload();
  await listed(page, 'minutes.txt').waitFor();
  assert.equal(await page.locator('.head').count(), 0, 'what was dismissed stays so');
  page.faults();
});

test('files come by drop, and folders with their paths', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(`${service.base}/library/dropped`);
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['The key hangs behind the bar.'], 'keys.txt', { type: 'text/plain' }));
    return transfer;
  });
  await page.dispatchEvent('main', 'dragover', { dataTransfer: dropped });
  await page.getByText('Let go to add them').waitFor();
  await page.dispatchEvent('main', 'drop', { dataTransfer: dropped });
  await transferred(page, '1 file read');

  const folder = mkdtempSync(join(tmpdir(), 'pllm-folder-'));
  mkdirSync(join(folder, 'letters'));
  writeFileSync(join(folder, 'letters', 'may.txt'), 'The meter is read on the ninth.');
  writeFileSync(join(folder, '.hidden.txt'), 'No person means to add this.');
  await page.locator('input[webkitdirectory]').setInputFiles(folder);
  await page.getByText('letters/may.txt').first().waitFor();
  await transferred(page, '1 file read');
  assert.equal(await page.getByText('.hidden.txt').count(), 0);
  rmSync(folder, { recursive: true });
  page.faults();
});

test('a collection is made, filled, filtered, and deleted with everything in it', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(`${service.base}/library/default`);
  await page.getByRole('button', { name: 'New collection' }).click();
  await page.getByLabel('Name', { exact: true }).fill('flat');
  await page.getByLabel('German').check();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('heading', { name: 'flat', level: 1 }).waitFor();
  await addFiles(page, ['mietvertrag.md', 'field-notes.txt']);
  await transferred(page, '2 files read');
  await page.getByText('1–2 of 2').waitFor();

  await page.getByLabel('Search by name').fill('miet');
  await page.getByText('1–1 of 1').waitFor();
  await page.getByLabel('Search by name').fill('');
  await page.getByLabel('Filter', { exact: true }).fill('type = ');
  await page.getByText('Not a filter yet').waitFor();
  await page.getByLabel('Filter', { exact: true }).fill('type = "nothing"');
  await page.getByText('No file fits.').waitFor();
  await page.getByLabel('Filter', { exact: true }).fill('');
  await page.getByText('1–2 of 2').waitFor();

  await page.getByRole('button', { name: 'New collection' }).click();
  await page.getByLabel('Name', { exact: true }).fill('flat');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('dialog').getByText('flat').last().waitFor();
  await look(page, 'collection-exists');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Delete collection' }).click();
  await look(page, 'delete-collection');
  await page.getByRole('button', { name: 'Delete all of it' }).click();
  await page.getByRole('heading', { name: 'flat', level: 1 }).waitFor({ state: 'detached' });
  assert.equal(await page.locator('#collection option', { hasText: 'flat' }).count(), 0, 'it is offered no more');
  page.faults();
});

const NOTES = `# Trip notes

The **harbour office** opens at \`07:30\`, says [Orla](https://example.org/orla).

- **Bring** the blue key
  - and the spare one
- Pay the *berth fee* of **14 pounds**

| Day | Tide |
| --- | --- |
| Monday | **high** at 6 |

\`\`\`
ferry --list **all**
\`\`\`

<img src=x onerror="document.title='broken in'"> <script>document.title='broken in'</script> is only text.
`;

test('Markdown is shown as what it means, marked where it is cited, and never run', async () => {
  const page = await openPage(browser, service.base);
  await page.goto(`${service.base}/library/notes`);
  await page.getByRole('button', { name: 'Choose files' }).waitFor();
  await page.locator('input[type=file][multiple]').setInputFiles([{ name: 'trip.md', mimeType: 'text/markdown', buffer: Buffer.from(NOTES) }]);
  await transferred(page, '1 file read');
  await page.getByRole('link', { name: 'Ask', exact: true }).click();
  await ask(page, 'When does the harbour office open?');
  assert.doesNotMatch(await page.locator('.hero').innerText(), /\*|`/, 'the answer has no raw signs');
  await page.locator('[data-chip="1"]').click();
  const text = page.getByRole('region', { name: 'Text of the file' });
  await text.locator('mark').first().waitFor();
  assert.equal((await text.locator('mark').allInnerTexts()).join(''), 'The harbour office opens at 07:30, says Orlahttps://example.org/orla.');
  await look(page, 'markdown');
  const shown = await text.innerText();
  assert.doesNotMatch(shown.replace('ferry --list **all**', ''), /\*\*|```|---|\| Day/, 'no raw signs but in code');
  assert.match(shown, /<img src=x onerror=.*<script>.*is only text\./, 'markup of the file is text');
  assert.equal(await text.locator('img, script').count(), 0);
  assert.doesNotMatch(await page.title(), /broken in/);
  assert.equal(await text.locator('table td').count(), 4);
  page.faults();
});

/** Keeps what the page says while it looks for an answer. */
async function watchStages(page) {
  await page.evaluate(() => {
    globalThis.stages = [];
    const note = () => globalThis.stages.push(document.querySelector('.working p')?.textContent ?? '');
    new MutationObserver(note).observe(document.body, { childList: true, characterData: true, subtree: true });
  });
}

async function marksSettled(page) {
  await page.locator('[data-page="1"] [data-mark]').first().waitFor();
  await page.locator('[data-page="2"] [data-mark]').first().waitFor();
}

/** Another engine than ours says which words stand under the boxes: those of the sentence, over the break of the page. */
async function assertWordsUnderMarks(page) {
  const marks = await page.evaluate(() =>
    [...document.querySelectorAll('[data-page]')].flatMap((frame) => {
      const paper = frame.getBoundingClientRect();
      const share = ({ left, top, right, bottom }) => ({
        page: Number(frame.dataset.page),
        left: (left - paper.left) / paper.width,
        top: (top - paper.top) / paper.height,
        right: (right - paper.left) / paper.width,
        bottom: (bottom - paper.top) / paper.height,
      });
      return [...frame.querySelectorAll('[data-mark]')].map((mark) => share(mark.getBoundingClientRect()));
    }),
  );
  const words = await wordsUnder(sample('beekeepers-bulletin.pdf'), marks);
  assert.equal(lettersOf(words), lettersOf([SENTENCE]), `its words and no others: ${words.join(' ')}`);
  assert.ok(await inView(page.locator('[data-page="1"] [data-mark]').first()), 'the first box is in view');
}

async function inView(locator) {
  return locator.evaluate((element) => {
    const box = element.getBoundingClientRect();
    const frame = element.closest('[role=region]').getBoundingClientRect();
    return box.top >= frame.top && box.bottom <= frame.bottom && frame.height > 0;
  });
}

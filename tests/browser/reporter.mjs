// Reports as cargo does, because `make test` counts such lines.
export default async function* report(events) {
  const counts = { passed: 0, failed: 0, ignored: 0 };
  for await (const { type, data } of events) {
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    if (data.details.type === 'suite') continue;
    const outcome = type === 'test:fail' ? 'failed' : data.skip ? 'ignored' : 'passed';
    counts[outcome] += 1;
    const word = { passed: 'ok', failed: 'FAILED', ignored: `ignored, ${data.skip}` }[outcome];
    yield `test browser: ${data.name} ... ${word}\n`;
    if (outcome === 'failed') yield `${told(data.details.error)}\n`;
  }
  const verdict = counts.failed === 0 ? 'ok' : 'FAILED';
  yield `\ntest result: ${verdict}. ${counts.passed} passed; ${counts.failed} failed; ${counts.ignored} ignored\n`;
}

const told = (error) => error?.cause?.stack ?? error?.stack ?? String(error);

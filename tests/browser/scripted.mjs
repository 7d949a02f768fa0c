// A language model of a few lines: speaks OpenAI's language over HTTP and writes what a test puts in its mouth. It is a proxy as
// well, so that a test can have a model on another computer without one.
import { createServer } from 'node:http';

/** In a script: waits until the service hangs up, or until `goOn` is called. */
export const HOLD = Symbol('hold');

/** `says`: the pieces of the next answers. `asked`: the bodies it got. `refuse`: a status instead of an answer. */
export async function scriptedModel() {
  const model = { says: [], asked: [], paths: [], refuse: null, goOn: () => undefined };
  model.held = new Promise((resolve) => (model.isHeld = resolve));
  model.left = new Promise((resolve) => (model.hasLeft = resolve));
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, 'http://script');
    model.paths.push(pathname);
    let body = '';
    for await (const piece of request) body += piece;
    if (model.refuse !== null) return json(response, model.refuse, { error: { message: 'this key is not known here', type: 'invalid_request_error' } });
    if (pathname.endsWith('/models')) return json(response, 200, { object: 'list', data: [{ id: 'script-1', object: 'model' }] });
    model.asked.push(JSON.parse(body));
    response.once('close', () => response.writableFinished || model.hasLeft());
    return write(model, response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${server.address().port}`;
  return Object.assign(model, { origin, base: `${origin}/v1`, end: () => (server.closeAllConnections(), server.close()) });
}

function json(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function write(model, response) {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta, finish = null) => response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`);
  for (const piece of [...model.says]) {
    if (piece !== HOLD) {
      send({ content: piece });
      continue;
    }
    const going = new Promise((resolve) => (model.goOn = resolve));
    model.isHeld();
    await Promise.race([going, model.left]);
  }
  if (response.destroyed) return;
  send({}, 'stop');
  response.end('data: [DONE]\n\n');
}

// @ts-check
// Reads the events of an answer over fetch, and goes on where it was when the connection drops.

/**
 * @typedef {{id: string, name: string, data: any}} StreamEvent
 *   A server-sent event; `data` is one of the events of the HTTP API (docs/api.md).
 */

/** How long to wait before each new try after a drop, in milliseconds. */
const WAITS = [250, 1000, 2000, 4000, 8000, 15000];

/** A connection that is silent for longer is dead: the server sends a comment every 15 s. */
const SILENCE_MS = 40_000;

/** The server refused a request and said why (RFC 9457). */
export class Refused extends Error {
  /**
   * @param {string} type stable name of the problem, such as "rate-limited"
   * @param {string} detail
   * @param {number} retryAfter seconds; 0 when not said
   */
  constructor(type, detail, retryAfter) {
    super(detail);
    this.type = type;
    this.retryAfter = retryAfter;
  }
}

/** The server did not answer, or stopped in the middle. */
export class Unreachable extends Error {}

/**
 * Send a request; anything but success is an error.
 *
 * @param {string} url
 * @param {RequestInit} init
 * @returns {Promise<Response>}
 */
export async function send(url, init) {
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, init);
  } catch {
    throw new Unreachable(url);
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  const type = String(problem.type ?? "").replace("urn:fingerpost:problem:", "");
  const wait = Number(response.headers.get("Retry-After") ?? 0);
  throw new Refused(type || String(response.status), String(problem.detail ?? ""), wait);
}

/**
 * Follow an answer to its end, going on after the last event whenever the connection drops.
 *
 * @param {string} turnUrl
 * @param {Response | null} response a stream that is open already, from its first event
 * @param {(event: StreamEvent) => void} handle called with each event, once
 * @param {(connected: boolean) => void} connection called when the connection is lost or back
 * @throws {Refused} the turn has gone
 * @throws {Unreachable} the server no longer answers
 */
export async function follow(turnUrl, response, handle, connection) {
  let last = "";
  let failures = 0;
  for (;;) {
    try {
      response ??= await resume(turnUrl, last);
      connection(true);
      for await (const event of events(response)) {
        failures = 0;
        last = event.id;
        handle(event);
        if (event.name === "done") return;
      }
    } catch (error) {
      const passing = error instanceof Unreachable || (error instanceof Refused && error.retryAfter);
      if (!passing) throw error;
    }
    if (failures === WAITS.length) throw new Unreachable(turnUrl);
    response = null;
    connection(false);
    await new Promise((resolve) => setTimeout(resolve, WAITS[failures]));
    failures += 1;
  }
}

/**
 * @param {string} turnUrl
 * @param {string} last id of the last event that was received, if any
 */
function resume(turnUrl, last) {
  const headers = { Accept: "text/event-stream", ...(last && { "Last-Event-ID": last }) };
  return send(`${turnUrl}/events`, { headers });
}

/**
 * The events in a response, as they come (WHATWG HTML, section 9.2.6; data has one line here).
 *
 * @param {Response} response
 * @returns {AsyncGenerator<StreamEvent>}
 * @throws {Unreachable} the connection broke or went silent
 */
async function* events(response) {
  let rest = "";
  for await (const text of pieces(response)) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parse(block);
      if (event) yield event;
    }
  }
}

/**
 * @param {string} block
 * @returns {StreamEvent | null} null for a comment
 */
function parse(block) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const line of block.split("\n")) {
    const colon = line.indexOf(": ");
    if (colon > 0) fields[line.slice(0, colon)] = line.slice(colon + 2);
  }
  if (!fields.data) return null;
  return { id: fields.id ?? "", name: fields.event ?? "", data: JSON.parse(fields.data) };
}

/**
 * @param {Response} response
 * @returns {AsyncGenerator<string>}
 */
async function* pieces(response) {
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await withinSilence(reader.read());
      if (done) return;
      yield value;
    }
  } catch {
    throw new Unreachable(response.url);
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * @template T
 * @param {Promise<T>} reading
 * @returns {Promise<T>}
 */
function withinSilence(reading) {
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Unreachable("silence")), SILENCE_MS);
  });
  // @ts-ignore -- the timer is set above, before anything waits
  return Promise.race([reading, silence]).finally(() => clearTimeout(timer));
}

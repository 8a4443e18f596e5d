// @ts-check
/**
 * One request of the outbox and what was heard of it.
 *
 * @typedef {import("./answers.js").Heard & { bytes: number, sent?: number }} Response
 *   bytes: of what came back; sent: of what went out, where it was made smaller
 *
 * @typedef {(body: string | Blob, photo: AbortController) => Promise<Response | null>} Post
 *   body: a blob for a photo, or for the line that asks for it; photo: stops it
 */

import { weight } from "./commands.js";

const TIMEOUT = 30_000;
/** Of a photo, over a line of 2 KB a second. */
const PHOTO_TIMEOUT = 120_000;

/** @type {Post} null: no answer, or only a part of it */
export async function posted(body, photo) {
  const isText = typeof body === "string";
  const stop = isText ? new AbortController() : photo;
  const timer = setTimeout(() => stop.abort(), isText ? TIMEOUT : PHOTO_TIMEOUT);
  try {
    const small = isText ? await gzipped(body) : null;
    const response = await fetch(isText ? "/sync" : "/sync/photo", {
      method: "POST",
      headers: {
        "Content-Type": isText ? "application/json" : "application/octet-stream",
        ...(small && { "Content-Encoding": "gzip" }),
        Accept: "application/json",
        "X-Outbox": "1",
      },
      body: small ?? body,
      credentials: "same-origin",
      cache: "no-store",
      // Our server answers; what leads elsewhere is another network's sign-in page.
      redirect: "manual",
      signal: stop.signal,
    });
    const { status, headers } = response;
    const type = headers.get("Content-Type") ?? "";
    const sent = small?.byteLength;
    const heard = { status, type, retryAfter: headers.get("Retry-After"), bytes: 0, sent };
    if (!/^application\/json\b/i.test(type)) {
      stop.abort(); // a page of somebody else's is not worth its bytes
      return heard;
    }
    const text = await response.text();
    return { ...heard, json: parsed(text), bytes: weight(text) };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {string} text
 * @returns {Promise<ArrayBuffer | null>} null: an old browser, which sends it as it is
 */
async function gzipped(text) {
  return globalThis.CompressionStream
    ? await new Response(
        new Blob([text]).stream().pipeThrough(new CompressionStream("gzip")),
      ).arrayBuffer()
    : null;
}

/**
 * @param {string} text
 * @returns {unknown} undefined where it is no JSON
 */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

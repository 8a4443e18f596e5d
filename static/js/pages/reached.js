// @ts-check
/** Whether our server answers now: what the phone says of its signal is not enough. */

/** What the server says of itself; a network's own sign-in page says something else. */
const ALIVE = "ok\n";

/**
 * @param {number} patience as long as a sign of the server is waited for, in milliseconds
 * @returns {Promise<boolean>}
 */
export async function isReached(patience) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), patience);
  try {
    const answer = await fetch("/healthz", {
      cache: "no-store",
      redirect: "error",
      signal: stop.signal,
    });
    return answer.ok && (await answer.text()) === ALIVE;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

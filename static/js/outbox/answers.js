// @ts-check
/**
 * What becomes of commands after a try to send them. Pure.
 *
 * A command leaves the phone only with a receipt that names it. Whatever else comes back, or
 * nothing, keeps it: servers fail, logins run out, and other networks answer in our place.
 *
 * @typedef {"ok" | "retry" | "sign_in" | "portal" | "refused_by_server"} Line
 *   portal: what answered was not our server
 *
 * @typedef {{ status: number, type: string, retryAfter?: string | null, json?: unknown }} Heard
 *   json: undefined where it was none
 *
 * @typedef {{ id: string, becomes: "sent" | "attention" | "keep", outcome?: string,
 *   message?: string, toLook?: boolean, receivedAt?: string, details?: Record<string, unknown>,
 *   later?: number, code?: string, isStuck?: boolean }} Verdict
 *   later: how often this one by itself failed; isStuck: too often, so somebody should know
 *
 * @typedef {{ id: string, later?: number, received_at?: string,
 *   details?: Record<string, unknown> }} Offered
 *   received_at: of the receipt it had before, if any
 *
 * @typedef {{ verdicts: Verdict[], line: Line, isAnswered: boolean, wait: number | null,
 *   quiet: number, serverTime?: string, epoch?: string }} Judged
 *   isAnswered: our server answered command by command; wait: milliseconds until the next try,
 *   null: nothing is left to try; quiet: so long the server asked to be left alone
 */

const SHORTEST = 1000;
const FIRST = 2000;
const LONGEST = 5 * 60_000;
/** No server of ours asks for more patience. */
const MOST_PATIENCE = 60 * 60_000;
const STUCK_AFTER = 10;

/** Outcomes with a receipt that took what was said; true: there is something to look at. */
const TAKEN = new Map([
  ["applied", false],
  ["look", true],
  ["differs", true],
]);
/** Sending them again by itself would change nothing. */
const NEEDS_ACTION = new Set(["refused", "reused", "unreadable"]);
/** What the one command that was sent may have caused, by our server's own word. */
const BY_THE_COMMAND = new Set([400, 413, 422, 500]);

/**
 * @param {readonly Offered[]} sent
 * @param {Heard | null} heard null: no answer
 * @param {{ tries?: number, random?: () => number, now?: number }} [when]
 *   tries: how many failed before this one
 * @returns {Judged}
 */
export function judge(sent, heard, { tries = 0, random = Math.random, now = Date.now() } = {}) {
  const isJson = heard?.json !== undefined && /^application\/json\b/i.test(heard.type);
  const json = isJson ? heard.json : undefined;
  const answers = heard?.status === 200 ? property(json, "answers") : undefined;
  if (!Array.isArray(answers)) {
    const line = lineOf(heard?.status, property(json, "error") !== undefined);
    const quiet = patience(heard, now);
    const wait = backoff(line === "retry" ? tries : 99, random) + quiet;
    const verdicts = sent.map((each) => kept(each, fault(sent, heard, json)));
    return { verdicts, line, isAnswered: false, wait, quiet };
  }
  const named = byId(answers);
  const verdicts = sent.map((each) => verdictOn(each, named.get(each.id)));
  const isLeft = verdicts.some((each) => each.becomes === "keep");
  const isOthers = verdicts.some((each) => each.outcome === "not_yours");
  const serverTime = property(json, "server_time");
  const epoch = property(json, "epoch");
  return {
    verdicts,
    line: isOthers ? "sign_in" : isLeft ? "retry" : "ok",
    isAnswered: true,
    quiet: 0,
    wait: isLeft ? backoff(isOthers ? 99 : tries, random) : null,
    serverTime: typeof serverTime === "string" ? serverTime : undefined,
    epoch: typeof epoch === "string" ? epoch : undefined,
  };
}

/**
 * @param {number | undefined} status
 * @param {boolean} isOurs it speaks as our server does
 * @returns {Line}
 */
function lineOf(status, isOurs) {
  if (status === undefined || status === 408 || status === 429) {
    return "retry";
  }
  if (status >= 500) {
    return status === 511 ? "portal" : "retry";
  }
  if (status < 400 || !isOurs) {
    return "portal";
  }
  return status === 401 ? "sign_in" : "refused_by_server";
}

/**
 * Doubles from 2 seconds to 5 minutes, and any moment within: phones that lost the server
 * together do not come back together.
 *
 * @param {number} tries
 * @param {() => number} [random]
 * @returns {number}
 */
export function backoff(tries, random = Math.random) {
  const longest = Math.min(LONGEST, FIRST * 2 ** Math.min(tries, 30));
  return Math.round(SHORTEST + random() * (longest - SHORTEST));
}

/**
 * How long the server asked to be left alone, in seconds or as a date.
 *
 * @param {Heard | null} heard
 * @param {number} now
 * @returns {number}
 */
export function patience(heard, now) {
  const asked = heard?.retryAfter?.trim() ?? "";
  const wait = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - now;
  return Math.min(Math.max(0, wait || 0), MOST_PATIENCE);
}

/**
 * @param {readonly unknown[]} sent
 * @param {Heard | null} heard
 * @param {unknown} json
 * @returns {string} the code under which it failed by itself; "" where it did not
 */
function fault(sent, heard, json) {
  const isOurs = property(json, "error") !== undefined;
  const isAlone = heard !== null && isOurs && sent.length === 1;
  return isAlone && BY_THE_COMMAND.has(heard.status) ? `HTTP ${heard.status}` : "";
}

/**
 * Answers by the id they name. Two that say different things of one command say nothing.
 *
 * @param {unknown[]} answers
 * @returns {Map<unknown, unknown>}
 */
function byId(answers) {
  const named = new Map();
  for (const answer of answers) {
    const id = property(answer, "id");
    const isSame = !named.has(id) || outcomeOf(named.get(id)) === outcomeOf(answer);
    named.set(id, isSame ? answer : null);
  }
  return named;
}

/**
 * @param {Offered} item
 * @param {unknown} answer
 * @returns {Verdict}
 */
function verdictOn(item, answer) {
  const outcome = outcomeOf(answer);
  const { id, received_at: receivedAt, details: known } = item;
  if (receivedAt && outcome === "reused") {
    // Without its notes, and the server has it with them.
    return { id, becomes: "sent", outcome: "applied", receivedAt, details: known };
  }
  const { id: _id, outcome: _outcome, message, received_at, ...details } = Object(answer);
  const said = { id: item.id, outcome, message: text(message) };
  const hasReceipt = !Number.isNaN(Date.parse(text(received_at)));
  if (TAKEN.has(outcome) && hasReceipt) {
    const toLook = TAKEN.get(outcome) === true;
    return { ...said, becomes: "sent", toLook, receivedAt: received_at, details };
  }
  if (NEEDS_ACTION.has(outcome)) {
    const receivedAt = hasReceipt ? received_at : undefined;
    return { ...said, becomes: "attention", receivedAt, details };
  }
  return { ...kept(item, outcome === "later" ? said.message || outcome : ""), outcome };
}

/**
 * @param {{ id: string, later?: number }} item
 * @param {string} code of what it failed with by itself; "" where it did not
 * @returns {Verdict}
 */
function kept({ id, later = 0 }, code) {
  if (!code) {
    return { id, becomes: "keep" };
  }
  return { id, becomes: "keep", later: later + 1, code, isStuck: later + 1 >= STUCK_AFTER };
}

/**
 * @param {unknown} answer
 * @returns {string}
 */
function outcomeOf(answer) {
  return text(property(answer, "outcome"));
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function text(value) {
  return typeof value === "string" ? value : "";
}

/**
 * @param {unknown} value
 * @param {string} name
 * @returns {unknown}
 */
function property(value, name) {
  return value && typeof value === "object" ? Reflect.get(value, name) : undefined;
}

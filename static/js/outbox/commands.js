// @ts-check
/**
 * Commands: what somebody did without signal, to be sent later (docs/decisions/0012). Pure.
 *
 * @typedef {"attendance" | "observation" | "readiness" | "photo"} Kind
 * @typedef {{ id: string, owner: string, kind: Kind, device: string, seq: number,
 *   made_at: string, body: Record<string, unknown> }} Command
 *
 * @typedef {{ id: string, owner: string, state: "waiting" | "attention", seq: number,
 *   kind: string, made_at: string, text?: string, head?: string, bytes: number, about: unknown,
 *   later: number, isStuck?: boolean, code?: string, outcome?: string, message?: string,
 *   details?: Record<string, unknown>, received_at?: string }} Item in the outbox
 *   text: the command as it is sent, to the letter; head: that of a photo, whose bytes lie apart
 *   and go alone (releases before photos send what has a text); about: what a page shows of it,
 *   never sent
 */

/** Of one sending; the server takes as many, and twice the bytes. */
export const MOST_COMMANDS = 50;
export const MOST_BYTES = 256 * 1024;

/**
 * Frozen to the last mark: what is said later is another command.
 *
 * @param {Omit<Command, "id" | "made_at">} said
 * @param {{ id?: string, now?: Date }} [when]
 * @returns {Readonly<Command>}
 */
export function makeCommand(said, { id = crypto.randomUUID(), now = new Date() } = {}) {
  const { owner, kind, device, seq, body } = said;
  const made_at = moment(now, -now.getTimezoneOffset());
  return frozen(JSON.parse(JSON.stringify({ id, owner, kind, device, seq, made_at, body })));
}

/**
 * @template T
 * @param {T} value
 * @returns {Readonly<T>}
 */
function frozen(value) {
  if (value && typeof value === "object") {
    Object.values(value).forEach(frozen);
  }
  return Object.freeze(value);
}

/**
 * By the phone's own clock and zone, as 2026-11-12T11:00:00+08:00.
 *
 * @param {Date} now
 * @param {number} minutes before Greenwich
 * @returns {string}
 */
export function moment(now, minutes) {
  const local = new Date(now.getTime() + minutes * 60_000).toISOString().slice(0, 19);
  const two = (/** @type {number} */ number) => String(Math.floor(number)).padStart(2, "0");
  const away = Math.abs(minutes);
  return `${local}${minutes < 0 ? "-" : "+"}${two(away / 60)}:${two(away % 60)}`;
}

/**
 * What is handed over, to the server or as a file: commands, and beside them what the phone kept
 * with the receipts of those that are offered again. Photos go alone, and are too large for a file.
 *
 * @param {readonly { id: string, text?: string, details?: Record<string, unknown> }[]} items
 * @returns {string}
 */
export function sending(items) {
  const proven = items.filter(({ details }) => details?.proof);
  const again = Object.fromEntries(proven.map(({ id, details }) => [id, details?.proof]));
  const texts = items.flatMap(({ text }) => text ?? []).join(",");
  return `{"commands":[${texts}],"again":${JSON.stringify(again)}}`;
}

/**
 * What stays of a command that was sent, for a server that loses it: to the letter, but for notes
 * that lie in it in clear, as phones of before notes were sealed left them. Sealed ones stay.
 *
 * @param {string} text
 * @returns {string}
 */
export function withoutNotes(text) {
  const command = JSON.parse(text);
  for (const mark of Object.values(command.body?.marks ?? {})) {
    mark[3] &&= null;
  }
  return JSON.stringify(command);
}

/**
 * @param {string} text
 * @returns {number} bytes on the line
 */
export function weight(text) {
  return new TextEncoder().encode(text).length;
}

/**
 * What is sent next, in the order in which it was made. What failed by itself before goes after
 * the rest and not together with it, so that one the server stumbles over keeps none of the
 * others back. One that is too large goes alone, and so does a photo, after all the rest.
 *
 * @template {{ seq: number, bytes: number, later: number, head?: string }} Item
 * @param {readonly Item[]} items
 * @param {number} [most]
 * @returns {Item[]}
 */
export function nextBatch(items, most = MOST_COMMANDS) {
  /** @type {Item[]} */
  const batch = [];
  let bytes = 0;
  const place = (/** @type {Item} */ { head, later }) => (head ? 1e9 : later);
  for (const item of [...items].sort((a, b) => place(a) - place(b) || a.seq - b.seq)) {
    bytes += item.bytes + 1;
    const isOther = item.head || bytes > MOST_BYTES || item.later !== batch[0]?.later;
    if (batch.length === most || (batch.length > 0 && isOther)) {
      break;
    }
    batch.push(item);
  }
  return batch.sort((a, b) => a.seq - b.seq);
}

/**
 * Whether somebody has to look at what is not sent.
 *
 * @param {{ state: string, isStuck?: boolean }} item
 * @returns {boolean}
 */
export function needsAction(item) {
  return item.state === "attention" || item.isStuck === true;
}

/**
 * An id as the bodies of commands carry it: 22 letters in place of 36.
 *
 * @param {string} id
 * @returns {string}
 */
export function shortId(id) {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) {
    throw new TypeError("not an id");
  }
  const digits = id.replaceAll("-", "").match(/../g) ?? [];
  return toLetters(Uint8Array.from(digits, (pair) => Number.parseInt(pair, 16)));
}

/**
 * @param {string} letters
 * @returns {string}
 */
export function longId(letters) {
  if (!/^[\w-]{21}[AQgw]$/.test(letters)) {
    throw new TypeError("not a short id");
  }
  const digits = Array.from(fromLetters(letters), (byte) => byte.toString(16).padStart(2, "0"));
  return digits.join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * What a person reads to us over the phone, of a command that was sent.
 *
 * @param {string} id
 * @returns {string} as 3F2A-91BC
 */
export function receiptNumber(id) {
  return `${id.slice(0, 4)}-${id.slice(4, 8)}`.toUpperCase();
}

/**
 * Base64 for addresses, without padding.
 *
 * @param {Uint8Array} bytes
 * @returns {string}
 */
export function toLetters(bytes) {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * @param {string} letters either Base64
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function fromLetters(letters) {
  const text = atob(letters.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

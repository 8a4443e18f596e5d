// @ts-check
/** What waits in the outbox: how it gets there, and registers, which stand already for the phone. */

import { OutboxError } from "../outbox/database.js";
import { seal } from "../outbox/sealing.js";

/**
 * @typedef {{ id: string, seq: number, body: { group: string, held_on: string,
 *   base_version: number, head: import("./register.js").Head | null,
 *   marks: Record<string, import("./register.js").Said> } }} Register
 */

/**
 * Into the outbox, sealed as far as it must not lie on the phone.
 *
 * @param {import("../pages/shell.js").Context} context
 * @param {{ id: string, kind: import("../outbox/commands.js").Kind, about: { what: string },
 *   plain?: Record<string, unknown>, secret?: Record<string, unknown> }} said
 *   secret: what is sealed, beside what is plain
 * @returns {Promise<string>} name of the words that say why it is not saved; "" if it is
 */
export async function keep({ caseload, owner, store, mend }, { secret, plain, ...said }) {
  const { id } = said;
  try {
    let sealed = {};
    if (secret) {
      const key = await caseload.serverKey(); // there may be a newer one since the page was opened
      if (!key) {
        return "noKey";
      }
      sealed = await seal(secret, { owner, id }, key);
    }
    await store.add({ ...said, owner, body: { ...plain, ...sealed }, instead: mend?.id });
  } catch (error) {
    const { reason } = OutboxError.of(error);
    return reason === "exists" ? "" : reason;
  }
  return "";
}

/**
 * @param {import("../outbox/store.js").Store} store
 * @param {string} owner
 * @returns {Promise<Register[]>} the earliest first
 */
export async function waitingRegisters(store, owner) {
  const items = await store.waiting(owner);
  return items
    .filter((item) => item.kind === "attendance")
    .map((item) => JSON.parse(item.text ?? ""));
}

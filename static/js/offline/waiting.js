// @ts-check
/** Registers that wait in the outbox: for the phone they stand already. */

/**
 * @typedef {{ id: string, seq: number, body: { group: string, held_on: string,
 *   base_version: number, head: import("./register.js").Head | null,
 *   marks: Record<string, import("./register.js").Said> } }} Register
 */

/**
 * @param {import("../outbox/store.js").Store} store
 * @param {string} owner
 * @returns {Promise<Register[]>} the earliest first
 */
export async function waitingRegisters(store, owner) {
  const items = await store.waiting(owner);
  return items.filter((item) => item.kind === "attendance").map((item) => JSON.parse(item.text));
}

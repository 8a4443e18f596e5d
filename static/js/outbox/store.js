// @ts-check
/**
 * The outbox on the phone: commands until there is a receipt that names them, receipts for 30
 * days after that. Everything is by owner; what somebody else left on a shared phone is neither
 * shown nor touched. Nothing here deletes a command that was not sent.
 *
 * @typedef {import("./answers.js").Verdict} Verdict
 * @typedef {import("./commands.js").Command} Command
 * @typedef {import("./commands.js").Item} Item
 *
 * @typedef {Item & { receipt: string, received_at: string, toLook: boolean,
 *   replacedBy?: string }} Sent
 *
 * @typedef {{ owner: string, line?: import("./sender.js").LineState }} Told
 *   without a line: there are other items than before
 *
 * @typedef {{ unsent: number, waiting: number, attention: number, toLook: number }} Counts
 *   unsent: all that is in the outbox, also what this release does not know how to send
 */

import { makeCommand, needsAction, receiptNumber, weight } from "./commands.js";
import { asked, Database, OutboxError, UPGRADES } from "./database.js";
import { Phone } from "./phone.js";
import { settled } from "./settling.js";

export { OutboxError };

const ALL = ["commands", "sent", "meta", "photos"];

export class Store {
  /** @type {Database} */
  #database;
  /** @type {BroadcastChannel | undefined} */
  #channel;
  /** @type {Set<(told: Told) => void>} */
  #listeners = new Set();

  constructor({ name = "pkh-outbox", upgrades = UPGRADES } = {}) {
    this.#database = new Database(name, upgrades);
    this.phone = new Phone(this.#database);
    if (globalThis.BroadcastChannel) {
      this.#channel = new BroadcastChannel(name);
      this.#channel.onmessage = ({ data }) => this.#hear(data);
    }
  }

  /**
   * Stored on the phone when this is fulfilled, and not before.
   *
   * @param {{ owner: string, kind: import("./commands.js").Kind, body: Record<string, unknown>,
   *   about?: unknown, id?: string, now?: Date, instead?: string, data?: Uint8Array }} said
   *   id: of one that was sealed, or of a draft that must not be saved twice; instead: the id of
   *   the refused one that this puts right, which is put away with it or not at all; data: of a
   *   photo
   * @returns {Promise<Readonly<Command>>}
   * @throws {OutboxError} then nothing is stored, and no number is used up
   */
  async add({ id = crypto.randomUUID(), now = new Date(), instead, data, ...said }) {
    const { owner, kind, body, about = null } = structuredClone(said);
    const command = await this.#database.run(ALL, "readwrite", async (tx) => {
      const meta = tx.objectStore("meta");
      // One device for each owner: the later word of a device stands for its earlier ones, and
      // whoever uses this phone next has not seen what the one before her said.
      const key = `device ${owner}`;
      const device = (await asked(meta.get(key))) ?? { key, id: crypto.randomUUID(), seq: 0 };
      device.seq += 1;
      meta.put(device);
      const of = { device: device.id, seq: device.seq };
      const made = makeCommand({ owner, kind, body, ...of }, { id, now });
      const text = JSON.stringify(made);
      const { body: _body, device: _device, ...known } = made;
      /** @type {Item} */
      const item = {
        ...known,
        state: "waiting",
        [data ? "head" : "text"]: text,
        bytes: weight(text),
        about,
        later: 0,
      };
      if (data) {
        tx.objectStore("photos").add(data, id);
      }
      await asked(tx.objectStore("commands").add(item));
      if (instead && !(await putAway(tx, owner, instead, id))) {
        throw new OutboxError("gone");
      }
      return made;
    });
    this.tell({ owner });
    return command;
  }

  /**
   * What is in the outbox, in the order in which it was made.
   *
   * @param {string} owner
   * @returns {Promise<Item[]>}
   */
  async list(owner) {
    const items = await this.#database.run(["commands"], "readonly", (tx) =>
      asked(tx.objectStore("commands").index("owner_state").getAll(statesOf(owner))),
    );
    return items.sort((a, b) => a.seq - b.seq);
  }

  /**
   * What is to be sent; photos when nothing that is written waits, but what is stuck.
   *
   * @param {string} owner
   * @returns {Promise<Item[]>}
   */
  async waiting(owner) {
    const items = (await this.list(owner)).filter(({ state }) => state === "waiting");
    const written = items.filter(({ text }) => text);
    return written.every(needsAction) ? items.filter(({ text, head }) => text || head) : written;
  }

  /** @param {string} id @returns {Promise<Uint8Array<ArrayBuffer>>} of a photo, sealed */
  async bytesOf(id) {
    return await this.#database.run(["photos"], "readonly", (tx) =>
      asked(tx.objectStore("photos").get(id)),
    );
  }

  /**
   * What was sent in the last 30 days, the newest first.
   *
   * @param {string} owner
   * @returns {Promise<Sent[]>}
   */
  async sent(owner) {
    const items = await this.#database.run(["sent"], "readonly", (tx) =>
      asked(tx.objectStore("sent").index("owner").getAll(owner)),
    );
    return items.sort((a, b) => b.seq - a.seq);
  }

  /**
   * @param {string} owner
   * @returns {Promise<Counts>}
   */
  async counts(owner) {
    return await this.#database.run(["commands", "sent"], "readonly", async (tx) => {
      const states = tx.objectStore("commands").index("owner_state");
      const [items, sent] = await Promise.all([
        asked(states.getAll(statesOf(owner))),
        asked(tx.objectStore("sent").index("owner").getAll(owner)),
      ]);
      const waiting = items.filter((each) => each.state === "waiting").length;
      const attention = items.filter(needsAction).length;
      const toLook = sent.filter((each) => each.toLook).length;
      return { unsent: items.length, waiting, attention, toLook };
    });
  }

  /**
   * How much lies here that only others can send. Whose it is, the phone does not keep.
   *
   * @param {string} [owner] without: how much there is of anybody
   * @returns {Promise<number>}
   */
  async others(owner = "") {
    return await this.#database.run(["commands"], "readonly", async (tx) => {
      const commands = tx.objectStore("commands");
      const [all, own] = await Promise.all([
        asked(commands.count()),
        asked(commands.index("owner_state").count(statesOf(owner))),
      ]);
      return all - own;
    });
  }

  /**
   * Does what the verdicts say, all of it or nothing.
   *
   * @param {string} owner
   * @param {readonly Verdict[]} verdicts
   * @param {import("./settling.js").How} [how]
   * @returns {Promise<void>}
   */
  async settle(owner, verdicts, how = {}) {
    const stores = ["commands", "sent", "photos"];
    const isChanged = await this.#database.run(stores, "readwrite", (tx) =>
      settled(tx, owner, verdicts, how),
    );
    if (isChanged) {
      this.tell({ owner });
    }
  }

  /** @param {string} owner @param {string} id under "needs action": to be sent again as it is */
  async putBack(owner, id) {
    await this.#change("commands", owner, id, { state: "waiting", later: 0, isStuck: false });
  }

  /**
   * Of one that the server has refused for good: the person has seen why, and it goes to what was
   * sent, with the reason. One without a receipt stays.
   *
   * @param {string} owner
   * @param {string} id
   * @returns {Promise<boolean>}
   */
  async putAway(owner, id) {
    const isAway = await this.#database.run(ALL, "readwrite", (tx) => putAway(tx, owner, id, ""));
    this.tell({ owner });
    return isAway;
  }

  /** @param {string} owner @param {string} id of a receipt: the person has seen what it says */
  async looked(owner, id) {
    await this.#change("sent", owner, id, { toLook: false });
  }

  /**
   * @param {string} name
   * @param {string} owner
   * @param {string} id
   * @param {Partial<Item & Sent>} change
   */
  async #change(name, owner, id, change) {
    await this.#database.run([name], "readwrite", async (tx) => {
      const item = await asked(tx.objectStore(name).get(id));
      if (item?.owner === owner) {
        await asked(tx.objectStore(name).put({ ...item, ...change }));
      }
    });
    this.tell({ owner });
  }

  /**
   * @param {(told: Told) => void} listener also of what other tabs do
   * @returns {() => void} stops it
   */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param {Told} told */
  tell(told) {
    this.#channel?.postMessage(told);
    this.#hear(told);
  }

  /** @param {Told} told */
  #hear(told) {
    for (const listener of this.#listeners) {
      // Later, so that what a listener breaks does not look like a command that was not stored.
      queueMicrotask(() => listener(told));
    }
  }

  async close() {
    this.#channel?.close();
    this.#channel = undefined;
    await this.#database.close();
  }
}

/**
 * @param {IDBTransaction} tx
 * @param {string} owner
 * @param {string} id
 * @param {string} replacedBy id of what was said in its place, if anything was
 * @returns {Promise<boolean>} whether there was one to put away
 */
async function putAway(tx, owner, id, replacedBy) {
  /** @type {(Item & { received_at?: string }) | undefined} */
  const item = await asked(tx.objectStore("commands").get(id));
  if (item?.owner !== owner || item.outcome !== "refused" || !item.received_at) {
    return false;
  }
  // With what it said: that is nowhere else.
  const receipt = { receipt: receiptNumber(id), toLook: false, state: "sent", replacedBy };
  tx.objectStore("sent").put({ ...item, ...receipt });
  await asked(tx.objectStore("commands").delete(id));
  return true;
}

/**
 * @param {string} owner
 * @returns {IDBKeyRange} of all her items, whatever their state
 */
function statesOf(owner) {
  return IDBKeyRange.bound([owner], [owner, []]);
}

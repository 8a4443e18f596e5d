// @ts-check
/**
 * The outbox on the phone: commands until there is a receipt that names them, receipts for 30
 * days after that. Everything is by owner; what somebody else left on a shared phone is neither
 * shown nor touched. Nothing here deletes a command that was not sent.
 *
 * @typedef {import("./answers.js").Verdict} Verdict
 * @typedef {import("./commands.js").Command} Command
 *
 * @typedef {{ id: string, owner: string, state: "waiting" | "attention", seq: number,
 *   kind: string, made_at: string, text: string, bytes: number, about: unknown, later: number,
 *   isStuck?: boolean, code?: string, outcome?: string, message?: string,
 *   details?: Record<string, unknown>, received_at?: string }} Item
 *   text: the command as it is sent, to the letter; about: what a page shows of it, never sent
 *
 * @typedef {Item & { receipt: string, received_at: string, toLook: boolean }} Sent
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
   *   about?: unknown, id?: string, now?: Date }} said
   *   id: of one that was sealed, or of a draft that must not be saved twice
   * @returns {Promise<Readonly<Command>>}
   * @throws {OutboxError} then nothing is stored, and no number is used up
   */
  async add({ owner, kind, body, about = null, id = crypto.randomUUID(), now = new Date() }) {
    const said = structuredClone({ body, about });
    const command = await this.#database.run(["commands", "meta"], "readwrite", async (tx) => {
      const meta = tx.objectStore("meta");
      // One device for each owner: the later word of a device stands for its earlier ones, and
      // whoever uses this phone next has not seen what the one before her said.
      const key = `device ${owner}`;
      const device = (await asked(meta.get(key))) ?? { key, id: crypto.randomUUID(), seq: 0 };
      device.seq += 1;
      meta.put(device);
      const { body } = said;
      const made = makeCommand(
        { owner, kind, device: device.id, seq: device.seq, body },
        { id, now },
      );
      const text = JSON.stringify(made);
      /** @type {Item} */
      const item = {
        id,
        owner,
        state: "waiting",
        seq: device.seq,
        kind,
        made_at: made.made_at,
        text,
        bytes: weight(text),
        about: said.about,
        later: 0,
      };
      await asked(tx.objectStore("commands").add(item));
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
   * What is to be sent.
   *
   * @param {string} owner
   * @returns {Promise<Item[]>}
   */
  async waiting(owner) {
    const items = await this.list(owner);
    return items.filter((each) => each.state === "waiting" && typeof each.text === "string");
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
   * Does what the verdicts say, all of it or nothing.
   *
   * @param {string} owner
   * @param {readonly Verdict[]} verdicts
   * @param {import("./settling.js").How} [how]
   * @returns {Promise<void>}
   */
  async settle(owner, verdicts, how = {}) {
    const isChanged = await this.#database.run(["commands", "sent"], "readwrite", (tx) =>
      settled(tx, owner, verdicts, how),
    );
    if (isChanged) {
      this.tell({ owner });
    }
  }

  /**
   * Of one under "needs action": to be sent once more, as it is.
   *
   * @param {string} owner
   * @param {string} id
   */
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
    const isAway = await this.#database.run(["commands", "sent"], "readwrite", async (tx) => {
      /** @type {(Item & { received_at?: string }) | undefined} */
      const item = await asked(tx.objectStore("commands").get(id));
      if (item?.owner !== owner || item.outcome !== "refused" || !item.received_at) {
        return false;
      }
      // With what it said: that is nowhere else.
      const receipt = { receipt: receiptNumber(id), toLook: false, state: "sent" };
      tx.objectStore("sent").put({ ...item, ...receipt });
      await asked(tx.objectStore("commands").delete(id));
      return true;
    });
    this.tell({ owner });
    return isAway;
  }

  /**
   * The person has seen what the receipt says.
   *
   * @param {string} owner
   * @param {string} id
   */
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
 * @param {string} owner
 * @returns {IDBKeyRange} of all her items, whatever their state
 */
function statesOf(owner) {
  return IDBKeyRange.bound([owner], [owner, []]);
}

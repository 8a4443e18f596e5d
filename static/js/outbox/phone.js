// @ts-check
/** What is known of the phone itself, whoever uses it. */

import { asked } from "./database.js";

export class Phone {
  /** @type {import("./database.js").Database} */
  #database;

  /** @param {import("./database.js").Database} database */
  constructor(database) {
    this.#database = database;
  }

  /**
   * Notes what a try has cost: what was handed over and what came back, without the headers.
   *
   * @param {number} up
   * @param {number} down
   * @param {string} [month]
   */
  async spend(up, down, month = thisMonth()) {
    await this.#database.run(["meta"], "readwrite", async (tx) => {
      const meta = tx.objectStore("meta");
      const key = `used ${month}`;
      const used = (await asked(meta.get(key))) ?? { key, up: 0, down: 0 };
      await asked(meta.put({ ...used, up: used.up + up, down: used.down + down }));
    });
  }

  /**
   * @param {string} [month] as 2026-11
   * @returns {Promise<{ up: number, down: number }>} bytes
   */
  async used(month = thisMonth()) {
    const used = await this.#database.run(["meta"], "readonly", (tx) =>
      asked(tx.objectStore("meta").get(`used ${month}`)),
    );
    return { up: used?.up ?? 0, down: used?.down ?? 0 };
  }

  /**
   * Asks the browser not to clear the outbox when the phone is full; once, for some ask the person.
   *
   * @returns {Promise<boolean>} whether it promised
   */
  async askToKeep() {
    const storage = navigator.storage;
    if (!storage?.persist || (await storage.persisted())) {
      return storage?.persisted() ?? false;
    }
    const isFirst = await this.#database.run(["meta"], "readwrite", async (tx) => {
      const meta = tx.objectStore("meta");
      const asks = await asked(meta.get("asked to keep"));
      await asked(meta.put({ key: "asked to keep" }));
      return !asks;
    });
    return isFirst ? await storage.persist() : false;
  }
}

/** @returns {string} by the phone's clock */
function thisMonth() {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}`;
}

// @ts-check
/**
 * The outbox's database on the phone: opening it, and transactions that are over before anybody
 * is told so.
 *
 * Later versions only add: a page of an older release must be able to read and write what a
 * newer one left, and the other way round.
 */

/**
 * full: no room on the phone · blocked: another tab holds an old version · aborted: the browser
 * gave up · exists: there is one with this id · gone: what it was to stand for is not there any
 * more · unavailable: the browser has no database · broken: anything else
 *
 * @typedef {"full" | "blocked" | "aborted" | "exists" | "gone" | "unavailable" | "broken"} Reason
 */

/** @type {Record<string, Reason>} */
const REASONS = {
  QuotaExceededError: "full",
  AbortError: "aborted",
  InvalidStateError: "aborted",
  ConstraintError: "exists",
  SecurityError: "unavailable",
};

/** Nothing of what was to be stored is stored. */
export class OutboxError extends Error {
  /**
   * @param {Reason} reason
   * @param {unknown} [cause]
   */
  constructor(reason, cause) {
    super(`outbox: ${reason}`, { cause });
    this.name = "OutboxError";
    this.reason = reason;
  }

  /**
   * @param {unknown} error
   * @returns {OutboxError}
   */
  static of(error) {
    const name = /** @type {Error | null} */ (error)?.name ?? "AbortError";
    return error instanceof OutboxError ? error : new OutboxError(REASONS[name] ?? "broken", error);
  }
}

/**
 * @callback Upgrade from one version to the next
 * @param {IDBDatabase} db
 * @param {IDBTransaction} tx
 */

/** @type {Upgrade[]} */
export const UPGRADES = [
  (db) => {
    const commands = db.createObjectStore("commands", { keyPath: "id" });
    commands.createIndex("owner_state", ["owner", "state"]);
    db.createObjectStore("sent", { keyPath: "id" }).createIndex("owner", "owner");
    db.createObjectStore("meta", { keyPath: "key" });
  },
  // Bytes of photos, by the id of their item in "commands": a list need not read them.
  (db) => db.createObjectStore("photos"),
];

/**
 * @param {string} name
 * @param {Upgrade[]} upgrades
 * @returns {Promise<IDBDatabase>}
 */
async function open(name, upgrades) {
  if (!globalThis.indexedDB) {
    throw new OutboxError("unavailable");
  }
  try {
    return await opened(name, upgrades);
  } catch (error) {
    if (error instanceof OutboxError) {
      throw error;
    }
    // An upgrade that failed, or a newer release was here: what is there can be used as it is.
    return await opened(name, null).catch(() => {
      throw error;
    });
  }
}

/**
 * @param {string} name
 * @param {Upgrade[] | null} upgrades null: whatever version is there
 * @returns {Promise<IDBDatabase>}
 */
function opened(name, upgrades) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, upgrades?.length);
    /** @type {unknown} */
    let failure;
    let isGivenUp = false;
    request.onupgradeneeded = ({ oldVersion }) => {
      const tx = /** @type {IDBTransaction} */ (request.transaction);
      try {
        if (!upgrades) {
          throw new OutboxError("broken");
        }
        for (const upgrade of upgrades.slice(oldVersion)) {
          upgrade(request.result, tx);
        }
      } catch (error) {
        failure = error;
        tx.abort();
      }
    };
    request.onblocked = () => {
      isGivenUp = true;
      reject(new OutboxError("blocked"));
    };
    request.onerror = () => reject(failure ?? request.error);
    request.onsuccess = () => {
      if (isGivenUp) {
        request.result.close();
      }
      resolve(request.result);
    };
  });
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export class Database {
  /** @type {Promise<IDBDatabase> | null} */
  #db = null;
  /** @type {string} */
  #name;
  /** @type {Upgrade[]} */
  #upgrades;

  /**
   * @param {string} name
   * @param {Upgrade[]} upgrades
   */
  constructor(name, upgrades) {
    this.#name = name;
    this.#upgrades = upgrades;
  }

  /**
   * One transaction. What it gives is given when all of it is on the disk, and not before.
   *
   * @template T
   * @param {string[]} stores
   * @param {IDBTransactionMode} mode
   * @param {(tx: IDBTransaction) => Promise<T>} work waits for nothing but its own requests
   * @returns {Promise<T>}
   * @throws {OutboxError} then nothing has changed
   */
  async run(stores, mode, work) {
    try {
      const tx = await this.#begin(stores, mode);
      return await new Promise((resolve, reject) => {
        const done = work(tx);
        tx.oncomplete = () => resolve(done);
        tx.onabort = () =>
          done.then(
            () => reject(tx.error),
            (error) => reject(tx.error ?? error),
          );
        done.catch(() => {
          try {
            tx.abort();
          } catch {
            // It is over by itself.
          }
        });
      });
    } catch (error) {
      throw OutboxError.of(error);
    }
  }

  /**
   * @param {string[]} stores
   * @param {IDBTransactionMode} mode
   * @returns {Promise<IDBTransaction>}
   */
  async #begin(stores, mode) {
    const begin = async () => {
      const db = await this.#open();
      // Where an upgrade could not be made, all that was there before still works.
      const there = stores.filter((name) => db.objectStoreNames.contains(name));
      return db.transaction(there, mode, { durability: "strict" });
    };
    try {
      return await begin();
    } catch (error) {
      if (/** @type {Error} */ (error).name !== "InvalidStateError") {
        throw error;
      }
      // The browser closed it, as phones do that are short of memory.
      this.#db = null;
      return await begin();
    }
  }

  /** @returns {Promise<IDBDatabase>} */
  #open() {
    const forget = () => {
      this.#db = null;
    };
    this.#db ??= open(this.#name, this.#upgrades).then(
      (db) => {
        db.onclose = forget;
        db.onversionchange = () => {
          db.close();
          forget();
        };
        return db;
      },
      (error) => {
        forget();
        throw error;
      },
    );
    return this.#db;
  }

  async close() {
    const db = this.#db;
    this.#db = null;
    (await db?.catch(() => null))?.close();
  }
}

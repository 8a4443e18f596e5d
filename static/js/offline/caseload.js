// @ts-check
/**
 * The caseload on the phone: names and last marks of one facilitator, until two weeks after the
 * last contact; and registers she has begun and not saved yet.
 *
 * @typedef {{ held_on: string, status: string, version: number, lessons: number[], topic: string,
 *   starts_at: string | null, ends_at: string | null, place: string }} Meeting
 * @typedef {{ id: string, name: string, place: string, starts_at: string | null,
 *   ends_at: string | null, lesson: number | null, past: [string, string, number][],
 *   latest: Meeting | null }} Group
 * @typedef {[string, string | null]} Mark presence and understanding
 * @typedef {[string, string, number, number, string | null, number, Mark | null,
 *   boolean]} Family
 *   id in 22 letters, name, place in groups, rungs, verdict, missed running, mark in `latest`,
 *   whether its economy and readiness are still recorded
 * @typedef {{ shape: number, epoch?: string, owner: string, name: string, lessons: [number, string][],
 *   questions: [string, string][], groups: Group[], families: Family[] }} Bundle
 * @typedef {{ owner: string, etag: string, at: number, clock: number, bundle: Bundle }} Kept
 *   kept as null where the two weeks are over; at: when the server last answered, by its own clock; clock: and by the phone's
 * @typedef {import("../outbox/sealing.js").ServerKey} ServerKey
 */

import { asked, Database } from "../outbox/database.js";

/** As long as a weak line may take until an answer begins. */
const PATIENCE = 20_000;
/** Of the bundle that this release understands. */
const SHAPE = 1;
/** A phone that was lost tells names no longer than that. */
const KEPT = 14 * 24 * 60 * 60_000;
/** Where the server's key lies, which is nobody's. */
const SERVER_KEY = "server key";

/** @type {import("../outbox/database.js").Upgrade[]} */
const UPGRADES = [
  (db) => {
    db.createObjectStore("caseload", { keyPath: "owner" });
    db.createObjectStore("drafts", { keyPath: ["owner", "group"] });
    db.createObjectStore("meta", { keyPath: "key" });
  },
];

export class Caseload {
  #database = new Database("pkh-caseload", UPGRADES);

  /**
   * Whose phone this is until she signs out or somebody else signs in.
   *
   * @returns {Promise<string>} empty: nobody's
   */
  async owner() {
    const found = await this.#database.run(["meta"], "readonly", (tx) =>
      asked(tx.objectStore("meta").get("owner")),
    );
    return found?.owner ?? "";
  }

  /**
   * Somebody has signed in: names that are in anybody else's care go. What another person has
   * begun to write stays for her.
   *
   * @param {string} owner
   */
  async signedIn(owner) {
    await this.#database.run(["meta", "caseload"], "readwrite", async (tx) => {
      const caseload = tx.objectStore("caseload");
      for (const each of await asked(caseload.getAllKeys())) {
        if (each !== owner) {
          caseload.delete(each);
        }
      }
      await asked(tx.objectStore("meta").put({ key: "owner", owner }));
    });
  }

  /** Signed out: no name stays, with or without signal. */
  async forget() {
    await this.#database.run(["meta", "caseload"], "readwrite", async (tx) => {
      tx.objectStore("caseload").clear();
      await asked(tx.objectStore("meta").delete("owner"));
    });
  }

  /**
   * @param {string} owner
   * @param {number} [now]
   * @returns {Promise<Kept | "none" | "closed">} none: nothing yet that this release understands;
   *   closed: two weeks have passed
   */
  async load(owner, now = Date.now()) {
    /** @type {Kept | { bundle: null } | undefined} */
    const kept = await this.#database.run(["caseload"], "readonly", (tx) =>
      asked(tx.objectStore("caseload").get(owner)),
    );
    if (!kept?.bundle) {
      return kept ? "closed" : "none";
    }
    if (kept.bundle.shape !== SHAPE) {
      return "none";
    }
    if (Math.abs(now - kept.clock) <= KEPT) {
      return kept;
    }
    // The names go; that there were some stays, to say why the list is closed.
    await this.#database.run(["caseload"], "readwrite", (tx) =>
      asked(tx.objectStore("caseload").put({ owner, bundle: null })),
    );
    return "closed";
  }

  /**
   * Fetches what is new.
   *
   * @param {string} owner
   * @returns {Promise<"new" | "same" | "other" | "away" | "sign_in" | "busy">} other: the server is
   *   of another release than this page, and so is what the next page keeps
   */
  async refresh(owner) {
    const kept = await this.load(owner);
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    if (typeof kept === "object") {
      headers["If-None-Match"] = kept.etag;
    }
    const [response] = await Promise.all([
      answerOf("/bundle", headers),
      this.#refreshKey().catch(() => {}),
    ]);
    const at = Date.parse(response?.headers.get("X-Server-Time") ?? "");
    if (response?.status === 304 && typeof kept === "object") {
      await this.#keep({ ...kept, at, clock: Date.now() });
      return "same";
    }
    const bundle = response?.ok ? await response.json().catch(() => null) : null;
    if (bundle?.owner === owner) {
      if (bundle.shape !== SHAPE) {
        return "other";
      }
      const etag = response?.headers.get("ETag") ?? "";
      await this.#keep({ owner, etag, at, clock: Date.now(), bundle });
      return "new";
    }
    return response?.status === 401 ? "sign_in" : response?.status === 429 ? "busy" : "away";
  }

  /** Whatever comes in place of a key leaves the one that is there: what it seals is still opened. */
  async #refreshKey() {
    const response = await answerOf("/sync/key", { Accept: "application/json" });
    const key = response?.status === 200 ? await response.json().catch(() => null) : null;
    if (isKey(key)) {
      const { id, spki } = key;
      await this.#database.run(["meta"], "readwrite", (tx) =>
        asked(tx.objectStore("meta").put({ key: SERVER_KEY, id, spki })),
      );
    }
  }

  /** @returns {Promise<ServerKey | null>} what to seal to; null: there was no signal yet */
  async serverKey() {
    const found = await this.#database.run(["meta"], "readonly", (tx) =>
      asked(tx.objectStore("meta").get(SERVER_KEY)),
    );
    return found ? { id: found.id, spki: found.spki } : null;
  }

  /**
   * Unless she has signed out meanwhile: an answer may still be under way then.
   *
   * @param {Kept} kept
   */
  async #keep(kept) {
    await this.#database.run(["caseload", "meta"], "readwrite", async (tx) => {
      const found = await asked(tx.objectStore("meta").get("owner"));
      if (found?.owner === kept.owner) {
        await asked(tx.objectStore("caseload").put(kept));
      }
    });
  }

  /**
   * @param {string} owner
   * @param {string} group
   * @returns {Promise<[string, string][]>} fields of the form; none: nothing begun
   */
  async draft(owner, group) {
    const found = await this.#database.run(["drafts"], "readonly", (tx) =>
      asked(tx.objectStore("drafts").get([owner, group])),
    );
    return found?.fields ?? [];
  }

  /**
   * @param {string} owner
   * @param {string} group
   * @param {[string, string][]} fields
   */
  async keepDraft(owner, group, fields) {
    await this.#database.run(["drafts"], "readwrite", (tx) =>
      asked(tx.objectStore("drafts").put({ owner, group, fields })),
    );
  }

  /**
   * @param {string} owner
   * @param {string} group
   */
  async dropDraft(owner, group) {
    await this.#database.run(["drafts"], "readwrite", (tx) =>
      asked(tx.objectStore("drafts").delete([owner, group])),
    );
  }
}

/**
 * @param {string} address
 * @param {Record<string, string>} headers
 * @returns {Promise<Response | null>} null: none came
 */
async function answerOf(address, headers) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  const how = { headers, signal: stop.signal };
  return await fetch(address, { ...how, cache: "no-store", redirect: "manual" })
    .catch(() => null)
    .finally(() => clearTimeout(timer));
}

/**
 * @param {any} key
 * @returns {key is ServerKey}
 */
export function isKey(key) {
  const { id, spki } = Object(key);
  const isText = typeof id === "string" && typeof spki === "string";
  return isText && /^[0-9a-f]{8}$/.test(id) && /^[A-Za-z0-9+/]+=*$/.test(spki);
}

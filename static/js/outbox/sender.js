// @ts-check
/**
 * Sends what waits in the outbox: on start, when there is signal, when the page is looked at
 * again, on a button, and by itself after a while. One sender at a time over all tabs.
 */

import { backoff, judge } from "./answers.js";
import { MOST_COMMANDS, nextBatch, sending } from "./commands.js";
import { OutboxError } from "./database.js";
import { posted } from "./posting.js";

/**
 * @typedef {{ line: import("./answers.js").Line, at: number | null, problem?: string }} LineState
 *   at: when it is tried next, by Date.now(); problem: why the phone itself could not
 *
 * @typedef {import("./commands.js").Item} Item
 * @typedef {Pick<import("./store.js").Store,
 *   "waiting" | "bytesOf" | "settle" | "tell" | "listen"> &
 *   { phone: Pick<import("./phone.js").Phone, "spend"> }} Outbox
 *
 * @typedef {import("./posting.js").Post} Post
 * @typedef {{ post?: Post,
 *   locks?: Pick<LockManager, "request"> }} Tools
 */

const LOCK = "pkh-outbox";
/** A first sending is small: it may only find out that the login ran out. */
const FIRST_COMMANDS = 10;

export class Sender {
  /** @type {LineState} as the last sender of any tab found it; `store.listen` tells of it */
  state = { line: "ok", at: null };
  /** @type {Outbox} */
  #store;
  /** @type {string} */
  #owner;
  /** @type {Post} */
  #post;
  /** @type {Pick<LockManager, "request"> | undefined} */
  #locks;
  #tries = 0;
  #most = FIRST_COMMANDS;
  /** Until then the server asked to be left alone. */
  #quietUntil = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {AbortController | null} */
  #started = null;
  /** Of the latest photo that was on its way. */
  #photo = new AbortController();
  /** @type {Promise<LineState> | null} */
  #running = null;
  /** @type {Promise<LineState> | null} */
  #next = null;

  /**
   * @param {Outbox} store
   * @param {string} owner who is signed in; nothing of anybody else is sent
   * @param {Tools} [tools]
   */
  constructor(store, owner, { post = posted, locks = globalThis.navigator?.locks } = {}) {
    this.#store = store;
    this.#owner = owner;
    this.#post = post;
    this.#locks = locks;
  }

  /** @returns {Promise<LineState>} after the first try; it goes on trying until `stop` */
  start() {
    this.stop();
    this.#started = new AbortController();
    const { signal } = this.#started;
    const onSignal = () => {
      if (Date.now() >= this.#quietUntil) {
        this.send();
      }
    };
    const page = globalThis.document;
    const onLook = () => page.visibilityState === "visible" && onSignal();
    const onLine = () => {
      // What failed without signal says nothing of the line that is there now; and phones say
      // that it is there a little before it carries anything.
      this.#tries = 0;
      onSignal();
    };
    globalThis.addEventListener?.("online", onLine, { signal });
    page?.addEventListener("visibilitychange", onLook, { signal });
    const unlisten = this.#store.listen(({ owner, line }) => {
      if (owner === this.#owner && line) {
        this.state = line;
      }
    });
    signal.addEventListener("abort", unlisten);
    return this.send();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#started?.abort();
    this.#started = null;
  }

  /**
   * Sends all that waits, now. What is stored while a sending is under way gets one of its own.
   *
   * @returns {Promise<LineState>} never fails
   */
  send() {
    if (this.#running) {
      this.#makeWay().catch(() => {});
      this.#next ??= this.#running.then(() => {
        this.#next = null;
        return this.send();
      });
      return this.#next;
    }
    this.#running = this.#sendLocked().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** What is written does not wait until a photo has crept over a weak line. */
  async #makeWay() {
    const photo = this.#photo;
    if ((await this.#store.waiting(this.#owner)).some(({ head }) => !head)) {
      photo.abort();
    }
  }

  /** @returns {Promise<LineState>} */
  async #sendLocked() {
    clearTimeout(this.#timer);
    /** @type {LineState | null} null: another tab is at it */
    let state;
    try {
      const work = () => this.#sendAll();
      state = this.#locks
        ? await this.#locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? work() : null))
        : await work();
    } catch (error) {
      // Whatever broke, everything is still in the outbox.
      const problem = OutboxError.of(error).reason;
      state = { line: "retry", at: this.#later(), problem };
    }
    if (!state) {
      // It may have looked for the last time before something was stored here.
      this.#again(Date.now() + backoff(0));
      return this.state;
    }
    this.state = state;
    this.#again(state.at);
    this.#store.tell({ owner: this.#owner, line: state });
    return state;
  }

  /** @returns {Promise<LineState>} */
  async #sendAll() {
    /** @type {Set<string>} each is sent once in one go */
    const tried = new Set();
    let isLeft = false;
    for (;;) {
      const waiting = await this.#store.waiting(this.#owner);
      const untried = waiting.filter((each) => !tried.has(each.id));
      const batch = nextBatch(untried, this.#most);
      if (batch.length === 0) {
        if (isLeft) {
          return { line: "retry", at: this.#later() };
        }
        this.#tries = 0;
        return { line: "ok", at: null };
      }
      const { line, isAnswered, wait } = await this.#sendBatch(batch);
      for (const each of batch) {
        tried.add(each.id);
      }
      if (!isAnswered || line === "sign_in") {
        this.#tries += 1;
        return { line, at: Date.now() + (wait ?? 0) };
      }
      isLeft ||= wait !== null;
    }
  }

  /**
   * @param {Item[]} batch commands, or one photo
   * @returns {Promise<import("./answers.js").Judged>}
   */
  async #sendBatch(batch) {
    const [{ id = "", head = "" } = {}] = batch;
    if (!head) {
      return await this.#sent(batch, sending(batch));
    }
    this.#photo = new AbortController();
    // Its line first: what is not wanted now is not worth its bytes.
    const judged = await this.#sent(batch, new Blob([head]));
    return judged.verdicts[0]?.outcome === "wanted"
      ? await this.#sent(batch, new Blob([head, "\n", await this.#store.bytesOf(id)]))
      : judged;
  }

  /**
   * @param {Item[]} batch
   * @param {string | Blob} body
   */
  async #sent(batch, body) {
    const heard = await this.#post(body, this.#photo).catch(() => null);
    const judged = judge(batch, heard, { tries: this.#tries });
    this.#quietUntil = Date.now() + judged.quiet;
    if (judged.isAnswered) {
      this.#most = Math.min(MOST_COMMANDS, this.#most * 2);
    } else {
      // Less gets through a weak line, and what the server stumbles over comes to be alone.
      this.#most = Math.max(1, judged.line === "sign_in" ? 1 : Math.floor(batch.length / 2));
    }
    await this.#settle(judged);
    if (heard) {
      // For her information only: a phone without room for it goes on sending.
      const sent = heard.sent ?? new Blob([body]).size;
      await this.#store.phone.spend(sent, heard.bytes).catch(() => {});
    }
    return judged;
  }

  /** @param {import("./answers.js").Judged} judged */
  async #settle({ verdicts, serverTime, epoch }) {
    try {
      await this.#store.settle(this.#owner, verdicts, { serverTime, epoch });
    } catch (error) {
      if (OutboxError.of(error).reason !== "full") {
        throw error;
      }
      // A full phone would send for ever what the server has; the receipt alone takes less.
      await this.#store.settle(this.#owner, verdicts, { serverTime, epoch, isSlim: true });
    }
  }

  /** @returns {number} when to try again after one more try in vain */
  #later() {
    const wait = backoff(this.#tries);
    this.#tries += 1;
    return Date.now() + wait;
  }

  /** @param {number | null} at */
  #again(at) {
    if (at !== null && this.#started) {
      this.#timer = setTimeout(() => this.send(), Math.max(0, at - Date.now()));
    }
  }
}

// @ts-check
/** The attendance sheet without signal: each tap is kept, and the whole goes into the outbox. */

import { OutboxError } from "../outbox/database.js";
import { help } from "../pages/sheet.js";
import { beforeOn, versionOf } from "./before.js";
import { isClockOff, latestDay, rightDay } from "./clock.js";
import { complain, filled, inWords, words } from "./dom.js";
import {
  beginning,
  lessonsOf,
  markTheRest,
  nameLessons,
  nameRows,
  put,
  read,
  renumbered,
  unwritten,
  withoutNotes,
} from "./form.js";
import { newlyNumbered } from "./numbers.js";
import { photosOf } from "./photos.js";
import { apart, body, figures, problem, unmarked } from "./register.js";
import { savedPage } from "./saved.js";
import { keep, waitingRegisters } from "./waiting.js";

/**
 * @typedef {import("./register.js").Before} Before
 * @typedef {import("./caseload.js").Group} Group
 * @typedef {import("./caseload.js").Family} Family
 * @typedef {import("../pages/shell.js").Context} Context
 * @typedef {import("./form.js").Refused} Refused
 */

/**
 * @param {Context} context
 * @param {string} [chosen] a day that stands already, and is to be corrected
 */
export async function open(context, chosen) {
  const { kept, id, caseload, owner, store, mend } = context;
  const place = kept.bundle.groups.findIndex((each) => each.id === id);
  const group = kept.bundle.groups[place];
  if (!group) {
    context.show(filled(mend ? "gone" : "unknown", {}));
    return;
  }
  const families = kept.bundle.families.filter((family) => family[2] === place);
  const kin = families.map(([family]) => family);
  const draft = renumbered(await caseload.draft(owner, mend?.id ?? id).catch(() => []), kin);
  const begun = (/** @type {string} */ name) => draft.find(([each]) => each === name)?.[1];
  /** @type {Refused | undefined} */
  const refused = mend && JSON.parse(mend.text ?? "").body;
  const given = chosen || refused?.held_on || rightDay(kept);
  const day = begun("held_on") || given;
  const waiting = await waitingRegisters(store, owner);
  const before = beforeOn(day, group, families, waiting);
  // What was begun before the meeting came to stand otherwise would undo what it says now.
  if (draft.length > 0 && (begun("base_version") ?? "0") !== String(versionOf(before))) {
    const stands = beforeOn(given, group, families, waiting);
    new Sheet(context, group, families, given, stands, refused).show([]);
    return;
  }
  // Begun on another day and forgotten since, it must not be taken for that of today.
  const isOlder = day !== given && draft.some(([name, value]) => /^p\d/.test(name) && value);
  new Sheet(context, group, families, day, before, refused).show(draft, isOlder);
}

class Sheet {
  /**
   * @param {Context} context
   * @param {Group} group
   * @param {Family[]} families
   * @param {string} day
   * @param {Before | null | "other" | "differs"} before
   * @param {Refused} [refused] what is to be said anew
   */
  constructor(context, group, families, day, before, refused) {
    this.context = context;
    this.group = group;
    this.families = families;
    this.kin = families.map(([family]) => family);
    this.day = day;
    this.isOther = before === "other";
    this.isDiffering = before === "differs";
    this.before = typeof before === "object" ? before : null;
    this.refused = refused;
    /** What of it is kept goes by what it stands for. */
    this.place = context.mend?.id ?? group.id;
    /** Notes that were asked about. @type {Set<string>} */
    this.asked = new Set();
    /** The command has its id from the start: pressed twice, it is saved once. */
    this.command = crypto.randomUUID();
  }

  /**
   * @param {[string, string][]} draft
   * @param {boolean} [isOlder] begun on another day
   */
  show(draft, isOlder = false) {
    const { group, before, context, refused } = this;
    const lessons = lessonsOf(context.kept.bundle);
    const onTop = refused?.head?.lessons ?? before?.head.lessons ?? [group.lesson];
    const suggested = lessons.filter(([number]) => onTop.includes(number));
    const others = lessons.filter(([number]) => !onTop.includes(number));
    const page = filled("sheet", {
      back: refused ? "/outbox" : "/",
      kicker: group.name,
      title: words(before ? "correct" : "record"),
      clock: isClockOff(context.kept),
      correction: before !== null,
      begun: isOlder && words("begunOn", { day: inWords(this.day) }),
      other_day: this.isOther,
      differing: this.isDiffering,
      left: Object.keys(refused?.marks ?? {}).some((family) => !this.kin.includes(family)),
      suggested: suggested.map(() => ({})),
      lessons: others.map(() => ({})),
      rows: this.families.map(() => ({})),
    });
    this.form = /** @type {HTMLFormElement} */ (page.querySelector("form"));
    nameLessons(this.form, ".put-suggested", suggested);
    nameLessons(this.form, ".put-lessons", others);
    nameRows(this.form, this.#names());
    put(this.form, draft.length > 0 ? draft : beginning(this));
    page.querySelector("[data-act=anew]")?.addEventListener("click", () => this.#beginAnew());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const step = /** @type {HTMLButtonElement | null} */ (event.submitter)?.value;
      step === "rest" ? markTheRest(this.#form()) : this.#check();
    });
    this.form.addEventListener("change", (event) => this.#changed(event));
    globalThis.onbeforeunload = (event) => {
      if (this.#hasNotes()) {
        event.preventDefault();
      }
    };
    this.page = /** @type {Element[]} */ ([...page.children]);
    context.show(page);
    help(this.form);
  }

  /** @param {string} [day] */
  async #beginAnew(day) {
    await this.context.caseload.dropDraft(this.context.owner, this.place);
    await open(this.context, day);
  }

  /** Which are in the page only, also where it says that they have to be written again. */
  #hasNotes() {
    return new FormData(this.form).get("noted") !== "";
  }

  /** @param {Event} event */
  async #changed(event) {
    const form = this.#form();
    if (event.target instanceof HTMLInputElement && event.target.id === "held_on") {
      if (!(await this.#takesDay(event.target))) {
        return;
      }
    }
    const { caseload, owner } = this.context;
    try {
      const fields = withoutNotes(form);
      await caseload.keepDraft(owner, this.place, [...fields, ["families", this.kin.join(".")]]);
    } catch (error) {
      complain(form, words(OutboxError.of(error).reason));
    }
  }

  /**
   * Another day: the marks go with it, unless that day stands already. Then it is opened where
   * nothing is marked yet, and otherwise left, with a word.
   *
   * @param {HTMLInputElement} input
   * @returns {Promise<boolean>}
   */
  async #takesDay(input) {
    const { store, owner } = this.context;
    const waiting = await waitingRegisters(store, owner);
    const before = beforeOn(input.value, this.group, this.families, waiting);
    const form = this.#form();
    if (before === null && this.before === null) {
      this.day = input.value;
      this.isOther = this.isDiffering = false;
      for (const why of document.querySelectorAll(".put-other-day, .put-differing")) {
        why.remove();
      }
      return true;
    }
    if (this.before === null && !form.querySelector(".mark input:checked") && !this.#hasNotes()) {
      await this.#beginAnew(input.value);
      return false;
    }
    input.value = this.day;
    complain(form, words(this.before ? "dayStays" : "dayStands"));
    return false;
  }

  #bounds() {
    const days = Number(this.#form().dataset.backdating);
    return { latest: latestDay(this.context.kept), today: rightDay(this.context.kept), days };
  }

  /** @returns {import("./register.js").Sheet} */
  #sheet() {
    return read(this.#form(), this.kin);
  }

  /** @returns {HTMLFormElement} */
  #form() {
    return /** @type {HTMLFormElement} */ (this.form);
  }

  #names() {
    return this.families.map(([, name]) => name);
  }

  #check() {
    const sheet = this.#sheet();
    const cannot = this.isOther || this.isDiffering;
    const wrong = cannot ? "withSignal" : problem(sheet, this.before, this.#bounds());
    const notes = this.families.map(([family, name]) => [name, sheet.rows.get(family)?.note]);
    const names = wrong ? "" : newlyNumbered(notes, this.asked);
    const why = wrong
      ? words(wrong, { n: unmarked(sheet.rows) })
      : names && words("hasNumbers", { names });
    complain(this.#form(), why);
    if (why) {
      return;
    }
    const { present, away } = figures(sheet.rows);
    const lessons = lessonsOf(this.context.kept.bundle);
    const unsaid = unwritten(this.#form(), this.#names());
    const titles = lessons.filter(([number]) => sheet.head.lessons.includes(number));
    const page = filled("check", {
      kicker: `${this.group.name}, ${inWords(sheet.held_on)}`,
      title: words("check"),
      lessons: [...titles.map(([, title]) => title), sheet.head.topic].filter(Boolean).join(", "),
      present,
      away,
      unwritten:
        unsaid.length > 0 && words("unwritten", { n: unsaid.length, names: unsaid.join(", ") }),
      names: this.families.flatMap(([family, name]) => {
        const row = sheet.rows.get(family);
        const why = this.context.words.presences[row?.presence ?? ""] ?? "";
        return row?.presence === "present" ? [] : [{ name, why: `${why} ${row?.note ?? ""}` }];
      }),
    });
    const holder = document.createElement("div");
    holder.className = "stack";
    holder.append(page);
    const act = (/** @type {string} */ name) => holder.querySelector(`[data-act=${name}]`);
    act("edit")?.addEventListener("click", () => this.#edit());
    act("save")?.addEventListener("click", () => this.#save(sheet, holder));
    this.context.show(holder);
  }

  #edit() {
    const holder = document.createDocumentFragment();
    holder.append(...(this.page ?? []));
    this.context.show(holder);
  }

  /**
   * @param {import("./register.js").Sheet} sheet
   * @param {HTMLElement} holder
   */
  async #save(sheet, holder) {
    const { owner, caseload, show } = this.context;
    const { present, away } = figures(sheet.rows);
    const what = words("summary", {
      group: this.group.name,
      day: inWords(sheet.held_on),
      present,
      total: present + away,
    });
    const parts = apart(body(this.group.id, sheet, this.before));
    const said = { ...parts, id: this.command, about: { what } };
    const error = await keep(this.context, { ...said, kind: "attendance" });
    if (error) {
      complain(holder, words(error));
      return;
    }
    globalThis.onbeforeunload = null;
    await caseload.dropDraft(owner, this.place).catch(() => {});
    const page = savedPage(this.context, this.command, { what, notes: Boolean(parts.secret) });
    page.append(photosOf(this.context, this.group, [sheet.held_on]));
    show(page);
  }
}

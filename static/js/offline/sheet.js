// @ts-check
/** The attendance sheet without signal: each tap is kept, and the whole goes into the outbox. */

import { receiptNumber } from "../outbox/commands.js";
import { OutboxError } from "../outbox/database.js";
import { help } from "../pages/sheet.js";
import { beforeOn, versionOf, waitingRegisters } from "./before.js";
import { isClockOff, latestDay, rightDay } from "./clock.js";
import { complain, filled, inWords, words } from "./dom.js";
import { fieldsOf, markTheRest, nameLessons, nameRows, put, read, renumbered } from "./form.js";
import { photosOf } from "./photos.js";
import { body, figures, problem, unmarked } from "./register.js";

/**
 * @typedef {import("./register.js").Before} Before
 * @typedef {import("./caseload.js").Group} Group
 * @typedef {import("./caseload.js").Family} Family
 * @typedef {import("../pages/shell.js").Context} Context
 */

/** @param {Context} context */
export async function open(context) {
  const { kept, id, caseload, owner, store } = context;
  const place = kept.bundle.groups.findIndex((each) => each.id === id);
  const group = kept.bundle.groups[place];
  if (!group) {
    context.show(filled("unknown", {}));
    return;
  }
  const families = kept.bundle.families.filter((family) => family[2] === place);
  const kin = families.map(([family]) => family);
  const draft = renumbered(await caseload.draft(owner, id).catch(() => []), kin);
  const begun = (/** @type {string} */ name) => draft.find(([each]) => each === name)?.[1];
  const day = begun("held_on") || rightDay(kept);
  const before = beforeOn(day, group, families, await waitingRegisters(store, owner));
  // What was begun before the meeting came to stand otherwise would undo what it says now.
  const isStale = draft.length > 0 && (begun("base_version") ?? "0") !== String(versionOf(before));
  new Sheet(context, group, families, day, before).show(isStale ? [] : draft);
}

class Sheet {
  /**
   * @param {Context} context
   * @param {Group} group
   * @param {Family[]} families
   * @param {string} day
   * @param {Before | null | "other" | "differs"} before
   */
  constructor(context, group, families, day, before) {
    this.context = context;
    this.group = group;
    this.families = families;
    this.day = day;
    this.isOther = before === "other";
    this.isDiffering = before === "differs";
    this.before = typeof before === "object" ? before : null;
    /** The command has its id from the start: pressed twice, it is saved once. */
    this.command = crypto.randomUUID();
  }

  /** @param {[string, string][]} draft */
  show(draft) {
    const { group, before, context } = this;
    const lessons = lessonsOf(context.kept.bundle);
    const onTop = before ? before.head.lessons : [group.lesson];
    const suggested = lessons.filter(([number]) => onTop.includes(number));
    const others = lessons.filter(([number]) => !onTop.includes(number));
    const page = filled("sheet", {
      back: "/",
      kicker: group.name,
      title: words(before ? "correct" : "record"),
      clock: isClockOff(context.kept),
      correction: before !== null,
      other_day: this.isOther,
      differing: this.isDiffering,
      suggested: suggested.map(() => ({})),
      lessons: others.map(() => ({})),
      rows: this.families.map(() => ({})),
    });
    this.form = /** @type {HTMLFormElement} */ (page.querySelector("form"));
    nameLessons(this.form, ".put-suggested", suggested);
    nameLessons(this.form, ".put-lessons", others);
    nameRows(
      this.form,
      this.families.map(([, name]) => name),
    );
    put(this.form, draft.length > 0 ? draft : this.#usual());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const step = /** @type {HTMLButtonElement | null} */ (event.submitter)?.value;
      step === "rest" ? markTheRest(this.#form()) : this.#check();
    });
    this.form.addEventListener("change", (event) => this.#changed(event));
    this.page = /** @type {Element[]} */ ([...page.children]);
    context.show(page);
    help(this.form);
  }

  /** @returns {[string, string][]} what a new sheet or a correction begins with */
  #usual() {
    const { group, before, day } = this;
    /** @type {[string, string][]} */
    const fields = [["held_on", day]];
    fields.push(["base_version", String(before?.version ?? 0)]);
    const { lessons, topic, starts_at, ends_at, place } = before?.head ?? {
      lessons: group.lesson ? [group.lesson] : [],
      topic: "",
      starts_at: group.starts_at ?? "09:00",
      ends_at: group.ends_at ?? "11:00",
      place: group.place,
    };
    fields.push(...lessons.map((each) => /** @type {[string, string]} */ (["lesson", `${each}`])));
    fields.push(["topic", topic], ["starts_at", starts_at], ["ends_at", ends_at], ["place", place]);
    this.families.forEach(([family], at) => {
      const [presence, grasp, , note] = before?.marks.get(family) ?? ["", "", "", ""];
      fields.push(
        [`p${at + 1}`, presence],
        [`u${at + 1}`, grasp ?? ""],
        [`n${at + 1}`, note ?? ""],
      );
    });
    return fields;
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
    const families = this.families.map(([family]) => family).join(".");
    try {
      await caseload.keepDraft(owner, this.group.id, [...fieldsOf(form), ["families", families]]);
    } catch (error) {
      complain(form, words(OutboxError.of(error).reason === "full" ? "full" : "notSaved"));
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
    const { store, owner, caseload } = this.context;
    const waiting = await waitingRegisters(store, owner);
    const before = beforeOn(input.value, this.group, this.families, waiting);
    if (before === null && this.before === null) {
      return true;
    }
    if (this.before === null && !this.#form().querySelector(".mark input:checked")) {
      await caseload.keepDraft(owner, this.group.id, [["held_on", input.value]]);
      await open(this.context);
      return false;
    }
    input.value = this.day;
    complain(this.#form(), words(this.before ? "dayStays" : "dayStands"));
    return false;
  }

  #bounds() {
    const days = Number(this.#form().dataset.backdating);
    return { latest: latestDay(this.context.kept), today: rightDay(this.context.kept), days };
  }

  /** @returns {import("./register.js").Sheet} */
  #sheet() {
    return read(
      this.#form(),
      this.families.map(([family]) => family),
    );
  }

  /** @returns {HTMLFormElement} */
  #form() {
    return /** @type {HTMLFormElement} */ (this.form);
  }

  #check() {
    const sheet = this.#sheet();
    const cannot = this.isOther || this.isDiffering;
    const wrong = cannot ? "withSignal" : problem(sheet, this.before, this.#bounds());
    complain(this.#form(), wrong ? words(wrong, { n: unmarked(sheet.rows) }) : "");
    if (wrong) {
      return;
    }
    const { present, away } = figures(sheet.rows);
    const lessons = lessonsOf(this.context.kept.bundle);
    const titles = lessons.filter(([number]) => sheet.head.lessons.includes(number));
    const page = filled("check", {
      kicker: `${this.group.name}, ${inWords(sheet.held_on)}`,
      title: words("check"),
      lessons: [...titles.map(([, title]) => title), sheet.head.topic].filter(Boolean).join(", "),
      present,
      away,
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
    const { store, owner, caseload, show } = this.context;
    const { present, away } = figures(sheet.rows);
    const what = words("summary", {
      group: this.group.name,
      day: inWords(sheet.held_on),
      present,
      total: present + away,
    });
    const said = body(this.group.id, sheet, this.before);
    try {
      await store.add({ owner, kind: "attendance", body: said, about: { what }, id: this.command });
    } catch (error) {
      const { reason } = OutboxError.of(error);
      if (reason !== "exists") {
        complain(holder, words(reason === "full" ? "full" : "notSaved"));
        return;
      }
    }
    await caseload.dropDraft(owner, this.group.id).catch(() => {});
    const page = filled("saved", { what, number: receiptNumber(this.command) });
    page.append(photosOf(this.context, this.group, [sheet.held_on]));
    show(page);
  }
}

/**
 * @param {import("./caseload.js").Bundle} bundle
 * @returns {[number, string][]} with the words that the page with signal has
 */
function lessonsOf({ lessons }) {
  return lessons.map(([number, name]) => [number, words("lesson", { number, name })]);
}

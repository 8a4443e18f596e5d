// @ts-check
/** NIK and No KK in what people write in their own words. Pure. */

/** Digits as long as one, in groups or not; the server looks closer (core/personal_numbers.py). */
const LONG = /\d(?:[ .-]?\d){15}/;

/**
 * What is written on the phone is sealed, and the server keeps it without the number: she is asked
 * before, since she may be wrong about it, and so may this.
 *
 * @param {string} text
 * @returns {boolean}
 */
export function seemsToHaveNumber(text) {
  return LONG.test(text);
}

/**
 * Of notes that seem to have one, each is asked about once.
 *
 * @param {(string | undefined)[][]} notes names of families, and what is noted of them
 * @param {Set<string>} asked notes that were asked about; those that are now come to them
 * @returns {string} the names
 */
export function newlyNumbered(notes, asked) {
  const found = notes.filter(([, note = ""]) => seemsToHaveNumber(note) && !asked.has(note));
  for (const [, note = ""] of found) {
    asked.add(note);
  }
  return found.map(([name]) => name).join(", ");
}

// @ts-check
/** Amounts of rupiah as people type them, read as the server reads them (core/money.py). Pure. */

/** More than any family of the programme earns or owns: a slip of the thumb. */
export const MOST_RUPIAH = 1_000_000_000;

const SIGN = /^(?:rp|idr)\.?\s*/;
const WORD = /\s*rupiah$/;
/** "1.500.000,00", "1.500.000,-": no family counts cents. */
const CENTS = /(?:,-|,00|\.-)$/;
/** "1500000", or thousands set apart by one and the same sign: "1.500.000", "1,500,000". */
const AMOUNT = /^\d{1,18}$|^\d{1,3}(?:\.\d{3})+$|^\d{1,3}(?:,\d{3})+$|^\d{1,3}(?: \d{3})+$/;
/** "1,5 juta", "500rb". Never three digits after the sign: "1.500 ribu" may be two amounts. */
const MILLIONS = /^(\d{1,4}(?:[.,]\d{1,2})?)\s*(?:juta|jt)$/;
const THOUSANDS = /^(\d{1,6}(?:[.,]\d{1,2})?)\s*(?:ribu|rb|k)$/;
/** "2 juta 500 ribu" */
const BOTH = /^(\d{1,4})\s*(?:juta|jt)\s*(\d{1,3})\s*(?:ribu|rb|k)$/;
/** Beyond it a small letter may be another one: the sign of kelvin becomes a k. */
const ASCII = /^[\0-\x7f]*$/;

/**
 * @param {string} text
 * @returns {number | null} whole rupiah; null where it cannot be told what is meant
 */
export function parseRupiah(text) {
  const typed = text.replaceAll("\u00a0", " ").trim();
  if (!ASCII.test(typed)) {
    return null;
  }
  const bare = typed.toLowerCase().replace(SIGN, "").replace(WORD, "");
  const both = bare.match(BOTH);
  if (both) {
    return Number(both[1]) * 1_000_000 + Number(both[2]) * 1_000;
  }
  for (const [shape, unit] of /** @type {[RegExp, number][]} */ ([
    [MILLIONS, 1_000_000],
    [THOUSANDS, 1_000],
  ])) {
    const found = bare.match(shape);
    if (found) {
      return Math.round(Number(found[1]?.replace(",", ".")) * unit);
    }
  }
  const amount = bare.replace(CENTS, "").trim();
  return AMOUNT.test(amount) ? Number(amount.replace(/[., ]/g, "")) : null;
}

/**
 * @param {number} amount
 * @returns {string} "Rp 1.500.000", as the server writes it
 */
export function inRupiah(amount) {
  return `Rp\u00a0${new Intl.NumberFormat("id").format(amount)}`;
}

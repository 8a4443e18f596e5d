// @ts-check
/**
 * Makes photos smaller before they are sent: a phone's 5 MB become some 300 KB, over a signal
 * that may be weak. The server does the same and checks everything; without this module, or
 * where the browser cannot, the photo goes as it is.
 */

/** What the server keeps of a page with writing on it; below 400 KB nothing is won. */
const BOUNDS = { longest: 2000, most: 400 * 1024 };

/**
 * @param {number} width
 * @param {number} height
 * @param {number} longest side in pixels
 * @returns {[number, number]}
 */
export function fitted(width, height, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  return [Math.round(width * scale), Math.round(height * scale)];
}

/**
 * Drawn anew, so that place, camera and previews stay behind: as large as fits.
 *
 * @param {Blob} file
 * @param {{ longest: number, most: number }} bounds of a side in pixels, and of all in bytes
 * @returns {Promise<Blob>}
 * @throws where the browser cannot open it
 */
export async function redrawn(file, { longest, most }) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const canvas = document.createElement("canvas");
  for (let side = longest; ; ) {
    [canvas.width, canvas.height] = fitted(picture.width, picture.height, side);
    canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
    /** @type {Blob | null} */
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
    if (!blob) {
      throw new TypeError("no picture");
    }
    if (blob.size <= most) {
      picture.close();
      return blob;
    }
    // A picture of half the bytes has about half the pixels; the second try fits, or nearly.
    side *= Math.min(0.9, Math.sqrt(most / blob.size));
  }
}

/**
 * @param {File} file
 * @returns {Promise<File>} the same file where it cannot or need not be made smaller
 */
export async function shrunk(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= BOUNDS.most) {
    return file;
  }
  const blob = await redrawn(file, BOUNDS).catch(() => file);
  return blob.size < file.size ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
}

/** @param {Element} form */
export function start(form) {
  /** @type {Promise<unknown> | null} */
  let work = null;
  form.addEventListener("change", ({ target }) => {
    const mine = Promise.all([work, shrink(/** @type {HTMLInputElement} */ (target))]);
    work = mine;
    mine.finally(() => {
      work = work === mine ? null : work;
    });
  });
  form.addEventListener("submit", async (event) => {
    if (work) {
      event.preventDefault();
      await work;
      const { submitter } = /** @type {SubmitEvent} */ (event);
      // Not before this event is over: a form that is being submitted ignores another submit.
      setTimeout(() => /** @type {HTMLFormElement} */ (form).requestSubmit(submitter));
    }
  });
}

/** @param {HTMLInputElement} input */
async function shrink(input) {
  const files = [...(input.files ?? [])];
  const chosen = new DataTransfer();
  for (const file of files) {
    chosen.items.add(await shrunk(file));
  }
  // Unless others were chosen meanwhile.
  if (files.every((file, at) => input.files?.[at] === file)) {
    input.files = chosen.files;
  }
}

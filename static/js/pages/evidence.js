// @ts-check
/**
 * Makes photos smaller before they are sent: a phone's 5 MB become some 300 KB, over a signal
 * that may be weak. The server does the same and checks everything; without this module, or
 * where the browser cannot, the photo goes as it is.
 */

/** Longest side in pixels: what the server keeps of a page with writing on it. */
const LONGEST = 2000;
/** Below this nothing is won. */
const SMALL_ENOUGH = 400 * 1024;

/**
 * @param {number} width
 * @param {number} height
 * @returns {{ width: number, height: number }}
 */
export function fitted(width, height) {
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/**
 * @param {File} file
 * @returns {Promise<File>} the same file where it cannot or need not be made smaller
 */
export async function shrunk(file) {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= SMALL_ENOUGH) {
    return file;
  }
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const size = fitted(picture.width, picture.height);
    const canvas = document.createElement("canvas");
    canvas.width = size.width;
    canvas.height = size.height;
    canvas.getContext("2d")?.drawImage(picture, 0, 0, size.width, size.height);
    picture.close();
    /** @type {Blob | null} */
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    if (!blob || blob.size >= file.size) {
      return file;
    }
    return new File([blob], "photo.jpg", { type: "image/jpeg" });
  } catch {
    return file;
  }
}

/** @param {Element} form */
export function start(form) {
  /** @type {Set<Promise<void>>} */
  const working = new Set();
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (
    form.querySelectorAll("input[type=file]")
  )) {
    input.addEventListener("change", () => {
      const work = shrink(input).finally(() => working.delete(work));
      working.add(work);
    });
  }
  form.addEventListener("submit", async (event) => {
    if (working.size === 0) {
      return;
    }
    event.preventDefault();
    const { submitter } = /** @type {SubmitEvent} */ (event);
    await Promise.all(working);
    // Not before this event is over: a form that is being submitted ignores another submit.
    setTimeout(() => /** @type {HTMLFormElement} */ (form).requestSubmit(submitter));
  });
}

/** @param {HTMLInputElement} input */
async function shrink(input) {
  const file = input.files?.[0];
  if (!file) {
    return;
  }
  const smaller = await shrunk(file);
  if (smaller !== file && input.files?.[0] === file) {
    const chosen = new DataTransfer();
    chosen.items.add(smaller);
    input.files = chosen.files;
  }
}

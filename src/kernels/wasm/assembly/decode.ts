/**
 * @file The bytes of a module from the text that scripts/build-wasm.js wrote: base-90 digits. One of two other signs
 * before a digit adds 90 or 180.
 */

/** The least sign that is no digit. */
const digits: i32 = 125

/**
 * Decodes the signs `[text, end)` in place, by a table of 128 bytes at 0 for each addend.
 *
 * @returns the end of the bytes
 */
export function decode(text: usize, end: usize): usize {
  let to = text
  for (let at = text; at < end; at++, to++) {
    const sign: i32 = load<u8>(at)
    if (sign < digits) store<u8>(to, load<u8>(sign))
    else store<u8>(to, load<u8>(((sign - digits + 1) << 7) + load<u8>(++at)))
  }
  return to
}

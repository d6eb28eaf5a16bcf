/**
 * @file Decodes modules from the text in which the package holds them: a small module that comes before the others.
 */

/**
 * Decodes `size` signs in place. One of two signs, 125 and 126, goes before a sign of the second or third part of the
 * table, of 128 bytes each.
 *
 * @returns the number of bytes
 */
export function decode(text: usize, size: usize, table: usize): usize {
  const end = text + size
  let to = text
  for (let at = text; at < end; at++, to++) {
    let sign = <usize>load<u8>(at)
    if (sign >= 125) sign = ((sign - 124) << 7) + load<u8>(++at)
    store<u8>(to, load<u8>(table + sign))
  }
  return to - text
}

/** The address at which free memory begins. */
export function heapBase(): usize {
  return __heap_base
}

/**
 * @file native/limit.c in 128-bit WebAssembly, and the folds of 3 x 3 windows alone: lower bounds for kernels in this engine.
 */

const vector: usize = 16
const group: usize = 64

/** The first byte that is free. */
export function base(): usize {
  return __heap_base
}

/** Reads `read` bytes and writes `written` bytes, once; multiples of 64, the larger one a multiple of the other. */
export function stream(from: usize, to: usize, read: usize, written: usize): void {
  if (read === written) copy(from, to, read)
  else if (read > written) fold(from, to, written, read / written)
  else spread(from, to, read, written / read)
}

function copy(from: usize, to: usize, bytes: usize): void {
  for (const end = from + bytes; from < end; from += group, to += group) {
    const a = v128.load(from)
    const b = v128.load(from, 16)
    const c = v128.load(from, 32)
    const d = v128.load(from, 48)
    v128.store(to, a)
    v128.store(to, b, 16)
    v128.store(to, c, 32)
    v128.store(to, d, 48)
  }
}

function fold(from: usize, to: usize, bytes: usize, ratio: usize): void {
  const end = to + bytes
  for (; to < end; to += vector) {
    let sum = v128.load(from)
    from += vector
    for (let j: usize = 1; j < ratio; j++, from += vector) sum = v128.or(sum, v128.load(from))
    v128.store(to, sum)
  }
}

function spread(from: usize, to: usize, bytes: usize, ratio: usize): void {
  for (const end = from + bytes; from < end; from += vector) {
    const value = v128.load(from)
    for (let j: usize = 0; j < ratio; j++, to += vector) v128.store(to, value)
  }
}

/**
 * The folds of 3 by 3 windows at stride 1 and nothing else: no padding, no NaN looked for. Down a vector of columns after another, two
 * rows at a time, which share the maximum of what both read. Reads a row and a vector more than the planes have.
 */
export function triples(from: usize, to: usize, planes: i32, rows: i32, columns: i32): void {
  const pitch = (<usize>columns) << 2
  for (; planes > 0; planes--, from += pitch * rows, to += pitch * rows) {
    for (let at: usize = 0; at < pitch; at += vector) {
      let p = from + at
      let q = to + at
      let a = across(p)
      let b = across(p + pitch)
      for (let left = rows; left > 0; left -= 2) {
        p += 2 * pitch
        const c = across(p)
        const d = across(p + pitch)
        const shared = f32x4.pmax(b, c)
        v128.store(q, f32x4.pmax(a, shared))
        v128.store(q + pitch, f32x4.pmax(shared, d))
        q += 2 * pitch
        a = c
        b = d
      }
    }
  }
}

/** The maximum of an element and the two after it, four times. */
function across(at: usize): v128 {
  return f32x4.pmax(f32x4.pmax(v128.load(at), v128.load(at, 4)), v128.load(at, 8))
}

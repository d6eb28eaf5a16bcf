/**
 * @file Repeats elements along each axis: the gradients of inputs that the same outputs read.
 */
import { Block } from './block'

@unmanaged
class Expand extends Block {
  planes: i32
  /** Elements along each axis, and tables of how often each is repeated. */
  a: i32
  b: i32
  c: i32
  timesA: usize
  timesB: usize
  timesC: usize
  /** Bytes of an element of the last axis. */
  pixel: usize
}

export function expand(block: usize): void {
  const g = changetype<Expand>(block)
  let src = g.src
  let dst = g.dst
  for (let plane = g.planes; plane > 0; plane--) {
    for (let i = 0; i < g.a; i++) {
      const slab = dst
      for (let j = 0; j < g.b; j++) {
        const row = dst
        for (let k = 0; k < g.c; k++, src += g.pixel) {
          memory.copy(dst, src, g.pixel)
          dst = repeat(dst, g.pixel, timesOf(g.timesC, k))
        }
        dst = repeat(row, dst - row, timesOf(g.timesB, j))
      }
      dst = repeat(slab, dst - slab, timesOf(g.timesA, i))
    }
  }
}

@inline
function timesOf(table: usize, i: i32): usize {
  return load<u32>(table + (i << 2))
}

/** Repeats what lies at an address behind it, doubling what is copied. @returns the end */
function repeat(at: usize, bytes: usize, times: usize): usize {
  const all = bytes * times
  for (let done = bytes; done < all; ) {
    const more = done < all - done ? done : all - done
    memory.copy(at + done, at, more)
    done += more
  }
  return at + all
}

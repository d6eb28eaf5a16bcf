/**
 * @file The conversions of half precision in WebAssembly, beside those of tensor/half.ts: all patterns, and floats around
 * every value and every half of a last bit.
 */
import { expect, test } from 'vitest'
import { type WasmInstance, wasmInstanceOf } from '../../../src/kernels/wasm/wasm-instance.ts'
import { type HalfType, narrow, widen } from '../../../src/tensor/half.ts'
import { firstDifference } from '../jobs.ts'

const instance = wasmInstanceOf('simd') as WasmInstance
const types = [
  ['float16', 'F16'],
  ['bfloat16', 'BF16'],
] as const
const patterns = Uint16Array.from({ length: 65_536 }, (_, bits) => bits)

function convert<A extends Float32Array | Uint16Array>(
  kernel: string,
  from: Float32Array | Uint16Array,
  to: new (buffer: ArrayBuffer, at: number, length: number) => A,
): A {
  instance.release()
  const [src, dst] = [instance.alloc(from.byteLength + 64), instance.alloc(4 * from.length + 64)]
  new Uint8Array(instance.memory.buffer, src, from.byteLength).set(new Uint8Array(from.buffer))
  instance.kernel(kernel)(src, dst, from.length)
  return new to(instance.memory.buffer as ArrayBuffer, dst, from.length).slice() as A
}

test.each(types)('%s: every pattern is widened', (half, name) => {
  const want = widen(patterns, half as HalfType)
  expect(firstDifference(convert(`widen${name}`, patterns, Float32Array), want)).toBe(-1)
})

test.each(types)('%s: floats are rounded to nearest, ties to even', (half, name) => {
  const values = widen(patterns, half as HalfType)
  const near = Float32Array.from({ length: 5 * 65_536 }, (_, i) => {
    const [at, way] = [Math.floor(i / 5), i % 5]
    const middle = (values[at]! + values[(at + 1) % 65_536]!) / 2
    return [values[at]!, middle, middle * (1 + 2 ** -23), middle * (1 - 2 ** -23), values[at]! * 3][way]!
  })
  const want = new Uint16Array(near.length)
  narrow(near, half as HalfType, want)
  const got = convert(`narrow${name}`, near, Uint16Array)
  const at = firstDifference(got, want)
  expect(at < 0 ? '' : `${near[at]} is ${got[at]}, not ${want[at]}`).toBe('')
})

test.each(types)('%s: one number apart among ordinary ones', (half, name) => {
  const apart = [Number.NaN, Infinity, -Infinity, 0, -0, 2 ** -20, -(2 ** -24), 2 ** -130, 70_000, -3e38]
  const near = Float32Array.from({ length: 17 * 16 * apart.length }, (_, i) => {
    const [row, at] = [Math.floor(i / 16), i % 16]
    return row % 17 === at ? apart[Math.floor(row / 17)]! : (i % 2 === 0 ? 1 : -1) * (1 + at / 16)
  })
  const want = new Uint16Array(near.length)
  narrow(near, half as HalfType, want)
  expect(firstDifference(convert(`narrow${name}`, near, Uint16Array), want)).toBe(-1)
  const wide = widen(want, half as HalfType)
  expect(firstDifference(convert(`widen${name}`, want, Float32Array), wide)).toBe(-1)
})

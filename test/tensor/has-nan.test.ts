import { expect, it } from 'vitest'
import { tensor } from '../../src/index.ts'
import type { DType } from '../../src/tensor/dtype.ts'
import { hasNaN } from '../../src/tensor/has-nan.ts'

const lengths = [0, 1, 2, 3, 4, 5, 9, 17, 35]
const others = [0, -0, 1, -2.5, Infinity, -Infinity, 6e-8]

it.each<DType>(['float16', 'bfloat16', 'float32', 'float64'])('a NaN among %s, wherever it lies', (dtype) => {
  for (const length of lengths) {
    const values = Array.from({ length }, (_, i) => others[i % others.length]!)
    expect(hasNaN(tensor(values, [length], dtype))).toBe(false)
    for (let at = 0; at < length; at++)
      expect(hasNaN(tensor(values.with(at, Number.NaN), [length], dtype)), `${at} of ${length}`).toBe(true)
  }
})

it('NaN of any sign and payload, the least ones beside infinity too', () => {
  for (const bits of [0x7c01, 0xfc01, 0x7fff, 0xffff])
    expect(hasNaN({ data: Uint16Array.of(0, bits, 0x7c00), dtype: 'float16' })).toBe(true)
  for (const bits of [0x7f81, 0xff81, 0xffff])
    expect(hasNaN({ data: Uint16Array.of(bits, 0xff80), dtype: 'bfloat16' })).toBe(true)
  for (const bits of [0x7f800001, 0xff800001])
    expect(hasNaN({ data: new Float32Array(Uint32Array.of(bits).buffer), dtype: 'float32' })).toBe(true)
  for (const [high, low] of [
    [0x7ff00000, 1],
    [0xfff00000, 0x80000000],
    [0x7ff80000, 0],
  ] as const)
    expect(hasNaN({ data: new Float64Array(Uint32Array.of(low, high).buffer), dtype: 'float64' })).toBe(true)
})

it('halves that begin between two words', () => {
  const all = Uint16Array.of(0, 0x3c00, 0x3c00, 0x7e00, 0x3c00)
  expect(hasNaN({ data: all.subarray(1), dtype: 'float16' })).toBe(true)
  expect(hasNaN({ data: all.subarray(1, 3), dtype: 'float16' })).toBe(false)
})

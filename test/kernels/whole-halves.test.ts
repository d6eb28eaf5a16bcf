/**
 * @file Arrays of half precision of less than a piece, of some pieces and a rest: in vectors as in plain loops.
 */
import { describe, expect, test } from 'vitest'
import { narrowWhole, widenWhole } from '../../src/kernels/whole-halves.ts'
import { narrow, widen } from '../../src/tensor/half.ts'
import { firstDifference, randomOf } from './jobs.ts'

describe.each(['float16', 'bfloat16'] as const)('%s', (half) => {
  test.each([0, 1, 1023, 1024, 8191, 8192, 20_001])('%i elements', (size) => {
    const random = randomOf(size)
    const bits = Uint16Array.from({ length: size }, () => 65_536 * random())
    expect(firstDifference(widenWhole(bits, half), widen(bits, half))).toBe(-1)
    const values = new Float32Array(Uint32Array.from({ length: size }, () => 2 ** 32 * random()).buffer)
    const [whole, loops] = [new Uint16Array(size), new Uint16Array(size)]
    narrowWhole(values, half, whole)
    narrow(values, half, loops)
    expect(firstDifference(whole, loops)).toBe(-1)
  })
})

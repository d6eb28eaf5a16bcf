/**
 * @file Jobs that come again run with the tables of the first ones: on other arrays, in other places, between other jobs, and where
 * scratch is short.
 */
import { describe, expect, test } from 'vitest'
import { withBackend } from '../../../src/kernels/backend.ts'
import { WasmMemory } from '../../../src/kernels/memory/wasm-memory.ts'
import { withTuning } from '../../../src/kernels/tuning.ts'
import type { CountedOptions } from '../../../src/ops/counted/options.ts'
import { avgPool2d } from '../../../src/ops/functions/average.ts'
import { lpPool2d } from '../../../src/ops/functions/lp.ts'
import { maxPool2d } from '../../../src/ops/functions/max.ts'
import { rand, zeros } from '../../../src/tensor/create.ts'
import { Tensor } from '../../../src/tensor/tensor.ts'

type Pool = (x: Tensor) => Tensor

const shape = [3, 2, 70, 90]

/** Whole numbers from 0 to 19. */
function numbers(dtype: 'float32' | 'uint8' | 'int32', seed: number): Tensor {
  const values = Array.from(rand(shape, { seed }).data as Float32Array, (value) => Math.floor(20 * value))
  return new Tensor(
    { float32: Float32Array, uint8: Uint8Array, int32: Int32Array }[dtype].from(values),
    shape,
  )
}

const pools: Record<string, Pool> = {
  'max 3x3': (x) => maxPool2d(x, { kernelSize: 3, stride: 2, padding: 1 }),
  'average 2x2': (x) => avgPool2d(x, { kernelSize: 2 }),
  'average 3x3': (x) => avgPool2d(x, { kernelSize: 3, padding: 1 }),
  'Lp 2': (x) => lpPool2d(x, { kernelSize: 3, normType: 2 }),
}
for (let size = 1; size <= 20; size++) pools[`max 1x${size}`] = (x) => maxPool2d(x, { kernelSize: [1, size] })

/** The bits of the kernels without kept jobs. Other tuning forgets those that are kept: such calls come first. */
function alone(pool: Pool, x: Tensor): unknown {
  return withTuning({}, () => pool(x)).data
}

/** Calls with each input in turn, from the third on by what is kept, with other calls between. */
function expectInTurn(
  pool: Pool,
  inputs: readonly Tensor[],
  between: (turn: number) => void = () => {},
): void {
  const wanted = inputs.map((x) => alone(pool, x))
  for (const [turn, x] of inputs.entries()) {
    expect(pool(x).data, `turn ${turn}`).toEqual(wanted[turn])
    between(turn)
  }
}

describe('jobs that come again', () => {
  test.each(Object.entries(pools).slice(0, 4))('have their own operands: %s', (_, pool) => {
    expectInTurn(
      pool,
      [1, 2, 3, 4, 5].map((seed) => rand(shape, { seed })),
    )
  })

  test('have the values of the reference', () => {
    const pool = pools['max 3x3']!
    for (let seed = 1; seed <= 3; seed++) {
      const x = rand(shape, { seed })
      expect(pool(x).data).toEqual(withBackend('reference', () => pool(x)).data)
    }
  })

  test('find a NaN that others did not have', () => {
    const pool = pools['max 3x3']!
    const inputs = [0, 0, 0, Number.NaN, 0, Number.NaN].map((value, i) => {
      const x = rand(shape, { seed: 7 })
      x.data[5000 + i] = value
      return x
    })
    expectInTurn(pool, inputs)
  })

  test.each([
    ['maxima', (x: Tensor) => maxPool2d(x, { kernelSize: 2 })],
    ['maxima with indices', (x: Tensor) => maxPool2d(x, { kernelSize: 2, returnIndices: true }).output],
  ])('keep what a NaN made them prepare, while others use the scratch: %s', (_, pool) => {
    const inputs = Array.from({ length: 8 }, (_, seed) => {
      const x = rand(shape, { seed })
      if (seed > 2) for (let i = 0; i < 40; i++) x.data[50 * seed + 700 * i] = Number.NaN
      return x
    })
    expectInTurn(pool, inputs, (turn) => {
      const other = rand([2, 3, 190, 80 + turn], { seed: turn })
      for (const kernelSize of [5, 6, 7])
        avgPool2d(other, { kernelSize, stride: 2, padding: 1, countIncludePad: false })
    })
  })

  test('come between others, more than are known', () => {
    const trials = Array.from({ length: 4 }, (_, turn) =>
      Object.entries(pools).map(([name, pool]) => {
        const x = rand(shape, { seed: 10 * turn + name.length })
        return { name, pool, x, want: alone(pool, x) }
      }),
    )
    for (const { name, pool, x, want } of trials.flat())
      for (let again = 0; again < 3; again++) expect(pool(x).data, name).toEqual(want)
  })

  test('lie inside and outside a WasmMemory in turn', () => {
    const memory = new WasmMemory({ bytes: 2 ** 20 })
    const inside = zeros(shape, { memory })
    const some = Object.values(pools).slice(0, 4)
    const inputs = [1, 2, 3, 4, 5, 6].map((seed) => rand(shape, { seed }))
    const wanted = inputs.map((plain) => some.map((pool) => alone(pool, plain)))
    for (const [i, plain] of inputs.entries()) {
      inside.data.set(plain.data as never)
      for (const [j, pool] of some.entries()) {
        expect(pool(inside).data).toEqual(wanted[i]![j])
        expect(pool(plain).data).toEqual(wanted[i]![j])
      }
    }
  })

  test.each([0, 2 ** 16, 2 ** 19])('need no more than %s bytes', (keptBytes) => {
    const x = rand(shape, { seed: 3 })
    const want = Object.values(pools).map((pool) => alone(pool, x))
    withTuning({ keptBytes }, () => {
      for (let turn = 0; turn < 4; turn++)
        expect(Object.values(pools).map((pool) => pool(x).data)).toEqual(want)
    })
  })

  test.each(['float32', 'uint8', 'int32'] as const)('leave out what each of them leaves out: %s', (dtype) => {
    const calls = [1, 2, 3, 4, 5, 6].map((seed) => {
      const x = numbers(dtype, seed)
      const marks = Uint8Array.from(numbers('uint8', seed + 50).data as Uint8Array, (value) =>
        Number(value % 4 > 0),
      )
      const mask = new Tensor(marks, shape)
      const plane = new Tensor(marks.slice(0, 70 * 90), shape.slice(2))
      const lefts: CountedOptions[] = [
        { mask },
        { mask: plane },
        { nodata: seed % 3 },
        { mask, nodata: seed % 2 },
      ]
      return lefts.map((left) => ({
        x,
        left: { fill: seed > 3 ? 7 : 9, minCount: seed > 4 ? 2 : 1, ...left },
      }))
    })
    for (const kernelSize of [2, 3]) {
      const pooled = ({ x, left }: (typeof calls)[0][0]) => [
        avgPool2d(x, { kernelSize, ...left }).data,
        maxPool2d(x, { kernelSize, ...left }).data,
      ]
      const wanted = calls.map((lefts) => withTuning({}, () => lefts.map(pooled)))
      for (const [i, lefts] of calls.entries()) expect(lefts.map(pooled), `call ${i}`).toEqual(wanted[i])
      expect(calls[0]!.map(pooled)).toEqual(withBackend('reference', () => calls[0]!.map(pooled)))
    }
  })

  test('spread the marks of pixels in tiles of several sizes', () => {
    const large = [3, 150, 130, 3]
    const size = 150 * 130
    const calls = [1, 2, 3, 4, 5].map((seed) => ({
      x: rand(large, { seed }),
      mask: new Tensor(
        Uint8Array.from({ length: size }, (_, i) => Number((i * (seed + 4)) % 7 > 1)),
        [150, 130],
      ),
    }))
    for (const pool of [avgPool2d, maxPool2d])
      for (const kernelSize of [2, 3]) {
        const pooled = ({ x, mask }: (typeof calls)[0]) => pool(x, { kernelSize, mask, layout: 'NHWC' }).data
        const wanted = calls.map((call) => withTuning({ tileBytes: 2 ** 16 }, () => pooled(call)))
        withTuning({ tileBytes: 2 ** 16 }, () => expect(calls.map(pooled)).toEqual(wanted))
        expect(calls.map(pooled)).toEqual(wanted)
      }
  })

  test('count the windows of each mask anew', () => {
    const x = numbers('uint8', 1)
    const maskOf = (at: number, value: number) => {
      const marks = new Uint8Array(70 * 90).fill(1)
      marks[at] = value
      return new Tensor(marks, [70, 90])
    }
    const masks = [1, 1, 1, 0, 1, 2, 0].map((value, i) => maskOf(90 * i + 7, value))
    const outcome = (mask: Tensor) => {
      try {
        return [...maxPool2d(x, { kernelSize: 3, stride: 1, mask, minCount: 9, fill: 99 }).data]
      } catch (error) {
        return (error as Error).message
      }
    }
    const wanted = masks.map((mask) => withTuning({}, () => outcome(mask)))
    expect(masks.map(outcome)).toEqual(wanted)
    expect(wanted[3]).not.toEqual(wanted[2])
    expect(wanted[5]).toMatch(/mask\[457\] = 2/)
  })

  test.each(['uint8', 'float32', 'int32'] as const)('leave x as it is where x lies in place: %s', (dtype) => {
    const memory = new WasmMemory({ bytes: 2 ** 21 })
    const plain = numbers(dtype, 5)
    const x = zeros(shape, { memory, dtype })
    x.data.set(plain.data as never)
    const marks = Uint8Array.from({ length: 70 * 90 }, (_, i) => Number(i % 3 > 0))
    for (const left of [{ mask: new Tensor(marks, [70, 90]) }, { nodata: 3 }])
      for (let turn = 0; turn < 3; turn++)
        for (const pool of [maxPool2d, avgPool2d]) {
          const options = { kernelSize: 3, stride: 2, fill: 0, ...left }
          expect(pool(x, options).data).toEqual(pool(plain, options).data)
          expect(x.data).toEqual(plain.data)
        }
  })

  test('leave no array behind', () => {
    const memory = new WasmMemory({ bytes: 2 ** 20 })
    const x = zeros(shape, { memory })
    const pool = pools['average 2x2']!
    const want = alone(pool, rand(shape, { seed: 9 }))
    for (let turn = 0; turn < 3; turn++) pool(x)
    memory.free(x.data as Float32Array)
    const next = zeros(shape, { memory })
    next.data.set(rand(shape, { seed: 9 }).data as never)
    expect(pool(next).data).toEqual(want)
  })
})

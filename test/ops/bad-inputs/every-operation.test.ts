/**
 * Checks that once were missing in one operation, tested for all: the tensors of a gradient must fit each other, for every rank,
 * in both layouts.
 */
import { describe, expect, it } from 'vitest'
import { type Tensor, tensor } from '../../../src/index.ts'
import {
  callOf,
  differentiable,
  type Entry,
  functions,
  knownSamples,
  type Options,
  runForward,
} from '../../support/catalogue.ts'
import { codeOf } from '../../support/refusals.ts'
import { layouts } from '../../support/world.ts'

interface Gradient {
  readonly dy: Tensor<Float32Array>
  readonly x: Tensor<Float32Array>
  readonly indices: Tensor | null
  readonly options: Options
  /** The code with which a call with other tensors or options is refused. */
  code(changed: { dy?: Tensor; x?: Tensor; indices?: Tensor; options?: Options }): string
}

function gradientOf(entry: Entry, layout: string): Gradient {
  const isUnpool = entry.name.startsWith('maxUnpool')
  const isLocated = 'returnIndices' in entry.optional
  const known = { layout, ...knownSamples(entry) }
  const { inputs, options } = callOf(entry, 'float32', known)
  const y = runForward(entry, 'float32', known)
  const located = isLocated ? functions[entry.name]!(...inputs, { ...options, returnIndices: true }) : null
  const indices = isUnpool
    ? inputs[1]!
    : ((located as unknown as { indices: Tensor } | null)?.indices ?? null)
  const dy = tensor(new Float32Array(y.data.length).fill(1), y.shape)
  const backward = functions[`${entry.name}Backward`]!
  return {
    dy,
    x: inputs[0] as Tensor<Float32Array>,
    indices,
    options,
    code: (changed) => {
      const tensors = [changed.dy ?? dy, changed.x ?? inputs[0]!]
      if (isUnpool) tensors.push(changed.indices ?? indices!)
      const settings = { ...options, ...changed.options }
      const given = isLocated && changed.indices ? { ...settings, indices: changed.indices } : settings
      return codeOf(() => backward(...tensors, given))
    },
  }
}

/** The tensor with each of its axes one longer, one shorter, and gone. */
function misshapen({ shape, data, dtype }: Tensor): Tensor[] {
  const Storage = data.constructor as new (length: number) => Float32Array
  const of = (changed: readonly number[]) =>
    tensor(new Storage(changed.reduce((size, dim) => size * dim, 1)), changed, dtype)
  return shape.flatMap((dim, axis) => [
    of(shape.with(axis, dim + 1)),
    of(shape.with(axis, dim - 1)),
    of([...shape.slice(0, axis), ...shape.slice(axis + 1)]),
  ])
}

describe.each(differentiable)('the gradient of $name', (entry) => {
  describe.each(layouts)('%s', (layout) => {
    const gradient = gradientOf(entry, layout)
    const { dy, x, indices } = gradient

    it('runs as it stands', () => expect(gradient.code({})).toBe('none'))

    it('refuses a gradient of any other shape', () => {
      for (const wrong of misshapen(dy))
        expect(gradient.code({ dy: wrong }), `${wrong.shape}`).toBe('BAD_SHAPE')
    })

    it('refuses a gradient of another dtype', () => {
      expect(gradient.code({ dy: tensor(Float64Array.from(dy.data), dy.shape) })).toBe('BAD_DTYPE')
    })

    if (indices !== null)
      it('refuses indices of any other shape, and outside the plane', () => {
        for (const wrong of misshapen(indices))
          expect(gradient.code({ indices: wrong }), `${wrong.shape}`).toBe('BAD_SHAPE')
        for (const value of [-2, 9 * 11 * 13, 2 ** 31 - 1]) {
          const data = Int32Array.from(indices.data as Int32Array)
          data[data.length - 1] = value
          expect(gradient.code({ indices: tensor(data, indices.shape) }), `${value}`).toBe('BAD_INDEX')
        }
      })

    it('refuses options that it does not know', () => {
      expect(gradient.code({ options: { kernel_size: 2 } })).toBe('BAD_PARAM')
    })

    it('refuses an output of another length or class, or that overlaps an input', () => {
      const shared = new Float32Array(x.data.length + dy.data.length)
      const out = shared.subarray(0, x.data.length)
      const near = (length: number) => shared.subarray(x.data.length - 1, x.data.length - 1 + length)
      expect(gradient.code({ options: { out: new Float32Array(x.data.length + 1) } })).toBe('BAD_SHAPE')
      expect(gradient.code({ options: { out: new Int32Array(x.data.length) } })).toBe('BAD_DTYPE')
      expect(gradient.code({ options: { out }, dy: tensor(near(dy.data.length), dy.shape) })).toBe(
        'BAD_PARAM',
      )
      expect(gradient.code({ options: { out }, x: tensor(out, x.shape) })).toBe('BAD_PARAM')
      expect(gradient.code({ options: { out } })).toBe('none')
    })
  })
})

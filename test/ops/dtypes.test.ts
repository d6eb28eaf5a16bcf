import { describe, expect, it } from 'vitest'
import { isPoolError } from '../../src/index.ts'
import { dtypeNames, dtypes, type Scalar } from '../../src/tensor/dtype.ts'
import { valuesOf } from '../../src/tensor/storage.ts'
import {
  catalogue,
  dtypeFor,
  dtypeOf,
  type Entry,
  hasGradient,
  knownSamples,
  runBackward,
  runForward,
} from '../support/catalogue.ts'

/** Norms and moments are of floating tensors only, and so are gradients; modes are of integers only. */
const takes = ({ name }: Entry, float: boolean): boolean =>
  float ? hasGradient(name) : !/lp|rms|var|std|gem|soft|lse|blur|area|stochasticMean/i.test(name)

const numbers = (values: ArrayLike<Scalar>): number[] => Array.from(values, Number)

describe.each(catalogue)('$name', (entry) => {
  describe.each(['NCHW', 'NHWC'])('%s', (layout) => {
    const settings = { layout, ...knownSamples(entry) }
    const wide = numbers(runForward(entry, hasGradient(entry.name) ? 'float64' : 'int64', settings).data)

    it.each(dtypeNames)('%s gives what float64 gives, rounded', (dtype) => {
      const { float } = dtypes[dtype]
      if (!takes(entry, float)) {
        expect(() => runForward(entry, dtype, { layout })).toThrow(/must|only/)
        return
      }
      const y = runForward(entry, dtype, settings)
      expect(y.dtype).toBe(dtype)
      const tolerance = { float32: 2e-7, float16: 5e-4, bfloat16: 4e-3 }[dtype as string] ?? 1e-15
      numbers(valuesOf(y)).forEach((value, i) => {
        // Numbers of float16 near 0 are 2^-24 apart.
        const least = dtype === 'float16' ? 2 ** -25 : 0
        if (float)
          expect(Math.abs(value - wide[i]!)).toBeLessThanOrEqual(tolerance * Math.abs(wide[i]!) + least)
        else expect(value).toBe(Math.trunc(wide[i]!))
      })
    })

    it.each(dtypeNames)('%s has a gradient if it is floating', (dtype) => {
      const isDefined = dtypes[dtype].float ? hasGradient(entry.name) : entry.name.startsWith('maxUnpool')
      if (!isDefined) {
        expect(() => runBackward(entry, dtype, { layout })).toThrow(/float32|integers/)
        return
      }
      expect(runBackward(entry, dtype, { layout }).dtype).toBe(dtype)
    })
  })

  it.each(Object.entries(entry.optional))('takes %s: %j', (option, value) => {
    expect(() => runForward(entry, dtypeFor(option, entry), { [option]: value })).not.toThrow()
  })

  it('refuses every other option', () => {
    const all = new Set(
      catalogue.flatMap(({ required, optional }) => [...Object.keys(required), ...Object.keys(optional)]),
    )
    const own = new Set([...Object.keys(entry.required), ...Object.keys(entry.optional), 'out'])
    for (const option of all) {
      if (own.has(option)) continue
      try {
        runForward(entry, dtypeOf(entry), { [option]: 1 })
        expect.unreachable(option)
      } catch (error) {
        expect(isPoolError(error, 'BAD_PARAM'), `${option}: ${error}`).toBe(true)
      }
    }
  })
})

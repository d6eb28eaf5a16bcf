/**
 * Arguments may have getters or be proxies that return other values each time. Each property is read once, and the checked
 * value is the one used.
 */
import { describe, expect, it } from 'vitest'
import * as pool from '../../src/index.ts'
import { legacyPool2d } from '../../src/legacy.ts'
import {
  callOf,
  catalogue,
  dtypeOf,
  type Entry,
  functions,
  hasGradient,
  type Options,
  runForward,
} from '../support/catalogue.ts'
import { codeOf } from '../support/refusals.ts'

/** The object, and the arrays in it, with a count of how often each entry was read. */
function counted(options: object): { given: never; most(): [string, number] } {
  const reads = new Map<string, number>()
  const watch = (target: object, path: string): object =>
    new Proxy(target, {
      get(held, name) {
        const value = Reflect.get(held, name, held)
        if (typeof name === 'symbol') return value
        const place = `${path}.${name}`
        reads.set(place, (reads.get(place) ?? 0) + 1)
        return Array.isArray(value) ? watch(value, place) : value
      },
    })
  const most = () => [...reads].reduce((a, b) => (b[1] > a[1] ? b : a), ['nothing', 0])
  return { given: watch(options, '') as never, most }
}

const perAxis = ({ rank, required, optional }: Entry): Options => {
  const asked: Options = {
    ...required,
    ...optional,
    returnIndices: undefined,
    outputRatio: undefined,
    rounding: undefined,
  }
  for (const name of ['kernelSize', 'stride', 'dilation', 'outputSize'])
    if (typeof asked[name] === 'number') asked[name] = new Array(rank).fill(asked[name])
  if (typeof asked.padding === 'number') asked.padding = new Array(rank).fill([asked.padding, asked.padding])
  return asked
}
const layerName = (name: string) => name.replace(/^./, (first) => first.toUpperCase()).replace(/^Lp/, 'LP')

describe.each(catalogue)('$name', (entry) => {
  const dtype = dtypeOf(entry)
  const unpadded = entry.name.startsWith('maxUnpool') ? { padding: 0 } : {}
  const { inputs, options } = callOf(entry, dtype, { ...perAxis(entry), ...unpadded, layout: 'NCHW' })
  const { shape } = runForward(entry, dtype, options)
  const dy = pool.rand(shape, { seed: 5 })

  it('reads each option once, forward and backward', () => {
    for (const run of [
      (given: unknown) => functions[entry.name]!(...inputs, given),
      ...(hasGradient(entry.name)
        ? [(given: unknown) => functions[`${entry.name}Backward`]!(dy, ...inputs, given)]
        : []),
      (given: unknown) => pool.outputShape(entry.name, inputs[0]!.shape, given as never),
      (given: unknown) => pool.explain(entry.name, inputs[0]!.shape, given as never, dtype),
    ]) {
      const { given, most } = counted(options)
      run(given)
      expect(most()[1], `${run} ${most()}`).toBe(1)
    }
  })

  it('reads each option of its layer once, and no more when it runs', () => {
    const Layer = (pool as unknown as Record<string, new (options: object) => pool.Layer<object>>)[
      layerName(entry.name)
    ]
    if (Layer === undefined) return expect(entry.name).toMatch(/^global/)
    const { given, most } = counted({ ...options, randomSamples: undefined, samples: undefined })
    const layer = new Layer(given) as pool.IndexedPoolLayer<object, false>
    ;(layer.forward as (...inputs: unknown[]) => unknown)(...inputs)
    expect(most()[1], String(most())).toBe(1)
  })

  it('reads shape, stride and offset of its input once', () => {
    const [{ data, shape: dims }, ...rest] = inputs as [pool.Tensor, ...pool.Tensor[]]
    const stride = dims.map((_, axis) => dims.slice(axis + 1).reduce((size, dim) => size * dim, 1))
    const { given, most } = counted({ data, shape: dims, stride, offset: 0, dtype })
    functions[entry.name]!(given, ...rest, options)
    expect(most()[1], String(most())).toBe(1)
  })
})

it('reads the options of Pool2D, legacyPool2d, zeros, rand and init once', () => {
  const x = pool.rand([1, 1, 4, 4])
  const makers: [(given: never) => unknown, object][] = [
    [(given) => new pool.Pool2D(given).forward(x), { size: [2, 2], mode: 'average', stride: [1, 1] }],
    [(given) => legacyPool2d(x, given), { size: [2, 2], mode: 'max', stride: 1 }],
    [(given) => pool.zeros([2], given), { dtype: 'float64', shared: false }],
    [(given) => pool.rand([2], given), { dtype: 'float64', seed: 1 }],
    [(given) => codeOf(() => pool.init(given)), { wasm: 5 }],
  ]
  for (const [make, options] of makers) {
    const { given, most } = counted(options)
    make(given)
    expect(most()[1], `${make} ${most()}`).toBe(1)
  }
})

it('uses the window that it checked', () => {
  const x = pool.rand([1, 1, 8, 8], { seed: 0 })
  const windows = [2, 3, 4]
  const options = {
    stride: 1,
    get kernelSize() {
      return windows.shift()!
    },
  }
  expect(pool.maxPool2d(x, options).shape).toEqual([1, 1, 7, 7])
  expect(pool.maxPool2d(x, { kernelSize: 2, stride: 1 }).data).toEqual(
    pool.maxPool2d(x, { kernelSize: [2, 2], stride: 1 }).data,
  )
})

it('writes nowhere but where the checked indices point, though a getter of out changes them', () => {
  const indices = pool.tensor(Int32Array.of(0), [1, 1, 1])
  const out = new Float32Array(4)
  const options = {
    kernelSize: 2,
    get out() {
      indices.data[0] = 1e6
      return out
    },
  }
  expect(codeOf(() => pool.maxUnpool2d(pool.rand([1, 1, 1]), indices, options))).toBe('BAD_INDEX')
  expect([...out]).toEqual([0, 0, 0, 0])
})

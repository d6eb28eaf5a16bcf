/**
 * @file Every answer of this library against PyTorch's, as test/fixtures/torch records them.
 */
import { describe, expect, test } from 'vitest'
import * as pool2d from '../../src/index.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { close, difference, type Judge, sameBits, sameValue, within } from '../support/compare.ts'
import {
  build,
  decode,
  type Golden,
  goldenFiles,
  isCommitted,
  type Options,
  optionsOf,
} from '../support/golden.ts'

type Pooled = Tensor | { output: Tensor; indices: Tensor }
type AnyFunction = (...values: unknown[]) => unknown
type Layer = new (options: Options) => object

const library = pool2d as unknown as Record<string, AnyFunction>
const files = goldenFiles()

describe('PyTorch', () => {
  test.each(files.map(({ name, cases }) => [name, cases] as const))('%s', (_, cases) => {
    expect(cases.length).toBeGreaterThan(0)
    const failures = cases.flatMap((golden) =>
      run(golden).map((what) => `${golden.op} ${golden.name}: ${what}`),
    )
    expect(failures.slice(0, 10).join('\n')).toBe('')
  })

  test.runIf(isCommitted)('all 2,880 max pools of OpInfo are there', () => {
    const opinfo = files.filter(({ name }) => name.startsWith('max-opinfo')).flatMap(({ cases }) => cases)
    expect(opinfo.flatMap(optionsOf)).toHaveLength(2880)
  })
})

/** Describes the errors in the results of one case. */
function run(golden: Golden): string[] {
  if (golden.op === 'toString') return runPrint(golden)
  if (golden.op === 'rand') return named('output', differs(build(golden.input), golden.output, golden))
  const written = [golden.options].flat()
  return optionsOf(golden).flatMap((options, call) =>
    attempt(() => runPool(golden, options)).map((what) => `${what}, with ${JSON.stringify(written[call])}`),
  )
}

function runPool(golden: Golden, options: Options): string[] {
  const { op } = golden
  const x = build(golden.input)
  const given = golden.inputIndices === undefined ? [] : [build(golden.inputIndices)]
  if (golden.refused !== undefined)
    return runRefused(golden.refused, () => library[op]!(x, ...given, options))

  const pooled = library[op]!(x, ...given, inOrder(op, options)) as Pooled
  const output = 'output' in pooled ? pooled.output : pooled
  const wrong = named(
    'output',
    differs(output, golden.output, golden, judgeOf(golden, golden.compare, sameBits)),
  )
  if ('output' in pooled)
    wrong.push(...named('indices', differs(asInt32(pooled.indices), golden.indices!, golden)))
  if ('output' in pooled !== (options.returnIndices === true)) wrong.push('returnIndices was not honoured')
  return golden.dx === undefined ? wrong : [...wrong, ...runBackward(golden, x, given, options)]
}

/** PyTorch adds in row-major order whatever the window; so do averages when asked to. */
function inOrder(op: string, options: Options): Options {
  return /avg/i.test(op) ? { ...options, exact: true } : options
}

/** The gradient, and where there are indices also the gradient by them. */
function runBackward(golden: Golden, x: Tensor, given: Tensor[], options: Options): string[] {
  const { returnIndices: _, ...its } = options
  const dy = build({ ...golden.dy!, shape: golden.shape, dtype: golden.input.dtype })
  const backward = (its: Options) => library[`${golden.op}Backward`]!(dy, x, ...given, its) as Tensor
  const judge = judgeOf(golden, golden.compareDx, sameValue)
  const against = { ...golden, shape: golden.input.shape }
  const wrong = named('dx', differs(backward(its), golden.dx!, against, judge))
  if (golden.indices === undefined) return wrong
  const { randomSamples: __, ...bare } = its
  const byIndices = backward({ ...bare, indices: decode(golden.indices, golden.shape, 'int32') })
  return [...wrong, ...named('dx by indices', differs(byIndices, golden.dx!, against, judge))]
}

function runRefused(said: string, call: () => unknown): string[] {
  try {
    call()
    return [`was accepted; PyTorch says "${said}"`]
  } catch (error) {
    if (pool2d.isPoolError(error)) return []
    throw error
  }
}

function runPrint({ layer, options, text }: Golden): string[] {
  return attempt(() => {
    const Made = library[layer!] as unknown as Layer
    const printed = String(new Made(optionsOf({ options } as Golden)[0]!))
    return printed === text ? [] : [`prints "${printed}", expected "${text}"`]
  })
}

type JudgeFor = (want: Tensor) => Judge

/** `exact` is what counts as equal where a case states no tolerance. */
function judgeOf({ rtol, bound }: Golden, compare: Golden['compare'], exact: Judge): JudgeFor {
  if (compare === 'bound') return () => within(bound!)
  return compare === 'close' ? (want) => close(want, rtol!) : () => exact
}

function differs(got: Tensor, text: string, { shape, input }: Golden, judgeFor: JudgeFor = () => sameBits) {
  const want = decode(text, shape, got.dtype === 'int32' ? 'int32' : input.dtype)
  return difference(got, want, judgeFor(want))
}

/** The indices of small planes are an Int32Array. */
function asInt32(indices: Tensor): Tensor {
  expect(indices.data).toBeInstanceOf(Int32Array)
  return indices
}

function named(part: string, what: string | undefined): string[] {
  return what === undefined ? [] : [`${part}${what.startsWith('[') ? '' : ' '}${what}`]
}

/** A call that throws is one more way to be wrong. */
function attempt(call: () => string[]): string[] {
  try {
    return call()
  } catch (error) {
    return [`threw ${String(error)}`]
  }
}

/**
 * ONNX Runtime's own poolings, of quantised tensors and with channels last: every element as ONNX Runtime gives it.
 */
import { describe, expect, test } from 'vitest'
import { runNode } from '../../src/adapters/onnx/index.ts'
import { rand, type Tensor, tensor } from '../../src/index.ts'
import { difference, sameBits } from '../support/compare.ts'
import { runOnRuntime } from './run-node.ts'

const count = Number(process.env.POOL2D_ONNX_CASES ?? 400) / 4
const domain = 'com.microsoft'
const operators = ['QLinearAveragePool', 'QLinearGlobalAveragePool', 'NhwcMaxPool'] as const

/** Numbers from a seed, whole ones up to a bound and choices. */
function drawing(seed: number) {
  const { data } = rand([64], { seed, dtype: 'float64' })
  let at = 0
  const int = (low: number, high: number) => low + Math.floor(data[at++]! * (high - low + 1))
  return { int, of: <T>(...choices: T[]): T => choices[int(0, choices.length - 1)]! }
}

function randomNode(seed: number) {
  const { int, of } = drawing(seed)
  const opType = of(...operators)
  const dtype = of('uint8', 'int8')
  const Bytes = dtype === 'uint8' ? Uint8Array : Int8Array
  const isLast = opType === 'NhwcMaxPool' || of(true, false)
  const rank = opType === 'QLinearGlobalAveragePool' ? 2 : of(1, 2, 2, 3)
  const spatial = Array.from({ length: rank }, () => int(5, 9))
  const [n, c] = [int(1, 2), int(1, 18)]
  const shape = isLast ? [n, ...spatial, c] : [n, c, ...spatial]
  const shift = dtype === 'int8' ? 128 : 0
  const draws = Array.from(rand(shape, { seed: seed + 1 }).data, (value) => Math.floor(value * 256) - shift)
  const x = tensor(Bytes.from(draws), shape)
  const scalar = (data: Float32Array | Uint8Array | Int8Array) => tensor(data, [])
  const zero = () => scalar(Bytes.of(int(0, 200) - (dtype === 'int8' ? 100 : 0)))
  const scale = () => scalar(Float32Array.of(int(1, 40) / 256 + 0.001))
  const quantised = [scale(), zero(), scale(), zero()]
  const inputs = opType === 'NhwcMaxPool' ? [x] : [x, ...quantised]
  const ints = (low: number, high: number) => Array.from({ length: rank }, () => int(low, high))
  const kernel = ints(1, 4)
  const window = {
    kernel_shape: kernel,
    strides: ints(1, 3),
    pads: [...kernel, ...kernel].map((size) => int(0, size - 1)),
    ceil_mode: int(0, 1),
  }
  const last = opType === 'NhwcMaxPool' ? {} : { channels_last: Number(isLast) }
  const own = opType === 'QLinearAveragePool' ? { count_include_pad: int(0, 1) } : {}
  const attributes = opType === 'QLinearGlobalAveragePool' ? last : { ...window, ...own, ...last }
  return { opType, domain, opset: 12, attributes, inputs, outputs: 1 }
}

describe('com.microsoft', () => {
  test(`${count} random nodes`, async () => {
    const wrong: string[] = []
    const seen = new Map<string, number>()
    for (let seed = 1; seed <= count; seed++) {
      const node = randomNode(seed * 7919)
      const theirs = (await runOnRuntime(node)) as readonly Tensor[] | string
      const say = (what: string) =>
        wrong.push(
          `seed ${seed}: ${node.opType} ${JSON.stringify(node.attributes)} of ${node.inputs[0]!.shape}: ${what}`,
        )
      if (typeof theirs === 'string') say(`ONNX Runtime refuses: ${theirs}`)
      else {
        const [ours] = runNode(node, node.inputs)
        const found = difference(ours, theirs[0]!, sameBits)
        if (found !== undefined) say(found)
        else seen.set(node.opType, (seen.get(node.opType) ?? 0) + 1)
      }
    }
    expect(wrong).toEqual([])
    expect([...seen.keys()].sort()).toEqual(operators.toSorted())
  })
})

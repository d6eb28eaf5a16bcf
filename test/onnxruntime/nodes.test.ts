import { afterAll, describe, expect, test } from 'vitest'
import { type Choices, onnxRuntimeChoices, runNode } from '../../src/adapters/onnx/index.ts'
import { PoolError } from '../../src/errors.ts'
import { tensor } from '../../src/tensor/create.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import { type RandomNode, randomNode } from '../conformance/onnx/random-nodes.ts'
import { difference, type Judge, sameBits } from '../support/compare.ts'
import { plainAttributes } from '../support/onnx-model.ts'
import { always, byDefault } from './differences.ts'
import { runOnRuntime } from './run-node.ts'

/** POOL2D_ONNX_CASES and POOL2D_ONNX_SEED ask for more, and for others. */
const count = Number(process.env.POOL2D_ONNX_CASES ?? 400)
const firstSeed = Number(process.env.POOL2D_ONNX_SEED ?? 1)
const batch = 100

const met = new Map<string, number>()

function runOurs(node: RandomNode, choices: Choices): readonly Tensor[] | string {
  const { opType, opset, attributes, inputs, outputs } = node
  try {
    return runNode({ opType, opset, attributes: plainAttributes(attributes), outputs }, inputs, choices)
  } catch (error) {
    if (error instanceof PoolError) return error.message
    throw error
  }
}

/** Maxima, and averages of exact sums, bit for bit; what is rounded on the way, within what float32 sums of hundreds of elements lose. */
function judge({ opType, inputs }: RandomNode): Judge {
  const rounded = opType === 'RoiAlign' || opType.endsWith('LpPool')
  if (!rounded && opType !== 'GlobalAveragePool') return sameBits
  const unit = inputs[0]!.dtype === 'float16' ? 2 ** -10 : 2 ** -19
  return (got, want) =>
    sameBits(got, want) || Math.abs(Number(got) - Number(want)) <= unit * Math.max(1, Math.abs(Number(want)))
}

/** What is wrong, if anything: both refusing is agreement. */
function disagreement(
  node: RandomNode,
  ours: readonly Tensor[] | string,
  theirs: readonly Tensor[] | string,
) {
  if (typeof ours === 'string' && typeof theirs === 'string') return undefined
  if (typeof ours === 'string') return `we refuse: ${ours}`
  if (typeof theirs === 'string') return `ONNX Runtime refuses: ${theirs}`
  return ours
    .map((tensor, i) => difference(tensor, theirs[i]!, judge(node)))
    .find((wrong) => wrong !== undefined)
}

async function unexplained(seed: number, choices: Choices, differences: typeof always): Promise<string[]> {
  const node = randomNode(seed)
  const ours = runOurs(node, choices)
  const theirs = await runOnRuntime(node)
  const wrong = disagreement(node, ours, theirs)
  if (wrong === undefined) return []
  const row = differences.find(({ explains }) => explains(node, { ours, theirs }))
  if (row !== undefined) {
    met.set(row.name, (met.get(row.name) ?? 0) + 1)
    return []
  }
  const { opType, opset, attributes, inputs } = node
  const shapes = inputs.map(({ shape, dtype }) => `${dtype}[${shape}]`).join(' ')
  return [`seed ${seed}: ${opType}-${opset} ${JSON.stringify(attributes)} of ${shapes}: ${wrong}`]
}

const batches = Array.from({ length: Math.ceil(count / batch) }, (_, i) => firstSeed + i * batch)

describe.each([
  ['as ONNX Runtime decides', onnxRuntimeChoices, always],
  ['by default', {}, [...always, ...byDefault]],
] as const)('%s', (_, choices, differences) => {
  test.each(batches)('random nodes, seeds from %i', async (start) => {
    const wrong: string[] = []
    for (let seed = start; seed < Math.min(start + batch, firstSeed + count); seed++)
      wrong.push(...(await unexplained(seed, choices, differences)))
    expect(wrong).toEqual([])
  })
})

describe('what random numbers do not meet', () => {
  const attributes = { kernel_shape: [3] }
  const maximum = async (values: number[], outputs: number) => {
    const node = { opType: 'MaxPool', opset: 12, attributes, inputs: [tensor([[values]])], outputs } as const
    const theirs = (await runOnRuntime(node)) as readonly Tensor[]
    const ours = runNode(node, node.inputs)
    return [ours, theirs].map((side) => side.map(({ data }) => Number(data[0])))
  }

  test.each([
    [[1, Number.NaN, 3], 1, [Number.NaN], [3]],
    [[1, Number.NaN, 3], 2, [Number.NaN, 1], [3, 2]],
    [[Number.NaN, 1, 3], 1, [Number.NaN], [3]],
    [[Number.NaN, 1, 3], 2, [Number.NaN, 0], [Number.NaN, 0]],
  ])('NaN in %j, %i outputs: ours wins, theirs depends', async (values, outputs, ours, theirs) => {
    expect(await maximum(values, outputs)).toEqual([ours, theirs])
  })

  test('-Infinity alone is the lowest finite number there, without Indices', async () => {
    const values = Array<number>(3).fill(Number.NEGATIVE_INFINITY)
    const lowest = -(2 - 2 ** -23) * 2 ** 127
    expect(await maximum(values, 1)).toEqual([[Number.NEGATIVE_INFINITY], [lowest]])
    expect(await maximum(values, 2)).toEqual([
      [Number.NEGATIVE_INFINITY, 0],
      [Number.NEGATIVE_INFINITY, 0],
    ])
  })
})

afterAll(() => {
  console.info(
    `${count} nodes, seeds ${firstSeed} to ${firstSeed + count - 1}; explained differences:`,
    Object.fromEntries(met),
  )
})

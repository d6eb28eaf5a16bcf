import { expect, test } from 'vitest'
import { runNode } from '../../../src/adapters/onnx/index.ts'
import { PoolError } from '../../../src/errors.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { difference, type Judge, sameBits } from '../../support/compare.ts'
import { type KernelFamily, kernelFamilies, onKernels } from '../../support/kernel-family.ts'
import { plainAttributes } from '../../support/onnx-model.ts'
import { type RandomNode, randomNode } from './random-nodes.ts'

/** ONNX has pads, four axes and dilations that no other call makes: every kernel must give what the reference gives. */
/** As in test/onnxruntime, but other nodes. */
const firstSeed = Number(process.env.POOL2D_ONNX_SEED ?? 1) + 100_000
const seeds = Array.from({ length: Number(process.env.POOL2D_ONNX_CASES ?? 400) }, (_, i) => firstSeed + i)

function run({ attributes, ...node }: RandomNode, family: KernelFamily): readonly Tensor[] | string {
  try {
    return onKernels(family, () => runNode({ ...node, attributes: plainAttributes(attributes) }, node.inputs))
  } catch (error) {
    if (error instanceof PoolError) return error.message
    throw error
  }
}

/** Sums of these inputs are exact in any order; norms are not. */
function judge({ opType }: RandomNode): Judge {
  if (!opType.endsWith('LpPool')) return sameBits
  return (got, want) => sameBits(got, want) || Math.abs(Number(got) - Number(want)) <= 1e-6 * Number(want)
}

test.each(kernelFamilies.filter((family) => family !== 'reference'))('%s', (family) => {
  const wrong = seeds.flatMap((seed) => {
    const node = randomNode(seed)
    const [ours, reference] = [run(node, family), run(node, 'reference')]
    if (typeof ours === 'string' || typeof reference === 'string')
      return ours === reference ? [] : [`seed ${seed}: ${ours}`]
    return ours.flatMap((tensor, i) => {
      const found = difference(tensor, reference[i]!, judge(node))
      return found === undefined
        ? []
        : [
            `seed ${seed}: ${node.opType} ${JSON.stringify(node.attributes)} of ${node.inputs[0]!.shape}: ${found}`,
          ]
    })
  })
  expect(wrong).toEqual([])
})

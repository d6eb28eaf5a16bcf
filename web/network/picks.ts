/**
 * @file Stochastic pooling as Zeiler and Fergus train with it: an element of each window is picked at random, and takes the whole gradient.
 */
import { stochasticPool } from '../../src/ops/catalogue.ts'
import { rand } from '../../src/tensor/create.ts'
import type { Tensor } from '../../src/tensor/tensor.ts'
import type { PoolPass } from '../src/network/lenet.ts'

const kernelSize = 2

/** New picks at each forward pass; the backward passes take them back in reverse order. */
export function pickingPass(seed: number): PoolPass {
  const { 2: picking } = stochasticPool
  const drawn: Tensor[] = []
  let next = seed
  return {
    forward: (x) => {
      const [n, c, height, width] = x.shape as [number, number, number, number]
      const samples = rand([n, c, height / kernelSize, width / kernelSize], { seed: next++ })
      drawn.push(samples)
      return picking.forward(x, { kernelSize, samples }) as Tensor
    },
    backward: (dy, x) => picking.backward(dy, x, { kernelSize, samples: drawn.pop()! }),
  }
}

/**
 * @file A pooling of the network as the library runs it.
 */
import { operationIn } from '../../../src/render/operation-in.ts'
import { optionsOf } from '../../../src/render/pooling.ts'
import type { Tensor } from '../../../src/tensor/tensor.ts'
import { type Family, poolingOf, type WindowSize } from './families.ts'
import type { PoolPass } from './lenet.ts'

export function passOf(family: Family, window: WindowSize): PoolPass {
  const pooling = poolingOf(family, window)
  const operation = operationIn(pooling) as unknown as {
    forward(x: Tensor, options: unknown): Tensor
    backward(dy: Tensor, x: Tensor, options: unknown): Tensor
  }
  return {
    forward: (x) => operation.forward(x, optionsOf(pooling, x.shape)),
    backward: (dy, x) => operation.backward(dy, x, optionsOf(pooling, x.shape)),
  }
}

/**
 * @file What a page, or another runtime than Node, runs to try the kernels in its own engine: the trials of test/kernels, as they are.
 */
import { info } from '../../../src/kernels/wasm/load.ts'
import { boundKernels, contractOf, randomPlans } from '../../../test/kernels/contract.ts'
import type { Outcome } from '../../../test/kernels/outcome.ts'
import { tryFlush } from '../../../test/kernels/wasm/flush.ts'
import { placedKernels, placings, tryPlaced } from '../../../test/kernels/wasm/overrun.ts'

/** An outcome, and of what. */
export interface Tried extends Outcome {
  readonly name: string
}

const randoms = randomPlans(10, 0)

export const kernelIds = boundKernels.map(({ id }) => id)
export const placedIds = placedKernels.map(({ id }) => id)

export function backend(): string {
  return info().backend
}

/** Clause by clause of the contract. */
export function tryContract(id: string): Tried[] {
  const kernel = boundKernels.find((candidate) => candidate.id === id)!
  return contractOf(kernel, randoms).map(({ name, outcome }) => ({ name, ...outcome() }))
}

/** Amid canaries, with and without indices. */
export function tryAmidCanaries(id: string): Tried[] {
  const kernel = placedKernels.find((candidate) => candidate.id === id)!
  return placings(kernel).map((withIndices) => ({
    name: `with indices: ${withIndices}`,
    ...tryPlaced(kernel, withIndices),
  }))
}

/** Flush with the end of memory. */
export function tryAtTheEnd(inputLast: boolean): Tried[] {
  return [{ name: inputLast ? 'input last' : 'output last', ...tryFlush(inputLast) }]
}

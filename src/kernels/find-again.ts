/**
 * @file The gradient of max and min in two jobs: finds the elements again, then adds by index.
 */
import { inPlane } from '../plan/pool-plan.ts'
import { allocateArray, temporary } from '../tensor/allocate.ts'
import type { ArrayClass } from '../tensor/dtype.ts'
import type { ExtremumAgain, ExtremumBackward, ExtremumForward, IndexArray } from './job.ts'

/**
 * @param find  runs the forward job
 * @param send  runs the backward job
 */
export function findAgain(
  { x, ...job }: ExtremumAgain,
  find: (job: ExtremumForward) => void,
  send: (job: ExtremumBackward) => void,
): void {
  const { reducer, plan, dy } = job
  const op = `${reducer} pooling`
  const positions = inPlane(plan) < 2 ** 31 ? Int32Array : Float64Array
  const y = allocateArray(op, dy.constructor as ArrayClass, dy.length, temporary)
  const indices: IndexArray = allocateArray<IndexArray>(op, positions, dy.length, temporary)
  const { dy: _, dx: __, ...task } = job
  find({ ...task, pass: 'forward', x, y, indices })
  send({ ...job, indices })
}

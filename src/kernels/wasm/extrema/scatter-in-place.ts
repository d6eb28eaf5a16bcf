/**
 * @file The gradients of max and min without copies: each `dy` is added at its index in the caller's array.
 */
import { inPlane, outPlane } from '../../../plan/pool-plan.ts'
import type { ExtremumBackward } from '../../job.ts'
import type { JobStrategy } from '../strategy.ts'
import { isHuge } from '../tiles/lowered-plan.ts'
import type { WasmInstance } from '../wasm-instance.ts'

/** Inputs for an output from which copies of the inputs cost more than the loops. */
const manyInputs = 32

/** True for few outputs, if neither the memory of the instance nor threads hold the gradients. */
export function areFew({ dy, dx }: ExtremumBackward, { memory, executor }: WasmInstance): boolean {
  return dy.length * manyInputs <= dx.length && dx.buffer !== memory.buffer && executor === null
}

export const scatterFew: JobStrategy<ExtremumBackward> = {
  name: 'scatterInPlace',
  fits: ({ half }) => half === undefined,
  pays: areFew,
  run: scatterInPlace,
}

/** For planes of any size. */
export const scatterHuge: JobStrategy<ExtremumBackward> = {
  ...scatterFew,
  pays: ({ plan, dtype, dx }, { memory }) => isHuge(plan, dtype) && dx.buffer !== memory.buffer,
}

function scatterInPlace(job: ExtremumBackward): void {
  const dx = job.dx as Float32Array
  dx.fill(0)
  eachPlane(job, sendFloats)
}

/**
 * Sends bits of halves, each to an element of its own.
 *
 * @param infinity  its bits
 * @param quiet     the bit that makes a NaN quiet
 * @returns false if two met, and then `dx` is wrong
 */
export function scatterBitsInPlace(job: ExtremumBackward, infinity: number, quiet: number): boolean {
  const dx = job.dx as Uint16Array
  dx.fill(0)
  return eachPlane(job, (dy, indices, plane, inner) => {
    let met = 0
    for (let i = 0, c = 0; i < dy.length; i++) {
      const index = indices[i]!
      const bits = dy[i]!
      const magnitude = bits & 0x7fff
      if (index >= 0 && magnitude > 0) {
        const at = index * inner + c
        met |= plane[at]!
        plane[at] = magnitude > infinity ? bits | quiet : bits
      }
      c = c + 1 === inner ? 0 : c + 1
    }
    return met === 0
  })
}

type Send = (dy: Float32Array, indices: Int32Array, dx: Float32Array, inner: number) => boolean

/** Sends the gradients of each plane until one fails. */
function eachPlane({ plan, dy, dx, indices }: ExtremumBackward, send: Send): boolean {
  const { outer, inner } = plan
  const [inSize, outSize] = [inPlane(plan) * inner, outPlane(plan) * inner]
  for (let o = 0; o < outer; o++) {
    const [from, to] = [o * outSize, o * inSize]
    const wasSent = send(
      dy.subarray(from, from + outSize) as Float32Array,
      indices.subarray(from, from + outSize) as Int32Array,
      dx.subarray(to, to + inSize) as Float32Array,
      inner,
    )
    if (!wasSent) return false
  }
  return true
}

function sendFloats(dy: Float32Array, indices: Int32Array, dx: Float32Array, inner: number): boolean {
  for (let i = 0, c = 0; i < dy.length; i++) {
    const index = indices[i]!
    if (index >= 0) dx[index * inner + c]! += dy[i]!
    c = c + 1 === inner ? 0 : c + 1
  }
  return true
}

/**
 * @file Marks the elements of an array that are not one value, and finds those that are, in vectors.
 */
import type { DType, Scalar, TypedArray } from '../../../tensor/dtype.ts'
import { writeBlock } from '../block.ts'
import { computeType } from '../element-type.ts'
import { type ArrayClass, type WasmInstance, wasmInstanceOf } from '../wasm-instance.ts'

/** Elements that are copied to scratch at once: they stay in the cache. */
const part = 32768

/** As `markOthers`. Returns false, having written nothing, if there is no WebAssembly with SIMD here. */
export function markInVectors(values: TypedArray, dtype: DType, value: Scalar, marks: Uint8Array): boolean {
  const instance = wasmInstanceOf('simd')
  const parts = 'reason' in instance ? null : partsOf(instance, values, dtype, value)
  if ('reason' in instance || parts === null) return false
  const marked = instance.view(Uint8Array, parts.marks, parts.size)
  parts.each((at, count) => {
    marks.set(count === parts.size ? marked : marked.subarray(0, count), at)
  })
  return true
}

/**
 * The positions of the elements that are `value`, in order; null if there are more than `most`, or if there is no WebAssembly with
 * SIMD here.
 */
export function findInVectors(
  values: TypedArray,
  dtype: DType,
  value: Scalar,
  most: number,
): readonly number[] | null {
  const instance = wasmInstanceOf('simd')
  const parts = 'reason' in instance ? null : partsOf(instance, values, dtype, value)
  if ('reason' in instance || parts === null) return null
  const [find, positions] = [instance.kernel('positionsBelow'), instance.alloc(4 * parts.size)]
  const found: number[] = []
  parts.each((at, count) => {
    if (found.length > most) return
    const number = find(parts.marks, count, 1, at, positions)
    if (number > 0) found.push(...instance.view(Int32Array, positions, Math.min(number, most + 1)))
  })
  return found.length > most ? null : found
}

interface Parts {
  /** Elements of a part. */
  readonly size: number
  /** The address of the marks of a part. */
  readonly marks: number
  /** Marks one part after another: `count` elements from element `at` on. */
  each(visit: (at: number, count: number) => void): void
}

/** Null for a dtype that vectors do not compare. */
function partsOf(instance: WasmInstance, values: TypedArray, dtype: DType, value: Scalar): Parts | null {
  const kind = computeType[dtype]
  if (kind === undefined) return null
  const { array, bytes, name } = kind
  instance.release()
  const run = instance.kernel(`mark${name}`)
  const size = Math.min(part, values.length)
  const [src, dst, unwanted] = [size * bytes, size, bytes].map((length) => instance.alloc(length)) as [
    number,
    number,
    number,
  ]
  instance.view(array, unwanted, 1).fill(value as number)
  const blocks = [size, values.length % part].map((count) => writeBlock(instance, [count, unwanted]))
  return {
    size,
    marks: dst,
    each(visit) {
      const inside = instance.view(array as ArrayClass<Float32Array>, src, size)
      for (let at = 0; at < values.length; at += part) {
        const count = Math.min(part, values.length - at)
        inside.set(values.subarray(at, at + count) as Float32Array)
        run(blocks[count === size ? 0 : 1]!(src, dst))
        visit(at, count)
      }
    },
  }
}

/**
 * @file Marks the elements of an array that are not one value, in vectors.
 */
import type { DType, Scalar, TypedArray } from '../../tensor/dtype.ts'
import { writeBlock } from './block.ts'
import { computeType } from './element-type.ts'
import { type ArrayClass, wasmInstanceOf } from './wasm-instance.ts'

/** Elements that are copied to scratch at once: they stay in the cache. */
const part = 32768

/** As `markOthers`. Returns false, having written nothing, if there is no WebAssembly with SIMD here. */
export function markInVectors(values: TypedArray, dtype: DType, value: Scalar, marks: Uint8Array): boolean {
  const instance = wasmInstanceOf('simd')
  const kind = computeType[dtype]
  if ('reason' in instance || kind === undefined) return false
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
  const inside = instance.view(array as ArrayClass<Float32Array>, src, size)
  const marked = instance.view(Uint8Array, dst, size)
  for (let at = 0; at < values.length; at += part) {
    const count = Math.min(part, values.length - at)
    inside.set(values.subarray(at, at + count) as Float32Array)
    run(blocks[count === size ? 0 : 1]!(src, dst))
    marks.set(count === size ? marked : marked.subarray(0, count), at)
  }
  return true
}

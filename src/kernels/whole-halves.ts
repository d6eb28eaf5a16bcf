/**
 * @file Whole arrays of half precision to float32 and back: in vectors, piece by piece through scratch, where there are any.
 */
import { allocateArray, temporary } from '../tensor/allocate.ts'
import type { Scalar } from '../tensor/dtype.ts'
import { type HalfType, narrow, widen } from '../tensor/half.ts'
import { isHalf, storageOf } from '../tensor/storage.ts'
import type { Tensor } from '../tensor/tensor.ts'
import { f32 } from './wasm/element-type.ts'
import { halfNames, slack } from './wasm/tiles/conversion.ts'
import { type WasmInstance, wasmInstanceOf } from './wasm/wasm-instance.ts'

/** Elements of a piece, which stays in the cache, and those of an array from which vectors pay. */
const [piece, least] = [8192, 1024]

export function widenWhole(bits: Uint16Array, half: HalfType): Float32Array {
  const instance = vectorsFor(bits)
  if (instance === null) return widen(bits, half)
  const values = allocateArray(half, Float32Array, bits.length, temporary)
  const [src, dst] = scratch(instance)
  const run = instance.kernel(`widen${halfNames[half]}`)
  for (let at = 0; at < bits.length; at += piece) {
    const size = Math.min(piece, bits.length - at)
    instance.view(Uint16Array, src, size).set(bits.subarray(at, at + size))
    run(src, dst, size)
    values.set(instance.view(Float32Array, dst, size), at)
  }
  return values
}

/** As `valuesOf`, in vectors. */
export function numbersOf({ data, dtype }: Pick<Tensor, 'data' | 'dtype'>): ArrayLike<Scalar> {
  return isHalf(dtype) ? widenWhole(storageOf(data) as Uint16Array, dtype) : data
}

export function narrowWhole(values: Float32Array, half: HalfType, bits: Uint16Array): void {
  const instance = vectorsFor(bits)
  if (instance === null) {
    narrow(values, half, bits)
    return
  }
  const [src, dst] = scratch(instance)
  const run = instance.kernel(`narrow${halfNames[half]}`)
  for (let at = 0; at < bits.length; at += piece) {
    const size = Math.min(piece, bits.length - at)
    instance.view(Float32Array, src, size).set(values.subarray(at, at + size))
    run(src, dst, size)
    bits.set(instance.view(Uint16Array, dst, size), at)
  }
}

function vectorsFor({ length }: Uint16Array): WasmInstance | null {
  if (length < least) return null
  const instance = wasmInstanceOf('simd')
  return 'reason' in instance ? null : instance
}

function scratch(instance: WasmInstance): readonly [src: number, dst: number] {
  instance.release()
  return [instance.alloc(piece * f32.bytes + slack), instance.alloc(piece * f32.bytes + slack)]
}

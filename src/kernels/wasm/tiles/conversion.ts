/**
 * @file Conversions between the elements of a job's arrays and those of the kernels, where the module has them. Other
 * conversions are left to `TypedArray.set`.
 */
import type { TypedArray } from '../../../tensor/dtype.ts'
import type { HalfType } from '../../../tensor/half.ts'
import { type ElementType, f32, f64, u16 } from '../element-type.ts'
import type { WasmInstance } from '../wasm-instance.ts'

export type Cell = Pick<ElementType, 'array' | 'bytes'>

/** Converts `size` elements at one address to another. */
type Convert = (src: number, dst: number, size: number) => void

export interface Conversion {
  /** The staging of elements before or after conversion. */
  readonly staged: Cell
  readonly load: Convert
  readonly store: Convert
}

export const halfNames = { float16: 'F16', bfloat16: 'BF16' } as const

/** The conversion of `size` elements of an array to those of `cell`; null if `set` converts. */
export function conversionOf(
  instance: WasmInstance,
  data: TypedArray,
  cell: Cell,
  size: number,
  half: HalfType | undefined,
): Conversion | null {
  if (half !== undefined && data instanceof Uint16Array)
    return cell.array === u16.array ? null : halfConversion(instance, half, cell, size)
  if (!instance.isSimd || cell.array !== f64.array || !(data instanceof Float32Array)) return null
  return { staged: f32, load: instance.kernel('promote'), store: instance.kernel('demote') }
}

function halfConversion(instance: WasmInstance, half: HalfType, { array }: Cell, size: number): Conversion {
  const [widen, narrow] = [
    instance.kernel(`widen${halfNames[half]}`),
    instance.kernel(`narrow${halfNames[half]}`),
  ]
  if (array === f32.array) return { staged: u16, load: widen, store: narrow }
  const single = instance.alloc(size * f32.bytes + slack)
  const [promote, demote] = [instance.kernel('promote'), instance.kernel('demote')]
  return {
    staged: u16,
    load(src, dst) {
      widen(src, single, size)
      promote(single, dst, size)
    },
    store(src, dst) {
      demote(src, single, size)
      narrow(single, dst, size)
    },
  }
}

/** Bytes that conversions may write past the end of an array: they round up to whole vectors. */
export const slack = 64

/**
 * @file What windows that are folded down and then across compute, see down-across.ts.
 */
import type { Rounding } from '../../../reducers/rounding.ts'
import type { WholeDivision } from '../averages/whole-division.ts'
import type { ElementType } from '../element-type.ts'
import type { WasmInstance } from '../wasm-instance.ts'

/** The division of outputs `[from, to)` of a row; null for maxima. */
export interface Part {
  readonly from: number
  readonly to: number
  readonly divisor: number
  readonly division: WholeDivision | null
}

/** For norms and their gradients. */
export interface NormSums {
  /** The power of the elements, or 0 for plain sums. */
  readonly power: number
  /** The size of a full window, or 0 to leave sums as they are. */
  readonly fullWindow: number
  /** For gradients: the elements of the inputs, and the p of the norm; else null. */
  readonly slope: { readonly kind: ElementType; readonly p: number } | null
  /** For gradients: true to store the shares of the third operand, the gradients of norms, in elements of `folds` instead of norms. */
  readonly sends: boolean
}

export interface DownAcross {
  readonly instance: WasmInstance
  readonly kernel: string
  /** The element types of the arrays and of the folds. */
  readonly kind: ElementType
  readonly folds: ElementType
  readonly orderMask: number
  /** The neutral element, as it lies in the row of folds. */
  readonly neutral: number
  /** True for maxima, which are joined in any order. */
  readonly isMax?: boolean
  /** For sums of integers, whose neighbouring rows share the rows that both read. */
  readonly slides: boolean
  readonly norm?: NormSums
  /** For means with a divisor of its own for each output. */
  readonly each?: { readonly divisorBytes: 1 | 4; readonly isShort: boolean; readonly isFew: boolean }
  /** For means with such divisors, and for those of 32-bit integers. */
  readonly rounding?: Rounding
  /** True if sums are stored as they are, in elements of `folds`. */
  readonly isRaw?: boolean
  /** True if the elements are sums already, of the type of `folds`. */
  readonly isFolded?: boolean
  /** The parts of a row of outputs. The rows with one divisor share them. */
  readonly partsOf: (rowDivisor: number) => readonly Part[]
}

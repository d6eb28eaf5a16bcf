/**
 * @file Types of the attributes that several operators share.
 */
import type { Ints } from './attributes.ts'

/** Window attributes of the operators with a sliding window. */
export interface WindowAttributes {
  /** The window along each spatial axis. */
  readonly kernel_shape: Ints
  /** Default: 1 along each axis. */
  readonly strides?: Ints | undefined
  /** All begins, then all ends; default 0. May be as large as the window or larger. Not allowed together with auto_pad. */
  readonly pads?: Ints | undefined
  /** SAME_* pads to ceil(input / stride) outputs, the odd element at the end (UPPER) or the beginning (LOWER). Default: NOTSET. */
  readonly auto_pad?: 'NOTSET' | 'SAME_UPPER' | 'SAME_LOWER' | 'VALID' | undefined
}

/** Rounding of the output size: MaxPool and AveragePool from opset 10 on, LpPool from 18 on. */
export interface CeilAttributes {
  /** 1 rounds the output size up, as long as the last window starts inside the input or the pads before it. Default: 0. */
  readonly ceil_mode?: number | bigint | undefined
}

/** Dilations and rounding of the output size, which later opsets added. */
export interface DilationAttributes extends CeilAttributes {
  /** Distance between the window's elements. Default: 1 along each axis. */
  readonly dilations?: Ints | undefined
}

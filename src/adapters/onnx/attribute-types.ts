/**
 * @file The attributes that several operators share, as callers write them.
 */
import type { Ints } from './attributes.ts'

export interface WindowAttributes {
  /** The window along each spatial axis. */
  readonly kernel_shape: Ints
  /** Default: 1 along each axis. */
  readonly strides?: Ints
  /** All begins, then all ends; default 0. As wide as the window and wider is allowed. Not beside auto_pad. */
  readonly pads?: Ints
  /** SAME_* pads to ceil(input / stride) outputs, the odd element at the end (UPPER) or the beginning (LOWER). Default: NOTSET. */
  readonly auto_pad?: 'NOTSET' | 'SAME_UPPER' | 'SAME_LOWER' | 'VALID'
}

export interface CeilAttributes {
  /** 1 rounds the output size up, as long as the last window starts inside the input or the pads before it. Default: 0. */
  readonly ceil_mode?: number | bigint
}

export interface DilationAttributes extends CeilAttributes {
  /** Distance between the window's elements. Default: 1 along each axis. */
  readonly dilations?: Ints
}

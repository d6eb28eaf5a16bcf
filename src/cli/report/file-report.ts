/**
 * @file The result of one input: the record that --json prints, and the source of the printed lines.
 */
import type { DeclaredDType, DType } from '../../tensor/dtype.ts'
import { dtypes } from '../../tensor/dtype.ts'
import { sizeOf } from '../../tensor/shape.ts'
import { isHalf } from '../../tensor/storage.ts'
import type { FailureCode } from '../exit.ts'
import type { ImagePooling } from '../image-pooling.ts'

/** The pooling of one array; `name` in an archive, else null. */
export interface PlannedArray {
  readonly name: string | null
  readonly dtype: DeclaredDType
  readonly pooling: ImagePooling
}

/** Approximate peak of bytes in memory. */
export interface Memory {
  readonly input: number
  readonly working: number
  readonly output: number
}

interface ArrayReport {
  /** Within an archive, else null. */
  readonly name: string | null
  readonly dtype: DeclaredDType
  readonly inputShape: readonly number[]
  readonly outputShape: readonly number[]
  /** The library's function and its options. */
  readonly operation: string
  readonly options: Readonly<Record<string, unknown>>
}

/** The fields of version 1. Renaming or removing one needs a new version. */
export interface FileReport {
  readonly input: string
  readonly status: 'written' | 'planned' | 'failed'
  readonly output: string | null
  readonly format: string | null
  readonly indices: string | null
  readonly counts: string | null
  readonly arrays: readonly ArrayReport[]
  readonly memory: Memory | null
  readonly notes: readonly string[]
  readonly error: { readonly code: FailureCode; readonly message: string } | null
}

export const reportVersion = 1

/** The fields that follow from the plans alone, and from the number of sides. */
export function describePlans(planned: readonly PlannedArray[], sides: number) {
  return {
    arrays: planned.map(({ name, dtype, pooling }) => ({
      name,
      dtype,
      inputShape: pooling.shape,
      outputShape: pooling.outputShape,
      operation: pooling.op,
      options: {
        ...pooling.options,
        ...(pooling.rounded && { rounding: pooling.rounded }),
        ...pooling.colours,
      },
    })),
    memory: memoryOf(planned, sides),
  }
}

function storedAs(dtype: DeclaredDType): DType {
  return dtype === 'bool' ? 'uint8' : dtype
}

function memoryOf(planned: readonly PlannedArray[], sides: number): Memory {
  const memory = { input: 0, working: 0, output: 0 }
  for (const { dtype, pooling } of planned) {
    const itemSize = dtypes[storedAs(dtype)].storage.prototype.BYTES_PER_ELEMENT
    const [inSize, outSize] = [sizeOf(pooling.shape), sizeOf(pooling.outputShape)]
    memory.input += inSize * itemSize
    memory.output += outSize * (itemSize + 8 * sides)
    memory.working += (inSize + outSize) * copySize(dtype, pooling) + 4 * outSize * sides
  }
  return memory
}

/** Half precision, and pixels under Lp pooling, weighted or as light, are pooled as wider floats. */
function copySize(dtype: DeclaredDType, { rounded, colours }: ImagePooling): number {
  if (isHalf(storedAs(dtype)) || (colours !== undefined && dtype === 'uint8')) return 4
  if (colours !== undefined) return Float64Array.BYTES_PER_ELEMENT
  return rounded === undefined ? 0 : Float64Array.BYTES_PER_ELEMENT
}

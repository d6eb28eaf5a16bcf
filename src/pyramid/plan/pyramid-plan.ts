/**
 * @file A plan of a pyramid: plain data that says all that a run does, so that any machine may run any part of it.
 */
import type { DownsampleMethod, EdgeRule } from '../downsample/options.ts'
import type { Axis } from '../ome/multiscales.ts'
import type { ElementType } from '../zarr/array-metadata.ts'
import type { CodecSpec } from '../zarr/codecs.ts'

/** The forms in which a pyramid is written. */
export const pyramidFormats = ['ome0.5', 'ome0.4', 'zarr3', 'zarr2'] as const

/** The name of a form. */
export type PyramidFormat = (typeof pyramidFormats)[number]

/** A level: an array of its own. */
export interface PlannedLevel {
  readonly path: string
  readonly shape: readonly number[]
  readonly chunks: readonly number[]
  /** The shape of a shard, where chunks lie in shards. */
  readonly shard?: readonly number[] | undefined
  /** The number of base elements that an element covers, by axis. */
  readonly factors: readonly number[]
  /** The window that leads here from the level before. */
  readonly step: readonly number[]
  readonly scale: readonly number[]
  readonly translation: readonly number[]
}

/** Levels that are made with one read. A task is one box of level `from`; all tasks of a stage are independent. */
export interface PlannedStage {
  readonly from: number
  readonly to: number
  /** The shape of a box, in elements of level `from`. */
  readonly block: readonly number[]
  /** The number of boxes along each axis. */
  readonly counts: readonly number[]
  readonly tasks: number
}

/** Everything that decides values and bytes, and how the work is cut. Plain JSON; 64-bit numbers are texts. */
export interface PyramidPlan {
  readonly version: 1
  /** The version of the program; another one refuses the plan. */
  readonly program: string
  readonly source: {
    readonly location: string
    readonly path: string
    readonly fingerprint: string
    readonly shape: readonly number[]
    readonly type: ElementType
  }
  readonly target: { readonly location: string; readonly path: string; readonly inPlace: boolean }
  readonly format: PyramidFormat
  readonly method: DownsampleMethod
  readonly background?: string | undefined
  readonly nodata?: string | undefined
  /** The channel that is alpha, along the axis c. */
  readonly alpha?: { readonly axis: number; readonly channel: number } | undefined
  readonly edges: EdgeRule
  readonly missing: 'fill' | 'error'
  readonly fill: string
  readonly codecs: readonly CodecSpec[]
  /** Who encodes zstd: bytes are the same where this is. */
  readonly encoder: 'node' | 'numcodecs'
  readonly axes: readonly Axis[]
  readonly levels: readonly PlannedLevel[]
  /** Metadata beside the levels, which are kept. */
  readonly beside: Readonly<Record<string, unknown>>
  readonly name?: string | undefined
  /** Label images of the source, each with a plan of its own at `labels/NAME` of the target. */
  readonly labels?: readonly string[] | undefined
  readonly transforms?: unknown | undefined
  readonly stages: readonly PlannedStage[]
  /** Tasks of all stages. */
  readonly tasks: number
  readonly bytes: {
    /** Elements read and written, before compression. */
    readonly read: number
    readonly written: number
    /** The approximate bytes that one task holds. */
    readonly task: number
  }
  /** Of all that decides values and bytes. */
  readonly hash: string
}

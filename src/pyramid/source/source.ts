/**
 * @file The source of a pyramid: an array that is read box by box, with its description.
 */
import type { Spool } from '../../adapters/image/pages.ts'
import type { Scalar } from '../../tensor/dtype.ts'
import type { Axis, ImageGroup, Placement } from '../ome/multiscales.ts'
import type { ReusedMemory } from '../store/reused-memory.ts'
import type { ElementType } from '../zarr/array-metadata.ts'
import type { Box } from '../zarr/block.ts'
import type { CodecSpec } from '../zarr/codecs.ts'
import type { BoxRead, ZarrArray } from '../zarr/zarr-array.ts'

/** The description of a source, known before anything is decoded. */
export interface SourceInfo {
  readonly location: string
  readonly shape: readonly number[]
  readonly type: ElementType
  /** Of the levels, where none are given. */
  readonly chunks: readonly number[]
  /** The shape that is decoded at once; `chunks` where it is left out. */
  readonly decoded?: readonly number[]
  /** Axes, where they are known. */
  readonly axes?: readonly Axis[]
  readonly placement?: Placement
  /** Labels are ids, images are quantities; undefined where nothing says. */
  readonly role?: 'labels' | 'image'
  readonly fill?: Scalar
  readonly nodata?: Scalar
  /** The channel that is alpha, along the axis c. */
  readonly alpha?: number
  /** Elements are indices of colours. */
  readonly palette?: boolean
  /** Another image in the file says which elements count. */
  readonly masked?: boolean
  /** The compression of chunks; undefined if they are not compressed. */
  readonly codecs?: readonly CodecSpec[]
  readonly zarrFormat?: 2 | 3
  readonly group?: ImageGroup
  /** Changes when the metadata change: the array then is another one. */
  readonly fingerprint: string
}

/** Samples in a file that is open in this process, under the same number for all threads, and the description of their source. */
export interface PreparedFile extends Spool {
  readonly file: number
  readonly info: SourceInfo
  readonly stamp: string
}

/** An opened source. */
export interface Source {
  readonly info: SourceInfo
  /**
   * @param memory  for the elements, where the source can use it
   * @throws PoolError "BAD_FORMAT" naming what is torn or damaged
   */
  read(box: Box, missing: 'fill' | 'error', memory?: ReusedMemory): Promise<BoxRead>
  /** The array in a store, whose chunks may be read one by one. */
  readonly array?: ZarrArray
  /** Changes when one of the objects changes that hold the box's elements, as they were when the source was first read. */
  stampOf(box: Box): Promise<string>
  /** Decodes what is decoded but once, for all threads. */
  prepare?(): Promise<PreparedFile>
  close?(): void
}

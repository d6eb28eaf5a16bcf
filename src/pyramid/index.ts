/**
 * @file pool2d/pyramid: image pyramids, in memory and in stores, in Node. Every value is that of `downsample`, however an array is cut.
 */
export { downsample } from './downsample/downsample.ts'
export {
  type AlphaOption,
  type DownsampleMethod,
  type DownsampleOptions,
  downsampleMethods,
  type EdgeRule,
} from './downsample/options.ts'
export type { Axis } from './ome/multiscales.ts'
export type { FactorOption } from './plan/plan-levels.ts'
export type { PyramidOptions } from './plan/plan-options.ts'
export { planPyramid } from './plan/plan-pyramid.ts'
export type { PlannedLevel, PlannedStage, PyramidFormat, PyramidPlan } from './plan/pyramid-plan.ts'
export {
  finishPyramid,
  type PyramidFault,
  type PyramidStatus,
  pyramidStatus,
  verifyPyramid,
} from './run/finish-pyramid.ts'
export {
  type PlanStores,
  type PyramidProgress,
  type RunOptions,
  runPyramid,
  type Shard,
} from './run/run-pyramid.ts'
export type { StorePath } from './source/open-source.ts'
export { type FileStoreOptions, fileStore } from './store/file-store.ts'
export { memoryStore } from './store/memory-store.ts'
export type { ObjectMemory } from './store/reused-memory.ts'
export { type S3StoreOptions, s3Store } from './store/s3-store.ts'
export type { Store, StoredObject } from './store/store.ts'
export type { ElementType } from './zarr/array-metadata.ts'
export type { CodecSpec } from './zarr/codecs.ts'

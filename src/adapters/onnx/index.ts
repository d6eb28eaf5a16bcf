/**
 * @file pool2d/onnx: all versions of ONNX's pooling operators, with ONNX's names, defaults and rules.
 */
export type { CeilAttributes, DilationAttributes, WindowAttributes } from './attribute-types.ts'
export type { Attributes, Ints } from './attributes.ts'
export { type AveragePoolAttributes, averagePool, globalAveragePool } from './average-pool.ts'
export type { Settings } from './call.ts'
export { type Choices, onnxRuntimeChoices } from './choices.ts'
export { globalLpPool, type LpPoolAttributes, lpPool, type NormAttributes } from './lp-pool.ts'
export {
  globalMaxPool,
  type MaxPoolAttributes,
  type MaxPoolOutputs,
  type MaxPoolSettings,
  maxPool,
} from './max-pool.ts'
export { type MaxRoiPoolAttributes, maxRoiPool } from './max-roi-pool.ts'
export { type MaxUnpoolAttributes, type MaxUnpoolInputs, maxUnpool } from './max-unpool.ts'
export { listPoolings, type PoolingNode } from './model/list-poolings.ts'
export { type Dimension, type OnnxModel, parseModel, type ValueInfo } from './model/parse-model.ts'
export type { Cost, Dimensions } from './model/pooled-shape.ts'
export { runModel } from './model/run-model.ts'
export { parseTensor } from './model/tensor-proto.ts'
export type { OperatorName } from './operators.ts'
export { type RoiAlignAttributes, roiAlign } from './roi-align.ts'
export { type OnnxNode, runNode } from './run-node.ts'
